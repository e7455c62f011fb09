"""Requests and answers of education aid. No personal field: a pupil is an id."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.registry.codes import SchoolStage
from contracts.registry.households import PovertyStatus
from services.assistance.aid.eligibility import Reason
from services.assistance.aid.state import AidStep
from services.assistance.messages import say
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, Line, papers

Money = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]
Count = Annotated[int, Field(ge=0, le=10_000)]


class StepForm(Body):
    """Common fields: the day it took place, and the evidence."""

    effective_on: date = Field(examples=["2014-09-10"])
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def common(self, by: str) -> dict[str, Any]:
        return {"on": self.effective_on, "by": by, "evidence": papers(self.evidence)}


class ApplicationForm(StepForm):
    """``other_grants_per_year``: yuan from other public grants for the same stage; counts under a ceiling."""

    person_id: UUID
    other_grants_per_year: Money = Decimal(0)


class AppraisalForm(StepForm):
    entitled: Count
    present: Count
    in_favour: Count
    against: Count = 0
    abstained: Count = 0


class ResolutionForm(StepForm):
    upheld: bool


class ReviewForm(StepForm):
    passed: bool


class DecisionForm(StepForm):
    """``signer`` is the post that signed, not a private name."""

    approved: bool
    organ: Line
    document_no: Line
    signer: Line


class ApplicationAnswer(BaseModel):
    person_id: UUID
    number: int
    household_id: UUID
    division: str
    stage: SchoolStage
    step: AidStep
    applied_on: date
    notice_last_day: date | None
    open_objections: list[int]


class ReviewAnswer(BaseModel):
    """Aid that was due after it should have stopped. ``school_years``: by the year in which each begins."""

    school_years: list[int]
    amount: Decimal


class DueAnswer(BaseModel):
    school_year: int
    amount: Decimal


class EntitlementAnswer(BaseModel):
    """``until``: first day without aid. ``due``: yuan by school year, in full years, through today."""

    person_id: UUID
    application: int
    household_id: UUID
    division: str
    stage: SchoolStage
    amount_per_year: Decimal
    from_: date = Field(serialization_alias="from")
    until: date | None
    ending: str | None
    continued_after_exit_on: date | None
    due: list[DueAnswer]
    review: ReviewAnswer | None


class ReasonAnswer(BaseModel):
    code: Reason
    zh: str
    en: str

    @classmethod
    def of(cls, reason: Reason) -> Self:
        message = say(f"eligibility_{reason}")
        return cls(code=reason, zh=message.zh, en=message.en)


class EligibilityAnswer(BaseModel):
    """``amount_per_year``: the standard in yuan, before other grants where it is a ceiling. ``to_apply``: eligible, and
    neither aided nor applied for."""

    person_id: UUID
    household_id: UUID
    division: str
    status: PovertyStatus
    stage: SchoolStage
    boarder: bool
    as_of: date
    eligible: bool
    reasons: list[ReasonAnswer]
    amount_per_year: Decimal | None
    is_ceiling: bool | None
    open_application: int | None
    running_entitlement: int | None
    to_apply: bool
