"""Requests of the staff directory."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.casework.directory import Appointment, LeavingReason
from contracts.facts import Decision, Precision
from contracts.roles import Role
from services.chassis.web.evidence_forms import EvidenceForm, Line, papers
from services.chassis.web.form_errors import FormError
from services.chassis.web.payloads import Body
from services.chassis.web.text_fields import Name, TypedDay

DivisionCode = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
AccountText = Annotated[str, Field(min_length=1, max_length=128, examples=["zhang3"])]
StaffNo = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$", description="工号 / staff number", examples=["X99001"])]
Title = Annotated[
    str, Field(min_length=1, max_length=60, description="职务，不写姓名 / never a name", examples=["村支书"])
]


class DirectoryDecisionForm(Body):
    """The document that appointed, elected or dismissed."""

    organ: Line
    decided_on: TypedDay
    document_no: Line
    signer: Line


class StaffFactForm(Body):
    """Since when it is true, by which decision, on what paper."""

    effective_on: TypedDay = Field(examples=["2014-05-20"])
    precision: Precision = Precision.DAY
    decision: DirectoryDecisionForm | None = None
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def common(self, by: str) -> dict[str, Any]:
        """The fields that every fact has."""
        return {
            "effective_on": self.effective_on,
            "precision": self.precision,
            "entered_by": by,
            "decision": self.decision and Decision(**self.decision.model_dump()),
            "evidence": papers(self.evidence),
        }

    def own(self) -> dict[str, Any]:
        """The fields of the form's own."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in StaffFactForm.model_fields}


class StaffForm(StaffFactForm):
    """A person with the accounts they sign in with. The name is sealed under the person's own key."""

    name: Name
    staff_no: StaffNo | None = None
    accounts: tuple[AccountText, ...] = Field(default=(), max_length=5)


class AccountForm(StaffFactForm):
    account: AccountText


class NumberForm(StaffFactForm):
    staff_no: StaffNo


class PostForm(StaffFactForm):
    """``term_ends``: last day of the term, of an elected or seconded post."""

    role: Role
    title: Title
    division: DivisionCode
    appointment: Appointment
    term_ends: TypedDay | None = None


class LeavingForm(StaffFactForm):
    """``effective_on``: the first day without the post."""

    reason: LeavingReason


class RecertificationForm(StaffFactForm):
    """``effective_on``: the day on which it was looked at, or the first day without the post; ``reason``: for the post's end,
    where ``holds`` is false."""

    holds: bool
    reason: LeavingReason | None = None

    @model_validator(mode="after")
    def _check_reason(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.holds is not (self.reason is None):
            raise FormError(
                "只有不再任职时填写原因，且必须填写",
                "the reason is given where the post is not held any longer, and only there",
            )
        return self


class AbsenceForm(StaffFactForm):
    """``until``: the last day away."""

    until: TypedDay


class DelegationForm(StaffFactForm):
    """``deputy`` stands in for these posts from ``effective_on`` to ``until``, both included."""

    post_ids: tuple[UUID, ...] = Field(min_length=1, max_length=20)
    deputy: UUID
    until: TypedDay
    ordered_by: UUID


class StaffCorrectionForm(StaffFactForm):
    """``acts``: ids of the commands whose facts were wrong."""

    acts: tuple[UUID, ...] = Field(min_length=1, max_length=20)
    reason: Line
