"""Request models of the case API, one per command, and the response model."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.personal import Personal
from contracts.registry.cases import CaseOutcome, ReviewOutcome
from contracts.registry.codes import PovertyCause
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, Line, papers
from services.registry.cases import commands as c

Persons = Field(ge=0, le=100_000)


class StepForm(Body):
    """``on``: the day the step took place in the world."""

    on: date = Field(examples=["2014-05-20"])
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)
    source_recorded_on: date | None = None

    def command_fields(self, case_id: UUID, by: str) -> dict[str, Any]:
        """The fields of the command; free text is personal. ``today`` is set under the append lock."""
        fields = self.model_dump(exclude={"evidence"})
        plain = {f: Personal(fields[f]) for f in FREE_TEXT if fields.get(f) is not None}
        return {**fields, **plain, "evidence": papers(self.evidence), "case_id": case_id, "by": by, "today": self.on}


FREE_TEXT = ("grounds", "findings", "reason", "text", "objector", "finding")


class OpenForm(StepForm):
    household_id: UUID
    procedure: str = Field(pattern=r"^[a-z][a-z_]{1,40}$", examples=["identification"])
    grounds: Line
    cause: PovertyCause | None = None


class VisitForm(StepForm):
    confirmed: bool
    findings: Line | None = None


class AppraisalForm(StepForm):
    """Persons entitled, present, and how those present voted. Minutes are among the evidence."""

    entitled: int = Persons
    present: int = Persons
    in_favour: int = Persons
    against: int = Persons
    abstained: int = Persons


class ConsentForm(StepForm):
    agreed: bool


class NoticeForm(StepForm):
    """``on`` is the day it was put up; its length is in the procedure."""


class ObjectionForm(StepForm):
    """``objector`` may be left out: an anonymous objection counts."""

    text: Line
    objector: Line | None = None


class ResolutionForm(StepForm):
    upheld: bool
    finding: Line


class ReviewForm(StepForm):
    outcome: ReviewOutcome


class ComparisonForm(StepForm):
    clean: bool
    departments: tuple[Line, ...] = Field(min_length=1, max_length=30)
    findings: Line | None = None


class DecisionForm(StepForm):
    """``on`` is the day in the document; ``signer`` the post that signed."""

    approved: bool
    organ: Line
    document_no: Line
    signer: Line


class AnnouncementForm(StepForm):
    """``on`` is the day it was announced."""


class ReturnForm(StepForm):
    """退回补正: back to a step that was already taken."""

    back_to: str = Field(pattern=r"^[a-z][a-z_]{1,40}$")
    reason: Line


class WithdrawalForm(StepForm):
    pass


COMMANDS: Mapping[type[StepForm], type[c.Command]] = {
    VisitForm: c.MakeVisit,
    AppraisalForm: c.HoldAppraisal,
    ConsentForm: c.GiveConsent,
    NoticeForm: c.PostNotice,
    ObjectionForm: c.RaiseObjection,
    ReviewForm: c.GiveReview,
    ComparisonForm: c.MakeComparison,
    DecisionForm: c.DecideCase,
    AnnouncementForm: c.AnnounceCase,
    ReturnForm: c.ReturnCase,
    WithdrawalForm: c.WithdrawCase,
}


class CaseAnswer(BaseModel):
    """The current state of a case. ``due``: the step that is due; ``notice_ends``: first day after the running
    notice."""

    case_id: UUID
    household_id: UUID
    procedure: str
    edition: str
    division: str
    opened_on: date
    latest_on: date
    due: str | None
    notice_ends: date | None
    objections: int
    outcome: CaseOutcome | None
