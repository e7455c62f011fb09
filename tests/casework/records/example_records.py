"""A kind of record, and what is done under it, for tests of pure rules."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.casework.records import SubjectKind
from services.assistance.document_kinds import FIRST_TEXTS
from services.casework.records.commands import GivenValue, RecordContext, RecordWork, SubjectRef
from services.casework.records.document import KIND as KIND_OF_DOCUMENT
from services.casework.records.document import RecordKind, record_kind_from
from services.chassis.law.content import as_dicts, content_of

TODAY = date(2016, 6, 1)
SUBJECT = UUID("00000000-0000-4000-8000-0000000000aa")


def shipped(key: str) -> RecordKind:
    """The kind as the release ships it."""
    (found,) = [p for p in FIRST_TEXTS.proposals if (p.kind, p.key) == (KIND_OF_DOCUMENT, key)]
    return record_kind_from(as_dicts(content_of(found.content)))


KIND = shipped("home_visit")


def work(*values: GivenValue, **more: Any) -> RecordWork:
    fields: dict[str, Any] = {
        "kind": "home_visit", "subject": SubjectRef(SubjectKind.HOUSEHOLD, SUBJECT), "on": TODAY, "by": "cadre-1",
        "done_by": "cadre-1", "attendance": None, "evidence": (),
    }  # fmt: skip
    return RecordWork(values=values, **{**fields, **more})


def context(command: RecordWork, kind: RecordKind = KIND, **more: Any) -> RecordContext:
    return RecordContext(command, kind, **{"known_then": True, "today": TODAY, **more})
