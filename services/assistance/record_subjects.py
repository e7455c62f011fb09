"""Whom assistance's records can be about: households and persons of the register, divisions where it has households, and
parties."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from contracts.casework.records import SubjectKind
from contracts.selection import timeline
from services.assistance.parties.domain import party, stream_of
from services.assistance.parties.view import PARTY_AREAS
from services.casework.people.domain import household_on, person_on
from services.casework.people.queries import CURRENT_DIVISIONS, facts_about_households, facts_about_persons
from services.casework.records.commands import SubjectRef
from services.casework.records.subjects import FoundSubject
from services.chassis.log.unit import Tx
from services.chassis.web.areas import code_range


class RegisterSubjects:
    """Implements ``RecordSubjects``."""

    areas = f"SELECT household_id AS subject, division FROM households UNION ALL {CURRENT_DIVISIONS} UNION ALL {PARTY_AREAS}"

    def find(self, tx: Tx, subject: SubjectRef, day: date) -> FoundSubject | None:
        if subject.place is not None:
            return self._division(tx, subject.place)
        if subject.kind is SubjectKind.PARTY:
            return self._party(tx, subject, day)
        area = self.areas_of(tx, [subject.id]).get(subject.id)
        if area is None:
            return None
        if subject.kind is SubjectKind.HOUSEHOLD:
            facts = facts_about_households(tx.cur, [subject.id])[subject.id]
            household = household_on(facts, subject.id, as_of=day)
            area_then = household.division if household is not None else None
        else:
            facts = facts_about_persons(tx.cur, [subject.id])[subject.id]
            area_then = person_on(facts, subject.id, as_of=day).division
        return FoundSubject(area, area_then, max(r.recorded_at for r in facts)) if facts else None

    def _party(self, tx: Tx, subject: SubjectRef, day: date) -> FoundSubject | None:
        found = party(timeline(tx.load(stream_of(subject.id))))
        if found is None:
            return None
        there = found.entered.effective_on <= day and (found.until is None or day < found.until)
        return FoundSubject(found.entered.division, found.entered.division if there else None)

    def areas_of(self, tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, str]:
        sql = f"SELECT subject, division FROM ({self.areas}) areas WHERE subject = ANY(%s)"
        return dict(tx.cur.execute(sql.encode(), (list(ids),), prepare=True).fetchall())

    def _division(self, tx: Tx, code: str) -> FoundSubject | None:
        """Of divisions the register says only where households live; they are older than all work."""
        low, high = code_range(code)
        sql = b"SELECT EXISTS (SELECT FROM households WHERE division >= %s AND division < %s)"
        row = tx.cur.execute(sql, (low, high), prepare=True).fetchone()
        return FoundSubject(code, code) if row and row[0] else None
