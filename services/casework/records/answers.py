"""Response models of the records API. Sealed values are masked; labels are those of the document that the record was told
under."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from contracts.casework.records import SubjectKind, WorkRecorded
from contracts.facts import Recorded
from contracts.quantities import Unit
from services.casework.records.document import Field, RecordKind
from services.casework.records.state import RecordStatus
from services.casework.records.streams import RecordId
from services.chassis.web.evidence_forms import CitedAnswer


class ValueAnswer(BaseModel):
    """``text``: free text, a code, a place; masked where it is sealed. ``label_zh``, ``label_en``: of a code of a list."""

    field: str
    zh: str
    en: str
    text: str | None = None
    label_zh: str | None = None
    label_en: str | None = None
    amount: Decimal | None = None
    unit: Unit | None = None
    day: date | None = None


class AttendanceAnswer(BaseModel):
    """How many of each were named, and how many heads were only counted."""

    persons: int
    households: int
    unnamed: int


class RecordAnswer(BaseModel):
    """``division``: of where the subject is today. ``version``: of the fact that tells the record now. ``restricted``: only
    those whom its document names read it. ``year``, ``number``: by which its path names it."""

    id: str
    version: int
    status: RecordStatus
    kind: str
    edition: str
    zh: str
    en: str
    subject: UUID
    year: int
    number: int
    about: SubjectKind
    division: str
    effective_on: date
    done_by: str
    entered_by: str
    recorded_at: datetime
    values: list[ValueAnswer]
    attendance: AttendanceAnswer | None
    evidence: list[CitedAnswer]
    restricted: bool


class RecordFactAnswer(BaseModel):
    id: str
    type: str
    effective_on: date
    entered_by: str
    recorded_at: datetime
    annuls: list[str]


class FullRecordAnswer(RecordAnswer):
    """With everything that was ever recorded of it, oldest first, and who attended."""

    persons: list[UUID]
    households: list[UUID]
    facts: list[RecordFactAnswer]


class TextAnswer(BaseModel):
    """``version``: of the fact that it stands in. ``shredded`` in the place of what can never be read again."""

    version: int
    field: str
    text: str


class TextsAnswer(BaseModel):
    texts: list[TextAnswer]


class RecordCountAnswer(BaseModel):
    """Of one kind, and of the month or division where the figures are asked by those. ``households`` and ``persons`` are
    counted once each, ``household_times`` (户次) and ``person_times`` (人次) as often as they were reached; ``unnamed``
    of the person-times are heads of whom it is not known how many persons they are. Neither adds up over kinds, months
    or divisions but the times."""

    kind: str
    month: str | None
    division: str | None
    records: int
    households: int
    household_times: int
    persons: int
    person_times: int
    unnamed: int


class RecordCountsAnswer(BaseModel):
    """``division``: of where the subjects are today; the days are both included."""

    division: str
    since: date
    as_of: date
    known_at: datetime
    counts: list[RecordCountAnswer]


class RecordTotalAnswer(BaseModel):
    """Of one kind, field and unit: how many ``records`` say it, about how many ``subjects``, and what it sums up to. What is
    sealed is in no total."""

    kind: str
    field: str
    unit: Unit
    records: int
    subjects: int
    amount: Decimal


class RecordTotalsAnswer(BaseModel):
    """``division``: of where the subjects are today; the days are both included."""

    division: str
    since: date
    as_of: date
    known_at: datetime
    totals: list[RecordTotalAnswer]


def record_answer(
    told: Recorded, status: RecordStatus, kind: RecordKind, record: RecordId, division: str
) -> RecordAnswer:
    fact = told.fact
    assert isinstance(fact, WorkRecorded)
    came = fact.attendance
    return RecordAnswer(
        id=str(record), version=told.version, status=status, kind=fact.kind, edition=fact.edition, zh=kind.zh, en=kind.en,
        subject=fact.subject, year=record.year, number=record.number, about=fact.about, division=division, effective_on=fact.effective_on,
        done_by=fact.done_by, entered_by=fact.entered_by, recorded_at=told.recorded_at,
        values=list(_values(fact, kind)),
        attendance=came and AttendanceAnswer(
            persons=len(came.persons), households=len(came.households), unnamed=came.unnamed
        ),
        evidence=[CitedAnswer.of(cited) for cited in fact.evidence],
        restricted=kind.read_by is not None,
    )  # fmt: skip


def fact_answer(r: Recorded) -> RecordFactAnswer:
    return RecordFactAnswer(
        id=r.id, type=r.fact.type_name, effective_on=r.fact.effective_on, entered_by=r.fact.entered_by,
        recorded_at=r.recorded_at, annuls=list(r.fact.annuls),
    )  # fmt: skip


def _values(fact: WorkRecorded, kind: RecordKind) -> Iterable[ValueAnswer]:
    """In the order of the document."""
    said: dict[str, dict[str, object]] = {
        **{value.field: {"text": value.text.masked} for value in fact.sealed},
        **{value.field: {"text": value.code} for value in fact.codes},
        **{value.field: {"amount": value.amount, "unit": value.unit} for value in fact.measured},
        **{value.field: {"day": value.day} for value in fact.days},
    }
    for field in kind.fields:
        if field.name in said:
            value = said[field.name]
            yield ValueAnswer.model_validate(
                {"field": field.name, "zh": field.zh, "en": field.en, **value, **_label(field, value.get("text"))}
            )


def _label(field: Field, text: object) -> dict[str, str]:
    code = next((code for code in field.codes if code.code == text), None)
    return {} if code is None else {"label_zh": code.zh, "label_en": code.en}
