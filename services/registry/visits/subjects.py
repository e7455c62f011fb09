"""Whom the registry's records are about: households. What is done for persons and in divisions is told elsewhere."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from contracts.casework.records import SubjectKind
from services.casework.records.commands import SubjectRef
from services.casework.records.document import RecordKind, record_kind_from
from services.casework.records.subjects import FoundSubject
from services.chassis.law.content import DocumentError
from services.chassis.log.unit import Tx
from services.registry.households.domain import stream_of
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.store import relatives_in


def household_record_kind(content: Mapping[str, Any]) -> RecordKind:
    """A kind of record that the registry keeps. Raises ``ValueError`` for one about somebody else, or that waits for a second person:
    what a visit found holds at once."""
    kind = record_kind_from(content)
    if kind.subjects != (SubjectKind.HOUSEHOLD,):
        raise DocumentError(
            (),
            "subjects：登记册只保存关于户的记录，请改为户",
            "subjects: the registry keeps records about households alone",
        )
    if kind.confirmed_by is not None:
        raise DocumentError(
            (),
            "confirmed_by：登记册的入户记录立即有效，请删去",
            "confirmed_by: what the registry records of a visit counts at once",
        )
    return kind


class VisitedHouseholds:
    """Implements ``RecordSubjects``."""

    def __init__(self, areas: str) -> None:
        self.areas = areas

    def find(self, tx: Tx, subject: SubjectRef, day: date) -> FoundSubject | None:
        """A division or person is found nowhere, as no kind is about them."""
        known = tx.load(stream_of(subject.id))
        today = current_state_without_surveys(known, relatives_in(tx))
        if subject.kind is not SubjectKind.HOUSEHOLD or today.status is None:
            return None
        then = state_on(known, relatives_in(tx), as_of=day)
        return FoundSubject(today.division, None if then.status is None else then.division)

    def areas_of(self, tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, str]:
        sql = f"SELECT subject, division FROM ({self.areas}) areas WHERE subject = ANY(%s)"
        return dict(tx.cur.execute(sql.encode(), (list(ids),), prepare=True).fetchall())
