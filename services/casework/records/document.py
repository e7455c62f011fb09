"""Documents that say what a kind of record is: whom it is about, what must be filled in, who makes it, who confirms it and who
reads it. One edition of one kind is one document; a county may have an edition of its own."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from contracts.casework.records import SubjectKind
from contracts.quantities import Unit
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.procedures.value_types import Key
from services.chassis.law.content import DocumentError

KIND = "record_kind"
MOST_FIELDS, MOST_PAPERS = 60, 20
"""What a form can fill in and attach: a document that asked for more could never be fulfilled."""


class _DocumentPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: every unknown or missing key is an error."""


class InForce(_DocumentPart, frozen=True, kw_only=True):
    """From and to, both included; ``to: null`` says that no end is known."""

    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to")


class FieldType(StrEnum):
    TEXT = "text"  # free text, always sealed
    CHOICE = "choice"  # one of the field's codes
    COUNT = "count"  # a number of the field's unit
    PERSONS = "persons"  # 人, as told: a whole number
    PERSON_TIMES = "person_times"  # 人次, as told: a whole number
    MONEY = "money"  # yuan
    DAY = "day"
    PLACE = "place"  # code of a division


UNITS = {FieldType.PERSONS: Unit.PERSON, FieldType.PERSON_TIMES: Unit.ATTENDANCE, FieldType.MONEY: Unit.YUAN}
"""Units that a type has by itself."""
WHOLE = frozenset({FieldType.PERSONS, FieldType.PERSON_TIMES})


HOLD_SESSIONS = frozenset({SubjectKind.DIVISION, SubjectKind.PARTY})


class Code(_DocumentPart, frozen=True, kw_only=True):
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    zh: str
    en: str


class Field(_DocumentPart, frozen=True, kw_only=True):
    """``personal``: sealed, shown masked, and opened for a stated purpose only; free text always is."""

    name: Key
    zh: str
    en: str
    type: FieldType
    required: bool
    unit: Unit | None = None
    codes: tuple[Code, ...] = ()
    personal: bool = False

    def __post_init__(self) -> None:
        if (self.type is FieldType.CHOICE) is not bool(self.codes):
            raise DocumentError(
                (),
                f"{self.name}：代码只属于选择项，选择项须列出代码",
                f"{self.name}: codes belong to a choice, which needs some",
            )
        if len(self.known_codes) != len(self.codes):
            raise DocumentError(
                (), f"{self.name}：同一代码只列一次，请删去重复的", f"{self.name}: every code is listed once"
            )
        if (self.type is FieldType.COUNT) is not (self.unit is not None):
            raise DocumentError(
                (),
                f"{self.name}：计数项须写单位，其他项不写",
                f"{self.name}: a unit belongs to a count, which needs one",
            )

    @property
    def known_codes(self) -> frozenset[str]:
        return frozenset(code.code for code in self.codes)

    @property
    def is_sealed(self) -> bool:
        return self.personal or self.type is FieldType.TEXT

    @property
    def measured_in(self) -> Unit | None:
        """The unit of a number; ``None`` for what is none."""
        return self.unit or UNITS.get(self.type)


class Threshold(_DocumentPart, frozen=True, kw_only=True):
    """``field``: at least so many percent of the number in another field, ``of``."""

    field: Key
    of: Key
    percent: Annotated[int, msgspec.Meta(ge=1, le=100)]


class Offices(_DocumentPart, frozen=True, kw_only=True):
    """Roles, at these levels of office; none for any level."""

    roles: tuple[Role, ...]
    levels: tuple[Level, ...] = ()

    def __post_init__(self) -> None:
        if not self.roles:
            raise DocumentError((), "经办单位须写明岗位（role）", "an office has a role")

    def admit(self, roles: Collection[Role], level: Level) -> bool:
        return not set(self.roles).isdisjoint(roles) and (not self.levels or level in self.levels)


