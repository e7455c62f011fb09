"""The fields that every form about a household has."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.facts import Evidence, Precision
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.text_fields import TypedDay

MemberId = Annotated[UUID, Field(json_schema_extra={"x-member": True})]
"""Of a member of the household that the command is about: a page offers them by name."""


class FactForm(Body):
    """The fields of every form about a household: effective date, its precision, and evidence."""

    effective_on: TypedDay = Field(examples=["2014-05-20"])
    precision: Precision = Precision.DAY
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def to_evidence(self) -> tuple[Evidence, ...]:
        return papers(self.evidence)
