"""Request models of clues. What people said of themselves is sealed."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.personal import Personal
from contracts.registry.access import Purpose
from contracts.registry.clues import Alert, AlertItem, ClueAnswer, ClueRefusalReason, Department, ReportChannel
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import ArchiveNo, EvidenceForm, Line, papers
from services.chassis.web.form_errors import FormError
from services.chassis.web.text_fields import Name, Phone, TypedDay, Village

SEALED = ("name", "group", "phone", "statement", "explanation")
On = Annotated[TypedDay, Field(examples=["2023-03-06"])]


class ClueStepForm(Body):
    """``on``: the day of it."""

    on: On
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def fact_fields(self) -> dict[str, Any]:
        """The fields of the fact, those in words as personal values."""
        fields = self.model_dump(exclude={"evidence", "on"})
        plain = {name: Personal(fields[name]) for name in SEALED if fields.get(name) is not None}
        return {**fields, **plain, "effective_on": self.on, "evidence": papers(self.evidence)}


class ClueForm(ClueStepForm):
    """``on``: the day from which all days count. ``division``: the village in which the household lives; ``household_id``: where
    it is on record in your area, else ``name``, ``group`` and ``phone`` of its head."""

    division: Village
    household_id: UUID | None = None
    name: Name | None = None
    group: Line | None = None
    phone: Phone | None = None
    statement: Line | None = None

    @model_validator(mode="after")
    def _one_household(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if (self.household_id is None) == (self.name is None):
            raise FormError(
                "请填写在册的户，或不在册户的户主姓名，二者其一",
                "a household on record, or the name of the head of one that is not",
            )
        return self


class SelfReportForm(ClueForm):
    """自主申报: what a household reports of itself, by whatever channel. The answer's location is the receipt."""

    channel: ReportChannel


class RoundClueForm(ClueForm):
    """What a cadre found on a round."""


class ScreeningClueForm(ClueForm):
    """What the yearly screening of all households raised."""


class AlertForm(ClueForm):
    """What a department's data say. ``reference``: number of the alert, or of the list on which it stands."""

    department: Department
    item: AlertItem
    reference: ArchiveNo

    def fact_fields(self) -> dict[str, Any]:
        fields = super().fact_fields()
        alert = Alert(**{name: fields.pop(name) for name in ("department", "item", "reference")})
        return {**fields, "alert": alert}


class AcceptanceForm(ClueStepForm):
    """受理."""


class RefusalForm(ClueStepForm):
    """不予受理. ``explanation``: as the person is told."""

    reason: ClueRefusalReason
    explanation: Line


class ForwardingForm(ClueStepForm):
    """To the village in which the household lives."""

    to_division: Village


class IdentificationForm(ClueStepForm):
    """Which household on record it is."""

    household_id: UUID


class AnswerForm(ClueStepForm):
    """Why it leads to no case. ``duplicate_of``: the clue by which the matter is handled; ``explanation``: as the person is
    told."""

    answer: ClueAnswer
    duplicate_of: UUID | None = None
    explanation: Line


class ClueDisclosureForm(Body):
    """What the values are read for."""

    purpose: Purpose
