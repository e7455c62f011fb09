"""Facts about corrections (更正) of the register. Stream ``corrections-<household>``, beside the household's own stream: no
fold of a household counts any of them. What a correction changes are the household's own facts, annulled or entered.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Decision, HouseholdFact, Precision, published
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause
from contracts.registry.divisions import Level
from contracts.registry.members import Member, RelationToHead
from contracts.registry.poverty_status import Standard
from contracts.registry.reasons import CancelReason, JoinReason, LeaveReason


class StatusDecision(StrEnum):
    """Decisions that change a poverty status, or end a household."""

    ENROLLED = "enrolled"
    EXITED = "exited"
    RETURNED = "returned"
    REMOVED = "removed"
    ENDED = "ended"


class CorrectDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A decision as it should have been entered, of the household that it was about. ``case_id``: the case in which it was
    decided, which it keeps; none where it was taken over from an older system. ``standard``, ``enjoys_policies``, ``cause``,
    ``removed_for`` and ``ended_for`` belong to one kind each."""

    household_id: UUID
    kind: StatusDecision
    effective_on: date
    precision: Precision = Precision.DAY
    decision: Decision
    case_id: UUID | None = None
    standard: Standard | None = None
    enjoys_policies: bool | None = None
    cause: PovertyCause | None = None
    removed_for: str | None = None
    ended_for: CancelReason | None = None


@published("CorrectionProposed")
class CorrectionProposed(HouseholdFact, frozen=True, kw_only=True):
    """What a correction would change: the application of its case. ``acts``: commands all of whose household facts were wrong;
    ``facts``: ids of single decisions that were, with what they brought about elsewhere; ``decisions``: what should have been
    entered; ``report``: the reported fact that it makes true."""

    case_id: UUID
    acts: tuple[UUID, ...] = ()
    facts: tuple[str, ...] = ()
    decisions: tuple[CorrectDecision, ...] = ()
    report: UUID | None = None


@published("CorrectionMade")
class CorrectionMade(HouseholdFact, frozen=True, kw_only=True):
    """The correction was decided and carried out. ``level``: of the office that decided it; ``annulled`` and ``recorded``: ids
    of the facts that became void, and of those entered, in whatever households."""

    case_id: UUID
    level: Level
    annulled: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


class ReportedFact(HouseholdFact, frozen=True, kw_only=True):
    """Something happened, and a standing decision is against it: reported with its evidence, it counts once a correction has
    made it true. ``answer_by``: last day for the office of that ``level``."""

    report_id: UUID
    level: Level
    answer_by: date


@published("DeathReported")
class DeathReported(ReportedFact, frozen=True, kw_only=True):
    """``successor``: who becomes head where the head died, ``relations`` as in ``HeadSucceeded``."""

    person_id: UUID
    successor: UUID | None = None
    relations: tuple[RelationToHead, ...] = ()


@published("DepartureReported")
class DepartureReported(ReportedFact, frozen=True, kw_only=True):
    """``successor``: who becomes head where the head left, ``relations`` as in ``HeadSucceeded``."""

    person_id: UUID
    reason: LeaveReason
    successor: UUID | None = None
    relations: tuple[RelationToHead, ...] = ()


@published("BirthReported")
class BirthReported(ReportedFact, frozen=True, kw_only=True):
    """Somebody was born into the household, or joined it otherwise (``reason``)."""

    member: Member
    reason: JoinReason


class ReportEnding(HouseholdFact, frozen=True, kw_only=True):
    """A report waits no longer."""

    report_id: UUID


@published("ReportCarriedOut")
class ReportCarriedOut(ReportEnding, frozen=True, kw_only=True):
    """The fact was recorded: by a correction, its ``case_id``, or directly, where nothing was against it any more."""

    case_id: UUID | None = None


@published("ReportWithdrawn")
class ReportWithdrawn(ReportEnding, frozen=True, kw_only=True):
    """Whoever reported it took it back."""


@published("ReportDeclined")
class ReportDeclined(ReportEnding, frozen=True, kw_only=True):
    """The office found that it is not so."""

    reason: Personal[str]
