"""A fact type and changed versions of it, for tests of what may be published under the same version."""

from enum import StrEnum

import msgspec

from contracts.facts import Fact
from contracts.personal import Personal
from contracts.quantities import Amount, Yuan


class Grade(StrEnum):
    GOOD = "good"
    POOR = "poor"


class FewerGrades(StrEnum):
    GOOD = "good"


class MoreGrades(StrEnum):
    GOOD = "good"
    POOR = "poor"
    FAIR = "fair"


class Inspected(Fact, frozen=True, kw_only=True):
    """Published first; the classes below are changes of it."""

    grade: Grade
    cost: Yuan
    length: int
    note: Personal[str] | None = None
    times: int = 1


class GainedAnOptionalField(Inspected, frozen=True, kw_only=True):
    remark: str | None = None


class GainedARequiredField(Inspected, frozen=True, kw_only=True):
    remark: str


class LostAField(Fact, frozen=True, kw_only=True):
    grade: Grade
    cost: Yuan
    note: Personal[str] | None = None
    times: int = 1


class ChangedAType(Inspected, frozen=True, kw_only=True):
    length: str  # type: ignore[assignment]


class ChangedAScale(Inspected, frozen=True, kw_only=True):
    cost: Amount


class UnsealedAField(Inspected, frozen=True, kw_only=True):
    note: str | None = None  # type: ignore[assignment]


class AllowedNothing(Inspected, frozen=True, kw_only=True):
    length: int | None  # type: ignore[assignment]


class MadeRequired(Inspected, frozen=True, kw_only=True):
    note: Personal[str] | None


class ChangedADefault(Inspected, frozen=True, kw_only=True):
    times: int = 2


class NarrowedAnEnumeration(Inspected, frozen=True, kw_only=True):
    grade: FewerGrades  # type: ignore[assignment]


class WidenedAnEnumeration(Inspected, frozen=True, kw_only=True):
    grade: MoreGrades  # type: ignore[assignment]


class Reordered(Fact, frozen=True, kw_only=True):
    cost: Yuan
    grade: Grade
    length: int
    note: Personal[str] | None = None
    times: int = 1


class Weighing(Fact, frozen=True, kw_only=True):
    kilograms: float


class Ruler(msgspec.Struct):
    length: int


class Thawed(Fact, frozen=True, kw_only=True):
    ruler: Ruler


class Lenient(Fact, frozen=True, kw_only=True, forbid_unknown_fields=False):
    length: int


class Renamed(Fact, frozen=True, kw_only=True, rename="camel"):
    length_in_metres: int


class Sparse(Fact, frozen=True, kw_only=True, omit_defaults=True):
    length: int
