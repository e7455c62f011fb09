"""The divisions of a simulated province, as many as its households need.

Codes begin with 99, a province that GB/T 2260 does not have (as in the sample township, whose county 990001 is none of
these), so that no division and no citizen's number of the simulation can be anybody's.
"""

from dataclasses import dataclass, field
from datetime import date

from contracts.registry.divisions import DIGITS, DivisionDeclared, Level, PoorVillageDesignated
from services.registry.cases.procedures import Office

PROVINCE = "99"
HOUSEHOLDS_OF_A_VILLAGE = 40
VILLAGES_OF_A_TOWNSHIP = 12
TOWNSHIPS_OF_A_COUNTY = 14
COUNTIES_OF_A_CITY = 30
HOUSEHOLDS_OF_A_COUNTY = HOUSEHOLDS_OF_A_VILLAGE * VILLAGES_OF_A_TOWNSHIP * TOWNSHIPS_OF_A_COUNTY
FIRST, SECOND = "青石清东南西北上下大小新高平长龙凤桂", "山水河坪岭湾桥溪塘岗坡源泉林田井"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Place:
    """A division of any level. ``number`` counts the divisions of its level in the province from 0."""

    code: str
    level: Level
    name: str
    number: int
    poor: bool = False
    accounts: dict[Office, str] = field(default_factory=dict, compare=False, repr=False)

    def account(self, office: Office) -> str:
        """Who holds an office for this village: the same account for every case, another for every office."""
        found = self.accounts.get(office)
        if found is None:
            found = self.accounts[office] = f"{office.role}-{self.code[: DIGITS[office.level]]}"
        return found

    @property
    def township(self) -> str:
        return self.code[:9]

    @property
    def county(self) -> str:
        return self.code[:6]


class Province:
    """Villages of forty households each, and what lies above them."""

    def __init__(self, households: int) -> None:
        villages = -(-households // HOUSEHOLDS_OF_A_VILLAGE)
        townships = -(-villages // VILLAGES_OF_A_TOWNSHIP)
        counties = -(-townships // TOWNSHIPS_OF_A_COUNTY)
        self.villages = [
            Place(village_code(n), Level.VILLAGE, f"{_name(n)}村", n, poor=n % 4 == 0) for n in range(villages)
        ]
        self.townships = [Place(township_code(n), Level.TOWNSHIP, f"{_name(n)}乡", n) for n in range(townships)]
        self.counties = [Place(county_code(n), Level.COUNTY, f"样例{n + 1}县", n) for n in range(counties)]
        cities = -(-counties // COUNTIES_OF_A_CITY)
        self.cities = [Place(f"{PROVINCE}{n + 1:02}", Level.CITY, f"样例{n + 1}市", n) for n in range(cities)]
        self.province = Place(PROVINCE, Level.PROVINCE, "样例省", 0)

    def village_of(self, household: int) -> Place:
        """Where a household of the first round lives."""
        return self.villages[household // HOUSEHOLDS_OF_A_VILLAGE]

    def neighbour(self, village: Place, step: int) -> Place:
        """Another village of the same township, or the same where it is the only one; ``step`` chooses."""
        first = village.number - village.number % VILLAGES_OF_A_TOWNSHIP
        here = min(VILLAGES_OF_A_TOWNSHIP, len(self.villages) - first)
        if here == 1:
            return village
        return self.villages[first + (village.number - first + 1 + step % (here - 1)) % here]

    def villages_of(self, township: Place) -> list[Place]:
        first = township.number * VILLAGES_OF_A_TOWNSHIP
        return self.villages[first : first + VILLAGES_OF_A_TOWNSHIP]

    def declared(self, on: date) -> list[tuple[Place, tuple[DivisionDeclared | PoorVillageDesignated, ...]]]:
        """Every division with the facts of its stream, those above first."""
        places = [self.province, *self.cities, *self.counties, *self.townships, *self.villages]
        return [(place, _facts(place, on)) for place in places]


def county_code(number: int) -> str:
    """Counties have the numbers 21 to 80 in their city."""
    return f"{PROVINCE}{number // COUNTIES_OF_A_CITY + 1:02}{21 + number % COUNTIES_OF_A_CITY}"


def township_code(number: int) -> str:
    """Townships lie between 200 and 399."""
    return f"{county_code(number // TOWNSHIPS_OF_A_COUNTY)}{201 + number % TOWNSHIPS_OF_A_COUNTY}"


def village_code(number: int) -> str:
    """Village committees lie between 200 and 399."""
    return f"{township_code(number // VILLAGES_OF_A_TOWNSHIP)}{201 + number % VILLAGES_OF_A_TOWNSHIP}"


def _name(number: int) -> str:
    return FIRST[number % len(FIRST)] + SECOND[number // len(FIRST) % len(SECOND)]


def _facts(place: Place, on: date) -> tuple[DivisionDeclared | PoorVillageDesignated, ...]:
    declared = DivisionDeclared(
        effective_on=on, entered_by=OPERATOR, code=place.code, level=place.level, name=place.name
    )
    if not place.poor:
        return (declared,)
    listed = PoorVillageDesignated(
        effective_on=on.replace(day=20), entered_by=OPERATOR, code=place.code, grade="贫困村（样例）"
    )
    return declared, listed
