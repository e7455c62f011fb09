"""Whom assistance's records can be about: households and persons of the register, and divisions where it has households."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from contracts.casework.records import SubjectKind
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.beneficiaries import store as beneficiaries
from services.assistance.beneficiaries.domain import fold, person_state
from services.casework.records.commands import SubjectRef
from services.casework.records.subjects import FoundSubject
from services.chassis.log.unit import Tx
from services.chassis.web.areas import code_range


class BeneficiarySubjects:
    """Implements ``RecordSubjects``."""

    areas = f"SELECT household_id AS subject, division FROM households UNION ALL {beneficiaries.CURRENT_DIVISIONS}"

    def find(self, tx: Tx, subject: SubjectRef, day: date) -> FoundSubject | None:
        if subject.place is not None:
            return self._division(tx, subject.place)
        area = self.areas_of(tx, [subject.id]).get(subject.id)
        if area is None:
            return None
        if subject.kind is SubjectKind.HOUSEHOLD:
            facts = beneficiaries.facts_about_households(tx.cur, [subject.id])[subject.id]
            then = fold(timeline(facts, of=subject.id, as_of=day)).households.get(subject.id)
            return FoundSubject(area, then.division if then else None, _learned_at(facts)) if facts else None
        facts = beneficiaries.facts_about_persons(tx.cur, [subject.id])[subject.id]
        then_there = person_state(fold(timeline(facts, as_of=day)), subject.id)
        return FoundSubject(area, then_there.division, _learned_at(facts)) if facts else None

    def areas_of(self, tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, str]:
        sql = f"SELECT subject, division FROM ({self.areas}) areas WHERE subject = ANY(%s)"
        return dict(tx.cur.execute(sql.encode(), (list(ids),), prepare=True).fetchall())

    def _division(self, tx: Tx, code: str) -> FoundSubject | None:
        """Of divisions the register says only where households live; they are older than all work."""
        low, high = code_range(code)
        sql = b"SELECT EXISTS (SELECT FROM households WHERE division >= %s AND division < %s)"
        row = tx.cur.execute(sql, (low, high), prepare=True).fetchone()
        return FoundSubject(code, code) if row and row[0] else None


def _learned_at(facts: Collection[Recorded]) -> datetime | None:
    return max((r.recorded_at for r in facts), default=None)