class AttendedBy(_DocumentPart, frozen=True, kw_only=True):
    """Who is told of those that attended a session: ``person``, ``household``. ``unnamed``: whether heads may be counted
    without names."""

    of: tuple[SubjectKind, ...]
    unnamed: bool = False


class Volume(StrEnum):
    """The volume of the file in which the record is kept (source facts §5 rule 43: plan, measure, record, summary)."""

    PLAN = "plan"
    MEASURE = "measure"
    RECORD = "record"
    SUMMARY = "summary"


class RecordKind(_DocumentPart, frozen=True, kw_only=True):
    """One edition of one kind. ``read_by``: who alone reads such a record, besides whoever did or entered it; everybody who
    reads about the subject, where nobody is named. ``confirmed_by``: which second person must confirm it. ``evidence``: kinds
    that must be attached; ``uploaded``: those of which paper in the archive is not enough; ``on_behalf``: whether somebody
    else may enter it; ``once_per_day``: whether one does it at most once a day for one subject. Names of fields are never
    personal; ``after``: kinds of which a record about the same subject must stand first: no plan without a survey of needs;
    ``each_after``: kinds of which each needs one of its own: no activity is held on the plan of another;
    ``thresholds``: what a number is at least of another;
    ``struck_off_by``: kinds of which each strikes the oldest entry about the same subject off the ledger that such records make;
    ``of_programme``: the programme whose duties alone it fulfils, so that nothing done for the one counts for another."""

    record_kind: str
    edition: str
    zh: str
    en: str
    jurisdiction: str
    source: str
    in_force: InForce
    volume: Volume
    subjects: tuple[SubjectKind, ...]
    made_by: Offices
    read_by: Offices | None = None
    confirmed_by: Offices | None = None
    fields: Annotated[tuple[Field, ...], msgspec.Meta(max_length=MOST_FIELDS)]
    attendance: AttendedBy | None = None
    evidence: Annotated[tuple[Key, ...], msgspec.Meta(max_length=MOST_PAPERS)] = ()
    uploaded: tuple[Key, ...] = ()
    on_behalf: bool = True
    once_per_day: bool = False
    after: tuple[Key, ...] = ()
    each_after: tuple[Key, ...] = ()
    struck_off_by: tuple[Key, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    of_programme: Key | None = None

    def __post_init__(self) -> None:
        if not self.subjects:
            raise DocumentError(
                (), "记录须有对象，请填写 subjects", "a record is about somebody or something: name its subjects"
            )
        if len({field.name for field in self.fields}) != len(self.fields):
            raise DocumentError((), "每个项的 name 不能相同，请改名", "every field needs a name of its own")
        numbers = {field.name for field in self.fields if field.measured_in is not None and field.required}
        if not all({each.field, each.of} <= numbers and each.field != each.of for each in self.thresholds):
            raise DocumentError(
                (), "thresholds：须为一个必填数占另一个必填数的比例", "thresholds: of one required number in another"
            )
        if not set(self.uploaded) <= set(self.evidence):
            raise DocumentError((), "要求上传的须列入附件", "what must be uploaded must be attached")
        if self.attendance is not None and not {*self.subjects} <= HOLD_SESSIONS:
            raise DocumentError(
                (),
                "活动由区划或单位举办：有出席人的种类，对象只能是这两种",
                "a session is held in a division or by a party: attendance belongs to kinds about these alone",
            )
        if self.attendance is not None and not HOLD_SESSIONS.isdisjoint(self.attendance.of):
            raise DocumentError((), "attendance：出席的须是人或户", "attendance: persons and households attend")

    def is_confirmed_by(self, roles: Collection[Role], level: Level) -> bool:
        """Whether the document names them as the second person."""
        return self.confirmed_by is not None and self.confirmed_by.admit(roles, level)

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


def record_kind_from(content: Mapping[str, Any]) -> RecordKind:
    """The kind in this document. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(content, RecordKind)
