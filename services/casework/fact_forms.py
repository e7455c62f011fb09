"""What the forms of several slices share: common fields of a fact, and types of fields. Nothing in them is personal."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainSerializer

from contracts.facts import Decision
from services.chassis.ground.field_texts import number_reader, read_line
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.field_readers import Reads
from services.chassis.web.payloads import Body
from services.chassis.web.text_fields import TypedDay

ShortText = Annotated[str, Reads(read_line), Field(min_length=1, max_length=80)]
LongText = Annotated[str, Reads(read_line), Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z\u4e00-\u9fff（）()._-]{1,40}$", examples=["W1"])]
Label = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff（）()·、/@:_ .…?？*＊×□-]{0,79}$", examples=["R1"]
    ),
]
Day = Annotated[TypedDay, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31), examples=["2016-12-31"])]
PositiveAmount = Annotated[
    Decimal, Reads(number_reader()), Field(gt=0, le=Decimal("999999999999"), decimal_places=3, examples=["105"])
]
ProgressAmount = Annotated[
    Decimal, Reads(number_reader()), Field(ge=0, le=Decimal("999999999999"), decimal_places=3, examples=["97"])
]
Division = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", examples=["990001101"])]

PlainDecimal = Annotated[Decimal, PlainSerializer(lambda d: f"{d.normalize():f}", return_type=str)]
"""An exact amount in plain notation without needless zeros."""


class DecisionForm(Body):
    """Who decided, as opposed to who types: organ, day, document number and the signing post."""

    organ: LongText
    decided_on: Day
    document_no: ShortText
    signer: LongText


class FactForm(Body):
    """Common fields: since when it is true, on whose decision, and on what evidence."""

    effective_on: Day
    decision: DecisionForm | None = None
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def common(self, by: str) -> dict[str, Any]:
        """The common fields of the fact."""
        return {
            "effective_on": self.effective_on,
            "entered_by": by,
            "decision": self.decision and Decision(**self.decision.model_dump()),
            "evidence": papers(self.evidence),
        }
