"""Facts about work that was done: visits, talks, contacts, deliveries, plans, reports, and sessions with who attended.

Stream ``records-<subject>-<year>``, the year being that of the day on which it was done; the same in every log. A record is
known by its stream and its ``number``: the version of the fact that told it first. What must be said of a kind is in its
document (``services.casework.records.document``). A correction is told whole and annuls what it replaces; an annulment
annuls every fact that ever told the record, and can itself be annulled. Free text and personal values are sealed under
the key of the household or person whom the record is about, else under the record's own.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.personal import Personal
from contracts.quantities import Amount, Unit
from contracts.registry.access import Purpose


class SubjectKind(StrEnum):
    """Whom or what a record is about. A division's id is derived from its code. A party is an organisation, or somebody outside of
    the register who is known by a number."""

    HOUSEHOLD = "household"
    PERSON = "person"
    DIVISION = "division"
    PARTY = "party"


class SealedValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Free text, or the value of a personal field as text."""

    field: str
    text: Personal[str]


class CodeValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A choice from the field's list, or the code of a division."""

    field: str
    code: str


class MeasuredValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A count, persons (人), person-times (人次), or money in yuan."""

    field: str
    amount: Amount
    unit: Unit


class DayValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    field: str
    day: date


class Attendance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Who came: persons for themselves, households by whoever came for them, and ``unnamed`` heads that were only counted:
    attendances (人次) of which nobody can say how many persons (人) they are."""

    persons: tuple[UUID, ...] = ()
    households: tuple[UUID, ...] = ()
    unnamed: int = 0


class WorkFact(Fact, frozen=True, kw_only=True):
    """A fact about one record. ``sealed_for``: whose key its text is sealed under, where that is not the subject's."""

    sealed_under: ClassVar[str] = "key_subject"

    subject: UUID
    sealed_for: UUID | None = None

    @property
    def key_subject(self) -> UUID:
        return self.sealed_for or self.subject


@published("WorkRecorded", rank=10)
class WorkRecorded(WorkFact, frozen=True, kw_only=True):
    """Something was done on ``effective_on`` by the account ``done_by``; ``entered_by`` typed it. ``kind`` and ``edition`` name
    the document that it was told under. ``place``: code of the division that it is about. ``to_be_confirmed``: it counts only
    from when a second person confirms it. ``corrects``: number of the record that this tells anew."""

    kind: str
    edition: str
    about: SubjectKind
    place: str | None = None
    done_by: str
    sealed: tuple[SealedValue, ...] = ()
    codes: tuple[CodeValue, ...] = ()
    measured: tuple[MeasuredValue, ...] = ()
    days: tuple[DayValue, ...] = ()
    attendance: Attendance | None = None
    to_be_confirmed: bool = False
    corrects: int | None = None


@published("WorkConfirmed", rank=20)
class WorkConfirmed(WorkFact, frozen=True, kw_only=True):
    """A second person confirms the record as the fact in ``caused_by`` tells it."""

    record: int


@published("WorkAnnulled", rank=99)
class WorkAnnulled(WorkFact, frozen=True, kw_only=True):
    """The record was wrong and counts as never made: ``annuls`` names every fact that told it."""

    record: int
    reason: Personal[str]


@published("WorkRestored", rank=99)
class WorkRestored(WorkFact, frozen=True, kw_only=True):
    """The annulment (``annuls``) was wrong: the record stands again as it was told last."""

    record: int
    reason: Personal[str]


@published("WorkTextRead")
class WorkTextRead(Fact, frozen=True, kw_only=True):
    """The sealed text of a record was opened and given to the reader, of an office in ``area``. ``subjects``: the
    record's, and who attended. Stream ``access-<day>-<account>``."""

    record: str
    reader: str
    area: str
    purpose: Purpose
    subjects: tuple[UUID, ...]
