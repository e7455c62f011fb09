"""The divisions of a simulated province, as many as its households need.

Codes begin with 99, a province that GB/T 2260 does not have (as in the sample township, whose county 990001 is none of
these), so that no division and no citizen's number of the simulation can be anybody's.
"""

from dataclasses import dataclass, field
from datetime import date

from contracts.registry.divisions import DIGITS, DivisionDeclared, Level, PoorVillageDesignated
from services.casework.procedures.competent_office import CompetentOffice

PROVINCE = "99"
HOUSEHOLDS_PER_VILLAGE = 40
VILLAGES_PER_TOWNSHIP = 12
TOWNSHIPS_PER_COUNTY = 14
COUNTIES_PER_CITY = 30
HOUSEHOLDS_PER_COUNTY = HOUSEHOLDS_PER_VILLAGE * VILLAGES_PER_TOWNSHIP * TOWNSHIPS_PER_COUNTY
NAME_BEGINNINGS, NAME_ENDINGS = "青石清东南西北上下大小新高平长龙凤桂", "山水河坪岭湾桥溪塘岗坡源泉林田井"
OPERATOR = "operator-1"


@dataclass(frozen=True, slots=True)
class Division:
    """A division of any level. ``index`` counts the divisions of its level in the province from 0."""

    code: str
    level: Level
    name: str
    index: int
    poor: bool = False
    accounts: dict[CompetentOffice, str] = field(default_factory=dict, compare=False, repr=False)

    def account(self, office: CompetentOffice) -> str:
        """The account that holds an office for this village: the same for every case, another for every office."""
        account = self.accounts.get(office)
        if account is None:
            account = self.accounts[office] = f"{office.role}-{self.code[: DIGITS[office.level]]}"
        return account

    def deputy(self, office: CompetentOffice) -> str:
        """A second account of the office, for what the first may not do to its own entries."""
        return f"{self.account(office)}-2"

    @property
    def township(self) -> str:
        return self.code[:9]

    @property
    def county(self) -> str:
        return self.code[:6]


class Province:
    """Villages of forty households each, and the divisions above them."""

    def __init__(self, households: int) -> None:
        villages = -(-households // HOUSEHOLDS_PER_VILLAGE)
        townships = -(-villages // VILLAGES_PER_TOWNSHIP)
        counties = -(-townships // TOWNSHIPS_PER_COUNTY)
        self.villages = [
            Division(village_code(n), Level.VILLAGE, f"{_name(n)}村", n, poor=n % 4 == 0) for n in range(villages)
        ]
        self.townships = [Division(township_code(n), Level.TOWNSHIP, f"{_name(n)}乡", n) for n in range(townships)]
        self.counties = [Division(county_code(n), Level.COUNTY, f"样例{n + 1}县", n) for n in range(counties)]
        cities = -(-counties // COUNTIES_PER_CITY)
        self.cities = [Division(f"{PROVINCE}{n + 1:02}", Level.CITY, f"样例{n + 1}市", n) for n in range(cities)]
        self.province = Division(PROVINCE, Level.PROVINCE, "样例省", 0)

    def village_of(self, household_index: int) -> Division:
        """The village of a household of the first round."""
        return self.villages[household_index // HOUSEHOLDS_PER_VILLAGE]

    def neighbour(self, village: Division, step: int) -> Division:
        """Another village of the same township, or the same where it is the only one; ``step`` chooses."""
        first = village.index - village.index % VILLAGES_PER_TOWNSHIP
        count = min(VILLAGES_PER_TOWNSHIP, len(self.villages) - first)
        if count == 1:
            return village
        return self.villages[first + (village.index - first + 1 + step % (count - 1)) % count]

    def villages_of(self, township: Division) -> list[Division]:
        first = township.index * VILLAGES_PER_TOWNSHIP
        return self.villages[first : first + VILLAGES_PER_TOWNSHIP]

    def townships_of(self, county: Division) -> list[Division]:
        first = county.index * TOWNSHIPS_PER_COUNTY
        return self.townships[first : first + TOWNSHIPS_PER_COUNTY]

    def declarations(self, on: date) -> list[tuple[Division, tuple[DivisionDeclared | PoorVillageDesignated, ...]]]:
        """Every division with the facts of its stream, those above first."""
        divisions = [self.province, *self.cities, *self.counties, *self.townships, *self.villages]
        return [(division, _facts(division, on)) for division in divisions]


def county_code(index: int) -> str:
    """Counties have the numbers 21 to 80 in their city."""
    return f"{PROVINCE}{index // COUNTIES_PER_CITY + 1:02}{21 + index % COUNTIES_PER_CITY}"


def township_code(index: int) -> str:
    """Townships lie between 200 and 399."""
    return f"{county_code(index // TOWNSHIPS_PER_COUNTY)}{201 + index % TOWNSHIPS_PER_COUNTY}"


def village_code(index: int) -> str:
    """Village committees lie between 200 and 399."""
    return f"{township_code(index // VILLAGES_PER_TOWNSHIP)}{201 + index % VILLAGES_PER_TOWNSHIP}"


def _name(index: int) -> str:
    return (
        NAME_BEGINNINGS[index % len(NAME_BEGINNINGS)] + NAME_ENDINGS[index // len(NAME_BEGINNINGS) % len(NAME_ENDINGS)]
    )


def _facts(division: Division, on: date) -> tuple[DivisionDeclared | PoorVillageDesignated, ...]:
    declared = DivisionDeclared(
        effective_on=on, entered_by=OPERATOR, code=division.code, level=division.level, name=division.name
    )
    if not division.poor:
        return (declared,)
    designated = PoorVillageDesignated(
        effective_on=on.replace(day=20), entered_by=OPERATOR, code=division.code, grade="贫困村（样例）"
    )
    return declared, designated
