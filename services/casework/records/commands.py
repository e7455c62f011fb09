"""Commands about records, and what a decision on them is made from. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.casework.records import Attendance, SubjectKind
from contracts.facts import Evidence
from contracts.personal import Personal
from services.casework.records.document import RecordKind
from services.casework.records.state import RecordState


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """Whom or what a record is about. ``place``: code of the division, where that is the subject."""

    kind: SubjectKind
    id: UUID
    place: str | None = None


@dataclass(frozen=True, slots=True)
class GivenValue:
    """What a form says under one field: exactly one of these, not looked at yet. ``text`` is text, a code or a place."""

    field: str
    text: str | None = None
    number: Decimal | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class RecordWork:
    """``on``: the day on which it was done; ``by``: who types; ``done_by``: who did it; ``sealed_for``: whose data key its text
    is sealed under, where that is not the subject's; ``corrects``: number of the record that it tells anew."""

    kind: str
    subject: SubjectRef
    on: date
    by: str
    done_by: str
    values: tuple[GivenValue, ...]
    attendance: Attendance | None
    evidence: tuple[Evidence, ...]
    sealed_for: UUID | None = None
    corrects: int | None = None
    source_recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class AnnulRecord:
    record: int
    by: str
    reason: Personal[str]


@dataclass(frozen=True, slots=True)
class RestoreRecord:
    record: int
    by: str
    reason: Personal[str]


@dataclass(frozen=True, slots=True)
class ConfirmRecord:
    record: int
    by: str


@dataclass(frozen=True, slots=True)
class RecordContext:
    """``known_then``: whether the subject was known on the day of the command; ``others``: records of the same subject and year
    that stand, but for the one that is corrected; ``unknown``: those of who attended whom the register does not know in the
    caller's area; ``corrected``: the record that is told anew; ``before``: how many records of each kind about the subject stand,
    of that day or an earlier one."""

    command: RecordWork
    kind: RecordKind
    known_then: bool
    today: date
    others: tuple[RecordState, ...] = ()
    unknown: Collection[UUID] = ()
    corrected: RecordState | None = None
    before: Mapping[str, int] = field(default_factory=dict)
