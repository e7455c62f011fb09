"""Commands about a case. ``on`` is the day in the world, ``today`` the day of entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.casework.cases import PersonCompared, ReviewOutcome
from contracts.facts import Evidence
from contracts.personal import Personal


@dataclass(frozen=True, kw_only=True)
class Command:
    """``by``: the account of whoever enters it. ``batch``: the batch in which it is given with others."""

    case_id: UUID
    on: date
    today: date
    by: str
    evidence: tuple[Evidence, ...] = ()
    batch: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class OpenCase(Command):
    """``terms``: what the application says of its own; its matter knows their type. ``clue_id``: the clue that it takes up;
    ``counts_from``: its day, from which the term of the case counts."""

    subject: UUID
    grounds: Personal[str]
    cause: str | None = None
    clue_id: UUID | None = None
    counts_from: date | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)


class StepCommand(Command):
    """A command that takes the step which is due."""


@dataclass(frozen=True, kw_only=True)
class MakeVisit(StepCommand):
    confirmed: bool
    findings: Personal[str] | None = None


@dataclass(frozen=True, kw_only=True)
class HoldAppraisal(StepCommand):
    """Persons entitled to vote, present, and how those present voted."""

    entitled: int
    present: int
    in_favour: int
    against: int
    abstained: int = 0


@dataclass(frozen=True, kw_only=True)
class GiveConsent(StepCommand):
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class PostNotice(StepCommand):
    """``on`` is the day it was put up."""


@dataclass(frozen=True, kw_only=True)
class TakeDownNotice(Command):
    """``step``: whose notice came down on the day ``on``."""

    step: str


@dataclass(frozen=True, kw_only=True)
class GiveReview(StepCommand):
    outcome: ReviewOutcome


@dataclass(frozen=True, kw_only=True)
class GiveOpinion(StepCommand):
    favourable: bool
    opinion: Personal[str] | None = None


@dataclass(frozen=True, kw_only=True)
class GiveSignature(StepCommand):
    """``signer``: the post that signs, not a private name."""

    signed: bool
    signer: str


@dataclass(frozen=True, kw_only=True)
class MakeInspection(StepCommand):
    passed: bool
    findings: Personal[str] | None = None


@dataclass(frozen=True, kw_only=True)
class MakeComparison(StepCommand):
    clean: bool
    departments: tuple[str, ...]
    findings: Personal[str] | None = None
    results: tuple[PersonCompared, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DecideCase(StepCommand):
    """``on`` is the day of the decision as on paper; ``signer`` the post that signed, not a private name."""

    approved: bool
    organ: str
    document_no: str
    signer: str


@dataclass(frozen=True, kw_only=True)
class AnnounceCase(StepCommand):
    pass


@dataclass(frozen=True, kw_only=True)
class RaiseObjection(Command):
    """An objection to the notice posted last."""

    text: Personal[str]
    objector: Personal[str] | None = None


@dataclass(frozen=True, kw_only=True)
class ResolveObjection(Command):
    objection_no: int
    upheld: bool
    finding: Personal[str]


@dataclass(frozen=True, kw_only=True)
class CloseNotice(Command):
    """Issued by the timer; ``on`` is ``due_notice_end``."""


@dataclass(frozen=True, kw_only=True)
class ReturnCase(Command):
    """退回补正: returned for correction to a step that was already taken."""

    back_to: str
    reason: Personal[str]


@dataclass(frozen=True, kw_only=True)
class WithdrawCase(Command):
    pass


@dataclass(frozen=True, kw_only=True)
class CloseCase(Command):
    """终止: the county ends a case that cannot go on, or should not."""

    reason: Personal[str]


@dataclass(frozen=True, kw_only=True)
class TakeGreenChannel(Command):
    """绿色通道: the case is decided first, and the deferred steps are made good."""

    reason: Personal[str]


@dataclass(frozen=True, kw_only=True)
class ExceedTerm(Command):
    """Issued by the timer on the day after the last one of the case's term."""


@dataclass(frozen=True, kw_only=True)
class MissMakeGood(Command):
    """Issued by the timer on the day after the last one for making good."""
