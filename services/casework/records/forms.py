"""Request models of the records API."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from contracts.accounts import normalised
from contracts.casework.records import Attendance, SubjectKind
from services.casework.records.commands import GivenValue, SubjectRef
from services.casework.records.document import MOST_FIELDS, MOST_PAPERS
from services.casework.records.streams import subject_of_division
from services.chassis.web.evidence_forms import EvidenceForm
from services.chassis.web.form_errors import FormError
from services.chassis.web.payloads import Body

MOST_ATTENDANTS = 1000
Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$"), AfterValidator(normalised)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class SubjectForm(Body):
    """``id`` of a household, person or party; of a division its ``place``, the code."""

    kind: SubjectKind
    id: UUID | None = None
    place: str | None = Field(default=None, pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")

    @model_validator(mode="after")
    def _is_named_as_its_kind_is(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        by_place = self.kind is SubjectKind.DIVISION
        if (self.place is not None) is not by_place or (self.id is not None) is by_place:
            raise FormError(
                "户、人、单位填写编号，区划填写区划，只填其一，与种类相符",
                "a household, person or party is named by its id, a division by its place",
            )
        return self

    def ref(self) -> SubjectRef:
        if self.place is not None:
            return SubjectRef(self.kind, subject_of_division(self.place), self.place)
        assert self.id is not None
        return SubjectRef(self.kind, self.id)


class ValueForm(Body):
    """What is said under one field: ``text`` (also a code or a place), ``number`` or ``day``."""

    field: Name
    text: str | None = Field(default=None, min_length=1, max_length=2000)
    number: Decimal | None = None
    day: date | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:  # noqa: N804
        if sum(value is not None for value in (self.text, self.number, self.day)) != 1:
            raise FormError("文字、数字、日期三者填写其一", "one of text, number and day")
        return self


class AttendanceForm(Body):
    """Who came, by id; ``unnamed``: heads that were only counted."""

    persons: tuple[UUID, ...] = Field(default=(), max_length=MOST_ATTENDANTS)
    households: tuple[UUID, ...] = Field(default=(), max_length=MOST_ATTENDANTS)
    unnamed: int = Field(default=0, ge=0, le=100_000)


class RecordCorrectionForm(Body):
    """The record told anew, as a whole. ``effective_on``: the day on which it was done; ``done_by``: the account of who did it,
    the caller's own where it is left out."""

    effective_on: date
    done_by: Account | None = None
    values: tuple[ValueForm, ...] = Field(default=(), max_length=MOST_FIELDS)
    attendance: AttendanceForm | None = None
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=MOST_PAPERS)
    source_recorded_on: date | None = None

    def given(self) -> tuple[GivenValue, ...]:
        return tuple(GivenValue(v.field, v.text, v.number, v.day) for v in self.values)

    def attended(self) -> Attendance | None:
        came = self.attendance
        if came is None:
            return None
        return Attendance(persons=came.persons, households=came.households, unnamed=came.unnamed)


class RecordForm(RecordCorrectionForm):
    kind: Name
    subject: SubjectForm


class ReasonForm(Body):
    reason: str = Field(min_length=1, max_length=200)
