"""The fields that every form about a household has."""

from pydantic import Field

from contracts.facts import Evidence, Precision
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.text_fields import TypedDay


class FactForm(Body):
    """The fields of every form about a household: effective date, its precision, and evidence."""

    effective_on: TypedDay = Field(examples=["2014-05-20"])
    precision: Precision = Precision.DAY
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def to_evidence(self) -> tuple[Evidence, ...]:
        return papers(self.evidence)
