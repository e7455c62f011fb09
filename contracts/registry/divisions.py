"""Administrative divisions (GB/T 2260: 6 digits county, 9 township, 12 village), dated."""

from enum import StrEnum

from contracts.facts import Fact, published


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    def is_at_least(self, other: "Level") -> bool:
        """Whether it is the other level, or one above it."""
        return DIGITS[self] <= DIGITS[other]


DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


@published("DivisionDeclared")
class DivisionDeclared(Fact, frozen=True, kw_only=True):
    """A division exists under this code and name from ``effective_on``. ``aliases``: spellings met in papers."""

    code: str
    level: Level
    name: str
    aliases: tuple[str, ...] = ()


@published("PoorVillageDesignated")
class PoorVillageDesignated(Fact, frozen=True, kw_only=True):
    """The village stands on the list of poor villages (M001, M015)."""

    code: str
    grade: str
