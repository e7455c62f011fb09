"""What would follow in the register itself: what is recorded of households, lines of statements that change, and open cases that lose
their ground."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from contracts.consequences import ConsequenceEffect, ConsequenceLine
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.members import MemberDied, MemberLeft
from contracts.registry.monitoring import RiskEliminated
from contracts.registry.poverty_status import HouseholdExited, HouseholdRemoved
from services.chassis.following.foresight import Foretold, Question, details, in_order, line_of, recorded_of
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.registry.corrections.consequence_queries import GroundlessCases
from services.registry.corrections.consequences import as_mapping, line_changes
from services.registry.households.domain import stream_of
from services.registry.households.store import relatives_in
from services.registry.messages import say

STATEMENT_LINE, CASE_WITHOUT_GROUND = "statement_line", "case_without_ground"
ENDS = (HouseholdExited, HouseholdRemoved, HouseholdCancelled, MemberDied, MemberLeft, RiskEliminated)


class _Effects(Mapping[type[Fact], ConsequenceEffect]):
    """Of every fact about a household."""

    def __getitem__(self, kind: type[Fact]) -> ConsequenceEffect:
        return ConsequenceEffect.STOPS if kind in ENDS else ConsequenceEffect.CHANGES

    def __iter__(self) -> Iterator[type[Fact]]:
        return iter(ENDS)

    def __len__(self) -> int:
        return len(ENDS)


class RegisterForesight:
    """Implements ``Foresight``."""

    def __init__(self, store: Store, groundless: GroundlessCases) -> None:
        self._store, self._groundless = store, groundless

    def foretell(self, question: Question) -> Foretold:
        facts = [r for r in recorded_of(question) if isinstance(r.fact, HouseholdFact)]
        return self._store.on_snapshot(lambda tx: self._foretell(tx, facts))

    def _foretell(self, tx: Tx, facts: Sequence[Recorded]) -> Foretold:
        added = {
            UUID(stream.removeprefix("household-")): list(of)
            for stream, of in groupby(sorted(facts, key=attrgetter("stream", "position")), key=attrgetter("stream"))
            if stream.startswith("household-")
        }
        known = relatives_in(tx)
        will = as_mapping(
            {household: (*tx.load(stream_of(household)), *new) for household, new in added.items()}, known
        )
        changed, groundless = say("consequence_statement_line"), say("consequence_case_without_ground")
        deciding = {getattr(r.fact, "case_id", None) for r in facts}
        day = min((r.fact.effective_on for new in added.values() for r in new), default=tx.today)
        lines = [
            *(line_of(tx.log, r.fact, _Effects()) for new in added.values() for r in new),
            *(
                ConsequenceLine(
                    service=tx.log, effect=ConsequenceEffect.CHANGES, what=STATEMENT_LINE, on=date(year, 12, 31),
                    zh=changed.zh, en=changed.en,
                    details=details(
                        year=year, division=division, line=line, households=figures.households, persons=figures.persons
                    ),
                )
                for (year, division, line), figures in line_changes([*added], known, will).items()
            ),
            *(
                ConsequenceLine(
                    service=tx.log, effect=ConsequenceEffect.TO_DECIDE, what=CASE_WITHOUT_GROUND, on=day,
                    household_id=case.household_id, zh=groundless.zh, en=groundless.en,
                    details=details(case_id=case.case_id, procedure=case.procedure),
                )
                for case in self._groundless.among(tx, [*added], will)
                if case.case_id not in deciding
            ),
        ]  # fmt: skip
        return Foretold(service=tx.log, position=tx.head, lines=in_order(lines))
