"""Request models of enrolments and attendance."""

from datetime import timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.registry.enrolments import EnrolmentEnd, SchoolTerm
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.form_errors import FormError
from services.chassis.web.payloads import Body
from services.chassis.web.text_fields import TypedDay
from services.registry.schools.api import SchoolCodeText, StageText

Grade = Annotated[int, Field(ge=1, le=12)]
ClassNo = Annotated[int, Field(ge=1, le=60)]
LONGEST_TERM = timedelta(days=250)


class EnrolmentActForm(Body):
    effective_on: TypedDay
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def said(self) -> dict[str, Any]:
        """The fields of a fact that the form gives."""
        return {**self.model_dump(exclude={"evidence"}), "evidence": papers(self.evidence)}


class PlacementForm(EnrolmentActForm):
    """``effective_on``: since when the pupil is in this grade and class, and boards or not."""

    boarding: bool = False
    grade: Grade | None = None
    class_no: ClassNo | None = None


class EnrolmentForm(PlacementForm):
    """``effective_on``: first day of the enrolment; ``until``: the first day on which it ran no more, where it has ended, and
    ``ended_because`` why; ``former_ended``: why the one that ran until then ended."""

    school_code: SchoolCodeText
    stage: StageText
    until: TypedDay | None = None
    ended_because: EnrolmentEnd | None = None
    former_ended: EnrolmentEnd | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if (self.until is None) is not (self.ended_because is None):
            raise FormError(
                "学籍终止日期和原因须同时填写",
                "the day on which an enrolment ended and the reason are filled in together",
            )
        if self.until is not None and self.until <= self.effective_on:
            raise FormError("学籍终止早于入学，请核对日期", "the enrolment ends before it begins")
        return self

    def said(self) -> dict[str, Any]:
        """As above, of the enrolment itself."""
        left_out = {"until", "ended_because", "former_ended"}
        return {name: value for name, value in super().said().items() if name not in left_out}


class AttendanceForm(EnrolmentActForm):
    """``effective_on``: the day of counting, within the term; ``school_year``: the year in which it began; ``dropped_out``: the pupil no
    longer comes at all."""

    school_year: Annotated[int, Field(ge=1990, le=2200)]
    term: SchoolTerm
    missed_days: Annotated[int, Field(ge=0, le=LONGEST_TERM.days)]
    dropped_out: bool = False


class EnrolmentEndForm(EnrolmentActForm):
    """``effective_on``: the first day on which the enrolment runs no more."""

    reason: EnrolmentEnd


class EnrolmentActsForm(EnrolmentActForm):
    """``acts``: the command ids of the acts that were wrong, or of the annulments that were."""

    acts: tuple[UUID, ...] = Field(min_length=1, max_length=20)
