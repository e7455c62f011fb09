"""Facts about targets: items of a work list, and the yearly exit target. Stream ``target-<uuid>``.

An item has quantity, deadline and named owners (source facts §5 rule 55, M189). What was done towards an exit target is
never reported: it follows from the registry's facts (M006).
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.quantities import Amount, Quantity


class TargetKind(StrEnum):
    """``reported``: people report what was done. ``exit``: households and persons exited, from the registry's facts."""

    REPORTED = "reported"
    EXIT = "exit"


class Direction(StrEnum):
    """Said of every quantity (source facts §5 rule 65): a floor (≥85 % trained), or a ceiling (≤2 % dropped out)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Owner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Who answers for an item: a post or an account. ``owner_note`` says why a label is incomplete (C25)."""

    label: str
    owner_note: str | None = None


class TargetLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One quantity at one place; lines of an item are never added up across units (C24). Numbered from 1."""

    line: int
    quantity: Quantity
    place: str
    direction: Direction


class RateOf(StrEnum):
    """What "so many per cent a year" is a share of (source facts §5 rule 56). ``ORIGINAL``: of the number at the start, the rest in
    the last year; ``REST``: of what is left each year, all of it in the last; ``GROWTH``: on the year before."""

    ORIGINAL = "original"
    REST = "rest"
    GROWTH = "growth"


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A yearly rate of a line with its base, in the line's unit, at the end of ``base_year``. ``rate``: per cent a year."""

    line: int
    base: Amount
    base_year: int
    rate: Amount
    rate_of: RateOf


class TargetFact(Fact, frozen=True, kw_only=True):
    """A fact of one target."""

    target_id: UUID


@published("TargetSet")
class TargetSet(TargetFact, frozen=True, kw_only=True):
    """An item stands on a work list (M189) or an exit target is set for the year (M006), from the day of adoption.

    ``already_done``: other targets of the division under which the same content, place and unit is done already, a
    warning to the reader (source facts §5 rule 57).
    """

    division: str
    year: int
    work_list: str
    item: str
    content: str
    content_en: str | None = None
    kind: TargetKind
    lines: tuple[TargetLine, ...]
    deadline: date
    owners: tuple[Owner, ...]
    already_done: tuple[UUID, ...] = ()


@published("TargetSet", 2)
class TargetSetOnBasis(TargetSet, frozen=True, kw_only=True):
    """As the first version, and the yearly rates of its lines, each with its base."""

    bases: tuple[Basis, ...] = ()


class YearAmount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What of a line is to be reached by the end of a year, in all and in the line's unit."""

    line: int
    year: int
    amount: Amount


@published("TargetSet", 3)
class TargetSetInCascade(TargetSetOnBasis, frozen=True, kw_only=True):
    """As the second version. ``part_of``: the target of a place above of which this is a part, line by line; ``yearly``: what is to be
    reached by the end of each year, where no rate says it."""

    part_of: UUID | None = None
    yearly: tuple[YearAmount, ...] = ()


@published("TargetWorkNamed")
class TargetWorkNamed(TargetFact, frozen=True, kw_only=True):
    """A component of a project does a line: what is done of the line is from now on what was accepted of its works."""

    line: int
    project_id: UUID
    component: int


@published("TargetWorkRemoved")
class TargetWorkRemoved(TargetFact, frozen=True, kw_only=True):
    """This component does not do the line."""

    line: int
    project_id: UUID
    component: int
    reason: str


@published("ProgressReported")
class ProgressReported(TargetFact, frozen=True, kw_only=True):
    """So much of a line is done in all. ``correction``: why former reports were wrong; they are in ``annuls``."""

    line: int
    quantity: Quantity
    correction: str | None = None


@published("MilestonePlanned")
class MilestonePlanned(TargetFact, frozen=True, kw_only=True):
    """A node on the roadmap (M008), numbered from 1."""

    milestone: int
    content: str
    due_on: date


@published("MilestoneReached")
class MilestoneReached(TargetFact, frozen=True, kw_only=True):
    """The node is reached, and the evidence shows it."""

    milestone: int


@published("TargetStruckOff")
class TargetStruckOff(TargetFact, frozen=True, kw_only=True):
    """动态销号: every milestone is reached and every quantity met; never a free status edit (§5 rule 5)."""


class Shortfall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What a line lacks."""

    line: int
    missing: Quantity


@published("TargetOverdue")
class TargetOverdue(TargetFact, frozen=True, kw_only=True):
    """The deadline is over and something is missing; effective the day after it. ``decided_from`` names what was known."""

    missing: tuple[Shortfall, ...]


@published("AccountabilityRaised")
class AccountabilityRaised(TargetFact, frozen=True, kw_only=True):
    """An owner is held to account for an item that was overdue (迟滞问责; source facts §5 rule 55)."""

    owner: str
    measure: str


@published("TargetWithdrawn")
class TargetWithdrawn(TargetFact, frozen=True, kw_only=True):
    """The target no longer stands; its item may be set anew."""

    reason: str
