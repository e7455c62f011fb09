"""Commands about a pupil's aid. ``on``: the day it took place; ``by``: who enters it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.facts import Decision, Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    person_id: UUID
    on: date
    by: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Command):
    """``other_grants``: yuan per year from other public grants for the same stage."""

    other_grants: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase(Command):
    """A command about the pupil's application ``number``."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAppraisal(OnCase):
    entitled: int
    present: int
    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNotice(OnCase):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseObjection(OnCase):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveObjection(OnCase):
    objection_no: int
    upheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveReview(OnCase):
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(OnCase):
    """``decision`` is dated ``on``."""

    approved: bool
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(OnCase):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseNotice(OnCase):
    """Issued by the timer: ``on`` is the first day after the notice."""

    caused_by: str | None = None
