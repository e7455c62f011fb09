"""Request models of reports."""

from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, Line
from services.chassis.web.form_errors import FormError
from services.registry.households.fact_forms import FactForm
from services.registry.households.forms import JoinReasonField
from services.registry.households.member_forms import MemberForm


class ReportedJoinForm(FactForm):
    """``person_id`` for somebody the register knows already, with their ID number; anybody else's number is entered once they
    are a member."""

    person_id: UUID | None = None
    member: MemberForm
    reason: JoinReasonField

    @model_validator(mode="after")
    def _number_of_known_persons_only(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if (self.person_id is None) is not (self.member.id_number is None):
            raise FormError(
                "person_id 和该成员的证件号码须同时填写", "person_id and the member's id_number are given together"
            )
        return self


class DeclineForm(Body):
    """Why it is not so."""

    reason: Line
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)
