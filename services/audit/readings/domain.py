"""One line for each subject that a reading was about. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from contracts.casework.evidence import EvidenceRead
from contracts.casework.exports import ListExported
from contracts.casework.records import WorkTextRead
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.access import PersonalDataRead, Purpose

NOBODY = UUID(int=0)
"""The subject of an export: lists name many, masked."""
KINDS_OF_FACTS = (PersonalDataRead, EvidenceRead, WorkTextRead, ListExported)


class ReadingKind(StrEnum):
    PERSONAL_DATA = "personal_data"
    RECORD_TEXT = "record_text"
    EVIDENCE = "evidence"
    EXPORT = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """``what``: fields, the record, the file, or the list and its filters; ``matters``: what it was for; ``order_no``: of the
    paper that it rests on; ``reading``: id of the fact."""

    account: str
    area: str
    day: date
    read_at: datetime
    reading: str
    kind: ReadingKind
    purpose: Purpose | None
    subject: UUID
    what: list[str]
    matters: list[str]
    order_no: str | None
    items: int | None


def readings(recorded: Recorded) -> Iterator[Reading]:
    """What one fact says; nothing where it is no reading."""
    fact = recorded.fact
    if not isinstance(fact, KINDS_OF_FACTS):
        return
    kind, subjects = ReadingKind.EXPORT, tuple[UUID, ...]()
    matters, what, order_no, items = list[str](), list[str](), None, None
    match fact:
        case PersonalDataRead():
            kind, what = ReadingKind.PERSONAL_DATA, list(fact.fields)
            subjects = tuple(each.household_id for each in fact.households)
            matters = [f"{matter.kind}/{matter.id}" for matter in fact.matters]
            order_no = f"{fact.order.organ} {fact.order.document_no}" if fact.order is not None else None
        case EvidenceRead():
            kind, what, subjects = ReadingKind.EVIDENCE, [str(fact.evidence_id)], fact.subjects or (NOBODY,)
        case WorkTextRead():
            kind, what, subjects = ReadingKind.RECORD_TEXT, [fact.record], fact.subjects
        case ListExported():
            given = [f"{each.parameter}={each.value or '…'}" for each in fact.filters]
            kind, what, subjects, items = ReadingKind.EXPORT, [fact.operation, *given], (NOBODY,), fact.items
    for subject in dict.fromkeys(subjects):
        yield Reading(
            account=fact.reader, area=fact.area, day=civil_day(recorded.recorded_at), read_at=recorded.recorded_at,
            reading=recorded.id, kind=kind,
            purpose=None if isinstance(fact, ListExported) else fact.purpose, subject=subject, what=what, matters=matters,
            order_no=order_no, items=items,
        )  # fmt: skip
