"""What the register holds of a household on a day, as known at an instant: its facts, cases with their notices, visits, papers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.facts import Evidence, Recorded
from contracts.registry.consequences import ConsequencesKept
from contracts.selection import timeline
from services.casework.documents.reading import Documents
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, fold
from services.casework.procedures.store import stream_of as case_stream
from services.casework.records.answers import RecordAnswer
from services.casework.records.queries import FIRST, Asked, RecordQueries
from services.casework.records.reader import RecordReader
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.registry.consequences.domain import stream_of as shown_stream
from services.registry.households.lineage import household_timeline
from services.registry.households.queries import HouseholdQueries

MOST_RECORDS = 1_000
"""A visit a week for twenty years."""


@dataclass(frozen=True, slots=True)
class Held:
    """``facts``: of the household, those that stand; ``cases``: in the order of opening, with all facts of each; ``shown``: what was
    shown before each decision that kept it, with that decision's fact, in the order of the decisions."""

    facts: Sequence[Recorded]
    cases: Sequence[tuple[CaseState, Sequence[Recorded]]]
    records: Sequence[RecordAnswer]
    shown: Sequence[tuple[Recorded, Recorded]]

    def papers(self) -> Iterator[tuple[Recorded, Evidence]]:
        """What stands rests on, by its fact."""
        for recorded in (*self.facts, *(r for _, facts in self.cases for r in facts)):
            yield from ((recorded, cited) for cited in recorded.fact.evidence)


class DossierQueries:
    """Blocking: to be called in a thread."""

    def __init__(
        self, store: Store, households: HouseholdQueries, procedures: ProcedureRepository, documents: Documents, areas: str
    ) -> None:  # fmt: skip
        """``areas``: SQL of where each household is today."""
        self._store, self._households, self.procedures = store, households, procedures
        self._records = RecordReader(RecordQueries(store, areas), documents)

    def held(self, household_id: UUID, actor: Actor, day: date, known: datetime) -> Held:
        """Raises ``NOT_FOUND`` for a household outside the actor's area today."""
        self._households.division_in_area(household_id, actor)
        facts = [
            r
            for r in household_timeline(
                self._households.facts(household_id), self._households.facts, as_of=day, known_at=known
            )
            if r.stream.endswith(str(household_id))
        ]
        asked = Asked(
            division=actor.division, since=date.min, as_of=day, known_at=known, subject=household_id,
            closed=self._records.closed_to(actor),
        )  # fmt: skip
        found = self._records.queries.listed(asked, FIRST, MOST_RECORDS)
        shown = list(self._shown(household_id, day, known))
        return Held(facts, list(self._cases(household_id, day, known)), self._records.answers(found), shown)

    def _shown(self, household_id: UUID, day: date, known: datetime) -> Iterator[tuple[Recorded, Recorded]]:
        facts = self._store.stream(shown_stream(household_id))
        by_id = {r.id: r for r in facts}
        for kept in timeline(facts, as_of=day, known_at=known):
            if isinstance(kept.fact, ConsequencesKept):
                yield by_id[kept.fact.shown], kept

    def _cases(self, household_id: UUID, day: date, known: datetime) -> Iterator[tuple[CaseState, Sequence[Recorded]]]:
        sql = b"SELECT case_id FROM cases WHERE household_id = %s ORDER BY opened_on, case_id"
        with self._store.reading() as conn:
            ids = [row[0] for row in conn.execute(sql, (household_id,)).fetchall()]
        for case_id in ids:
            facts = list(timeline(self._store.stream(case_stream(case_id)), as_of=day, known_at=known))
            if (state := fold(facts)) is not None:
                yield state, facts
