"""Who may see which record, and what is answered of it."""

from collections.abc import Sequence
from datetime import datetime

from contracts.facts import Recorded
from contracts.selection import known
from services.casework.documents.reading import Documents
from services.casework.records.answers import FullRecordAnswer, RecordAnswer, fact_answer, record_answer
from services.casework.records.kinds import is_hidden, kind_told, kinds_closed_to, ledgers
from services.casework.records.queries import FoundRecord, RecordQueries
from services.casework.records.state import RecordState, number_of, records
from services.casework.records.streams import RecordId
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor


class RecordReader:
    """Blocking: to be called in a thread."""

    def __init__(self, queries: RecordQueries, documents: Documents) -> None:
        self.queries, self._documents = queries, documents

    def closed_to(self, actor: Actor) -> frozenset[str]:
        """Kinds that the actor may not read."""
        return kinds_closed_to(actor, self._documents.own().as_known())

    def ledgers(self) -> dict[str, frozenset[str]]:
        """Kind → the kinds that strike its entries off."""
        return ledgers(self._documents.own().as_known())

    def answers(self, found: Sequence[FoundRecord]) -> list[RecordAnswer]:
        lookup = self._documents.current()
        return [
            record_answer(
                one.told, one.status, kind_told(lookup, one.fact.kind, one.fact.edition), one.id, one.division
            )
            for one in found
        ]

    def seen(
        self, record: RecordId, actor: Actor, known_at: datetime | None = None
    ) -> tuple[RecordState, str, list[Recorded]]:
        """The record, where its subject is today, and every fact about it, as known then. Raises ``NOT_FOUND`` for a record
        that is not for the actor; who did or entered it sees it always."""
        facts = known(self.queries.facts(record), known_at)
        state = records(facts).get(record.number)
        if state is None:
            raise Refused(NOT_FOUND)
        fact = state.fact
        division = fact.place or self.queries.area(record.subject)
        if not actor.covers(division) or is_hidden(fact, actor, self.closed_to(actor)):
            raise Refused(NOT_FOUND)
        return state, division, [r for r in facts if number_of(r) == record.number]

    def full(self, record: RecordId, actor: Actor, known_at: datetime | None) -> FullRecordAnswer:
        """Raises ``NOT_FOUND`` as ``seen``."""
        state, division, facts = self.seen(record, actor, known_at)
        fact = state.fact
        kind = kind_told(self._documents.current(), fact.kind, fact.edition)
        answer = record_answer(state.told, state.status, kind, record, division)
        came = fact.attendance
        return FullRecordAnswer(
            **answer.model_dump(), persons=list(came.persons) if came else [],
            households=list(came.households) if came else [], facts=[fact_answer(r) for r in facts],
        )  # fmt: skip
