"""Which programmes are in force, and what one that is not in force would come to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Cursor

from contracts.assistance.programmes import UnitKind
from contracts.facts import Recorded
from services.assistance.programmes.answers import ProgrammeAnswer, ReasonCountAnswer, TrialAnswer
from services.assistance.programmes.candidates import household_candidate, person_candidate
from services.assistance.programmes.document import KIND, OF_PERSONS, Programme, programme_from
from services.assistance.programmes.eligibility import Finding, assess
from services.assistance.programmes.predicates import Candidate
from services.assistance.programmes.reasons import Reason
from services.casework.documents.reading import Documents
from services.casework.people.queries import facts_about_households, facts_about_persons
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

CHUNK = 500
MOST_TRIED = 5000
"""Units that an edition is tried on: enough to see what it does, and answered while somebody waits."""
HOUSEHOLDS: LiteralString = (
    "SELECT household_id FROM households WHERE division >= %s AND division < %s AND household_id > %s"
    " ORDER BY household_id LIMIT %s"
)
PERSONS: LiteralString = (
    "SELECT DISTINCT m.person_id FROM members m JOIN households h USING (household_id)"
    " WHERE m.present AND h.division >= %s AND h.division < %s AND m.person_id > %s ORDER BY m.person_id LIMIT %s"
)
BEFORE_ALL = UUID(int=0)


class ProgrammeQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def in_force(self, day: date, place: str | None, after: str, limit: int) -> list[ProgrammeAnswer]:
        """By the editions' ids. ``place``: those that apply there; ``None``: those of all places."""
        known = self._documents.current().known(KIND)
        editions = (known.states[id_].edition for id_ in sorted(known.all_in_force(day, place)))
        found = (edition for edition in editions if edition.fact.kind == KIND and edition.id > after)
        return [ProgrammeAnswer.of(e.typed(programme_from), e) for e, _ in zip(found, range(limit), strict=False)]

    def tried(self, programme: Programme, division: str, day: date) -> TrialAnswer:
        """The edition on units of the register, as they are on that day; nothing is recorded."""
        found, more = self._findings(programme, division, day)
        counted = Counter(reason for finding in found for reason in finding.reasons)
        return TrialAnswer(
            explained=ProgrammeAnswer.of(programme), tried=len(found), more=more,
            eligible=sum(finding.eligible for finding in found),
            reasons=[ReasonCountAnswer.of(reason, counted[reason]) for reason in Reason if counted[reason]],
        )  # fmt: skip

    def _findings(self, programme: Programme, division: str, day: date) -> tuple[list[Finding], bool]:
        found: list[Finding] = []
        for candidate in self._candidates(programme.unit, division, day):
            if len(found) == MOST_TRIED:
                return found, True
            found.append(assess(programme, candidate))
        return found, False

    def _candidates(self, unit: UnitKind, division: str, day: date) -> Iterator[Candidate]:
        """Read range by range of ids, each in a transaction of its own. None of units outside of the register."""
        of_persons = unit in OF_PERSONS
        if not of_persons and unit is not UnitKind.HOUSEHOLD:
            return
        sql = PERSONS if of_persons else HOUSEHOLDS
        candidate_of = person_candidate if of_persons else household_candidate
        low, high = code_range(division)
        after = BEFORE_ALL
        while True:
            with self._store.reading() as conn, conn.cursor() as cur:
                ids = [row[0] for row in cur.execute(sql, (low, high, after, CHUNK)).fetchall()]
                about = _facts_about(cur, ids, of_persons=of_persons)
            yield from (candidate_of(each, about[each], day) for each in ids)
            if len(ids) < CHUNK:
                return
            after = ids[-1]


def _facts_about(cur: Cursor[Any], ids: Iterable[UUID], *, of_persons: bool) -> dict[UUID, list[Recorded]]:
    return facts_about_persons(cur, list(ids)) if of_persons else facts_about_households(cur, list(ids))
