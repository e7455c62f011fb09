"""Facts about a case: one procedure run for one subject, step by step. Stream ``case-<uuid>``, the same in every log.

``effective_on`` is the day a step took place in the world. What an approved case brings about is a fact of the subject's
own (``HouseholdEnrolled``, ``EntitlementGranted``, …) which names the case.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.casework.findings import Finding
from contracts.facts import Fact, published
from contracts.personal import Personal
from contracts.registry.divisions import Level


class CaseFact(Fact, frozen=True, kw_only=True):
    """A fact of one case. ``subject``: what the case is about, a household, a person, a project; ``household_id``: its
    household, where there is one. ``step`` in the facts below is the step's key in the procedure document; ``batch``: the
    batch in which it was taken with other cases. Free text is sealed under the case's own key."""

    sealed_under: ClassVar[str] = "case_id"

    case_id: UUID
    subject: UUID
    household_id: UUID | None = None
    batch: UUID | None = None


@published("CaseOpened")
class CaseOpened(CaseFact, frozen=True, kw_only=True):
    """An application, or a cadre's first selection (M002). The case keeps the edition that it was opened under.
    ``standing``: what of the subject it may change; ``division``: where the subject was then, which it follows;
    ``cause``: one of the procedure's codes; ``clue_id``: the clue (线索) that it takes up; ``due_by``: the last day of the term
    that the procedure has, if it has one."""

    standing: str
    procedure: str
    edition: str
    division: str
    grounds: Personal[str]
    cause: str | None = None
    clue_id: UUID | None = None
    due_by: date | None = None


@published("VisitMade")
class VisitMade(CaseFact, frozen=True, kw_only=True):
    """Somebody went and looked. ``confirmed``: what was found bears out what the case says."""

    step: str
    confirmed: bool
    findings: Personal[str] | None = None


@published("AppraisalHeld")
class AppraisalHeld(CaseFact, frozen=True, kw_only=True):
    """A meeting voted (民主评议, M002, M005). Persons, not votes by proxy; minutes are among the evidence."""

    step: str
    entitled: int
    present: int
    in_favour: int
    against: int
    abstained: int


@published("ConsentGiven")
class ConsentGiven(CaseFact, frozen=True, kw_only=True):
    """The household answered; ``agreed`` false is its refusal."""

    step: str
    agreed: bool


@published("NoticePosted")
class NoticePosted(CaseFact, frozen=True, kw_only=True):
    """The list hangs out for objection (公示) until the end of ``last_day``."""

    step: str
    level: Level
    posted_on: date
    last_day: date


@published("NoticeTakenDown")
class NoticeTakenDown(CaseFact, frozen=True, kw_only=True):
    """A notice that was over came down from its board; no step of the case rests on it."""

    step: str
    level: Level


@published("ObjectionRaised")
class ObjectionRaised(CaseFact, frozen=True, kw_only=True):
    """Somebody objected to a notice; ``objector`` is ``None`` when the objection was anonymous."""

    step: str
    objection_no: int
    objector: Personal[str] | None = None
    text: Personal[str]


@published("ObjectionResolved")
class ObjectionResolved(CaseFact, frozen=True, kw_only=True):
    """The objection was looked into. ``notice_last_day``: its new last day, where its clock stood still; ``due_by``: that of the
    case, where its term stood still."""

    step: str
    objection_no: int
    upheld: bool
    finding: Personal[str]
    notice_last_day: date | None = None
    due_by: date | None = None


@published("NoticeClosed")
class NoticeClosed(CaseFact, frozen=True, kw_only=True):
    """The last day of the notice is over and no objection is open: a notice completed free of objection (M005). The calendar
    found it: an objection that was received by then, and told later, undoes it."""

    step: str
    level: Level


class ReviewOutcome(StrEnum):
    PASSED = "passed"
    REJECTED = "rejected"


@published("ReviewGiven")
class ReviewGiven(CaseFact, frozen=True, kw_only=True):
    """The upper level's opinion on the papers."""

    step: str
    outcome: ReviewOutcome


class MatchResult(StrEnum):
    """Of one person in one source. ``AMBIGUOUS``: somebody of that name, of whom it is not clear that it is the same person."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"


class PersonCompared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one source said of one person. ``source``: a code of the procedure's."""

    person_id: UUID
    source: str
    result: MatchResult


@published("ComparisonMade")
class ComparisonMade(CaseFact, frozen=True, kw_only=True):
    """Departments' data were held against the household's; not clean means that something speaks against it. ``results``: by
    person and source, where the procedure names sources."""

    step: str
    clean: bool
    departments: tuple[str, ...]
    findings: Personal[str] | None = None
    results: tuple[PersonCompared, ...] = ()


@published("OpinionGiven")
class OpinionGiven(CaseFact, frozen=True, kw_only=True):
    """Another office's opinion. One against does not end the case; the decision is taken with it on file."""

    step: str
    favourable: bool
    opinion: Personal[str] | None = None


@published("SignatureGiven")
class SignatureGiven(CaseFact, frozen=True, kw_only=True):
    """A post signed, or declined to. ``signer``: the post, not a private name."""

    step: str
    signed: bool
    signer: str


@published("InspectionMade")
class InspectionMade(CaseFact, frozen=True, kw_only=True):
    """Something was inspected; what did not pass is inspected again."""

    step: str
    passed: bool
    findings: Personal[str] | None = None


@published("GreenChannelTaken")
class GreenChannelTaken(CaseFact, frozen=True, kw_only=True):
    """The case is urgent (绿色通道): it is decided first, and steps ``deferred`` are made good until the end of
    ``make_good_by``."""

    deferred: tuple[str, ...]
    make_good_by: date
    reason: Personal[str]


@published("MakeGoodMissed")
class MakeGoodMissed(CaseFact, frozen=True, kw_only=True):
    """The day until which steps were to be made good is over, and these are not."""

    missing: tuple[str, ...]


@published("TermExceeded")
class TermExceeded(CaseFact, frozen=True, kw_only=True):
    """The last day of the case's term is over, and the step that ends it is not done. A finding, which nothing is refused for."""

    due_by: date


@published("CaseReturned")
class CaseReturned(CaseFact, frozen=True, kw_only=True):
    """Sent back for correction (退回补正) to step ``back_to``; ``undone`` names every step that must be done again."""

    step: str
    back_to: str
    undone: tuple[str, ...]
    reason: Personal[str]


@published("CaseDecided")
class CaseDecided(CaseFact, frozen=True, kw_only=True):
    """The organ decided; organ, day, document number and signer are in ``decision``. ``findings``: those about the subject
    that stood unanswered when it was recorded."""

    step: str
    approved: bool
    findings: tuple[Finding, ...] = ()


@published("CaseAnnounced")
class CaseAnnounced(CaseFact, frozen=True, kw_only=True):
    """The decision was made public (公告); it is final, no objection period runs."""

    step: str


class CaseOutcome(StrEnum):
    """``STRUCK_OUT``: taken off the list during the procedure (剔除), before anything was decided."""

    COMPLETED = "completed"
    REJECTED = "rejected"
    STRUCK_OUT = "struck_out"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@published("CaseEnded")
class CaseEnded(CaseFact, frozen=True, kw_only=True):
    """Nothing more can happen in this case. ``step``: where it stood; ``None`` when it was withdrawn before any; ``reason``: of
    the county, where it closed the case (终止)."""

    outcome: CaseOutcome
    step: str | None = None
    reason: Personal[str] | None = None
