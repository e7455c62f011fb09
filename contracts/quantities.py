"""Amounts. Money is exact, every quantity names its unit, households and persons are always two figures."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

import msgspec


def scaled(places: int) -> msgspec.Meta:
    """Marks a decimal as stored with exactly ``places`` digits after the point."""
    return msgspec.Meta(extra={"scale": places})


Yuan = Annotated[Decimal, scaled(2)]
"""Renminbi yuan, two decimals."""

Amount = Annotated[Decimal, scaled(3)]
"""A measured amount, three decimals; meaningless without its unit."""


class Unit(StrEnum):
    """Units of the field. 人次 and 人, 户次 and 户 differ and are never added (M-unit traps, source facts §9)."""

    HOUSEHOLD = "household"
    PERSON = "person"
    HOUSEHOLD_VISIT = "household_visit"
    ATTENDANCE = "attendance"
    VILLAGE = "village"
    VILLAGE_GROUP = "village_group"
    BUILDING = "building"
    SET = "set"
    SCHOOL = "school"
    SITE = "site"
    PIT = "pit"
    TREE = "tree"
    COURSE = "course"
    KILOMETRE = "km"
    METRE = "m"
    TONNE = "t"
    MU = "mu"
    JIN = "jin"
    SQUARE_METRE = "m2"
    YUAN = "yuan"
    PERCENT = "percent"


MEASURED_UNITS = frozenset(
    {Unit.KILOMETRE, Unit.METRE, Unit.TONNE, Unit.MU, Unit.JIN, Unit.SQUARE_METRE, Unit.YUAN, Unit.PERCENT}
)
"""Units that have fractions; all others are counted."""


class Quantity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An amount and its unit."""

    amount: Amount
    unit: Unit


@dataclass(frozen=True, slots=True)
class Figures:
    """Households and persons, always together; neither is ever derived from the other (source facts §5 rule 9)."""

    households: int = 0
    persons: int = 0

    def __add__(self, other: Self) -> "Figures":
        return Figures(self.households + other.households, self.persons + other.persons)

    def __sub__(self, other: Self) -> "Figures":
        return Figures(self.households - other.households, self.persons - other.persons)

    def __neg__(self) -> "Figures":
        return Figures(-self.households, -self.persons)
