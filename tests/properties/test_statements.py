"""What SQL sums over audit's tables must agree with the register's own folding of the same facts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.facts import Fact, Recorded
from contracts.quantities import Figures
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.households import HouseholdMoved
from contracts.registry.members import MemberDied
from contracts.registry.merges import PersonsMerged
from contracts.registry.monitoring import EliminationWithdrawn, MonitoringStarted, RiskEliminated
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.registry.reasons import CancelReason
from services.audit.areas import DivisionPrefix
from services.audit.statements import store as statement_store
from services.audit.statements.domain import OUTGOING, STOCKS, AnyLine, Line, MonitoringLine, StatementRow, StockOf
from services.audit.statements.feed import stock_view
from services.audit.statements.store import POOR, Counted
from services.chassis.following import copies
from services.chassis.ground.clock import SystemClock
from services.chassis.log.entries import Entry, topic_of
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.views.view import View
from services.registry.households.lineage import household_timeline
from services.registry.households.rehydration import state_on
from services.registry.households.state import Household, evolve
from tests.audit.fact_builders import InMemoryLog
from tests.properties.histories import COMMANDS, DAYS, MONITORED_KINDS, Command, County
from tests.support.long_run import LONG

FIRST, LAST = 2014, 2017
MOVES: set[AnyLine] = {Line.MOVED_IN, Line.MOVED_OUT}

properties = settings(
    deadline=None,
    max_examples=300 if LONG else 15,
    derandomize=not LONG,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass
class AuditTables:
    """Audit's tables, written as its consumer writes them; every example is a county of its own."""

    store: Store
    view: View[UUID] = field(default_factory=stock_view)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    head: int = 0

    def record_county(self, commands: Iterable[Command], batch: int) -> County:
        """Execute the commands in a new county, and consume its facts in batches."""
        county = County(next(self.numbers), InMemoryLog(start=self.head))
        for command in commands:
            county.execute(command)
        entries = county.register.entries
        for start in range(0, len(entries), batch):
            self.store.transact(partial(self._consume, facts=entries[start : start + batch]), appends=False)
        self.head += len(entries)
        return county

    def _consume(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        copies.store_copies(tx.cur, "registry", map(entry_of, facts))
        self.view.apply(tx, facts)

    def statement(self, division: str, before: datetime, of: Counted = POOR) -> list[StatementRow]:
        with self.store.reading() as conn:
            return statement_store.statement(conn, DivisionPrefix(division), FIRST, LAST, before, of)

    def stock(self, division: str, as_of: date, before: datetime, of: Counted = POOR) -> Figures:
        with self.store.reading() as conn:
            start = ("", UUID(int=0))
            found = statement_store.list_stock(conn, DivisionPrefix(division), as_of, before, start, 10_000, of)
        return Figures(len(found), sum(s.persons for s in found))

    def rows_of(self, households: Sequence[Any]) -> list[list[tuple[Any, ...]]]:
        with self.store.reading() as conn:
            return [
                sorted(
                    conn.execute(f"SELECT * FROM {table} WHERE household = ANY(%s)".encode(), (households,)),
                    key=repr,
                )
                for table in ("stock_periods", "movements")
            ]


def entry_of(r: Recorded) -> Entry:
    return Entry(r.position, r.stream, r.version, topic_of(r.fact), r.payload, r.recorded_at, r.command_id, r.actor)


@pytest.fixture(scope="module")
def audit(module_database: Callable[[str], str]) -> Iterator[AuditTables]:
    store = Store("audit", module_database("audit"), SystemClock())
    yield AuditTables(store)
    store.close()


def instants(county: County) -> st.SearchStrategy[datetime]:
    """The instant of each recording, a microsecond after it, and a day after the last."""
    tick = timedelta(microseconds=1)
    known = [r.recorded_at for r in county.register.entries] or [county.now]
    return st.one_of(
        st.sampled_from(known), st.sampled_from([k + tick for k in known]), st.just(county.now + timedelta(days=1))
    )


@properties
@given(commands=COMMANDS)
def test_counties_with_the_same_commands_differ_in_their_ids_alone(commands: list[Command]) -> None:
    """So an example has the same course when Hypothesis repeats it in another county."""
    first, second = County(1, InMemoryLog()), County(2, InMemoryLog(start=1000))
    for county in (first, second):
        for command in commands:
            county.execute(command)
    one, other = (
        [(r.fact.type_name, r.fact.effective_on, r.recorded_at, r.version) for r in county.register.entries]
        for county in (first, second)
    )
    assert one == other


ASKED = [POOR, Counted(StockOf.MONITORING), *(Counted(StockOf.MONITORING, kind) for kind in MONITORED_KINDS)]
"""Poor households; monitored ones, and those of each kind."""


@properties
@given(commands=COMMANDS, batch=st.integers(1, 12), of=st.sampled_from(ASKED), data=st.data())
def test_the_stock_in_sql_is_the_stock_in_memory(
    audit: AuditTables, commands: list[Command], batch: int, of: Counted, data: st.DataObject
) -> None:
    county = audit.record_county(commands, batch)
    for _ in range(4):
        as_of, before = data.draw(DAYS), data.draw(instants(county))
        for division in (county.code, data.draw(st.sampled_from(county.villages))):
            states = [
                state_on(county.facts_of(h), county.facts_of, as_of=as_of, known_at=before) for h in county.households
            ]
            here = [s for s in states if is_counted(s, of) and s.division.startswith(division)]
            expected = Figures(len(here), sum(s.persons for s in here))
            assert audit.stock(division, as_of, before, of) == expected


@properties
@given(commands=COMMANDS, batch=st.integers(1, 12), of=st.sampled_from(ASKED), data=st.data())
def test_every_statement_balances_and_is_the_sum_of_its_households_and_of_its_divisions(
    audit: AuditTables, commands: list[Command], batch: int, of: Counted, data: st.DataObject
) -> None:
    county = audit.record_county(commands, batch)
    before = data.draw(instants(county))
    for division, parts in ((county.code, county.townships), (county.townships[0], county.villages[:2])):
        rows = audit.statement(division, before, of)
        assert [row.difference for row in rows] == [Figures()] * len(rows)
        assert [row.opening for row in rows[1:]] == [row.closing for row in rows[:-1]]
        assert [dict(row.changes) for row in rows] == summed_over_households(county, division, before, of)
        for whole, *of_parts in zip(rows, *(audit.statement(part, before, of) for part in parts), strict=True):
            require_sum(whole, of_parts)
    if of == POOR:
        kinds = [audit.statement(county.code, before, kind) for kind in ASKED[1:]]
        for row, *of_kinds in zip(*kinds, strict=True):
            assert row.closing == sum((k.closing for k in of_kinds), start=Figures())


@properties
@given(commands=COMMANDS, batch=st.integers(1, 12))
def test_folding_everything_again_from_the_copies_changes_nothing(
    audit: AuditTables, commands: list[Command], batch: int
) -> None:
    county = audit.record_county(commands, batch)
    live = audit.rows_of(county.households)

    def fold_again(tx: Tx) -> None:
        audit.view.refold(tx.cur, tx.log, county.households)

    audit.store.transact(fold_again, appends=False)
    assert audit.rows_of(county.households) == live


def require_sum(whole: StatementRow, parts: Sequence[StatementRow]) -> None:
    """Moves between the parts do not count for the whole: only the balance of moves adds up."""

    def total(figures: Iterable[Figures]) -> Figures:
        return sum(figures, start=Figures())

    assert whole.opening == total(p.opening for p in parts)
    assert whole.closing == total(p.closing for p in parts)
    for line in set(whole.changes) - MOVES:
        assert whole.changes[line] == total(p.changes[line] for p in parts)
    assert whole.changes[Line.MOVED_IN] - whole.changes[Line.MOVED_OUT] == total(
        p.changes[Line.MOVED_IN] - p.changes[Line.MOVED_OUT] for p in parts
    )


LINES_OF: Mapping[StockOf, Mapping[type[Fact], AnyLine]] = {
    StockOf.POVERTY: {
        HouseholdEnrolled: Line.IDENTIFIED,
        HouseholdReturned: Line.RETURNED,
        HouseholdReinstated: Line.MOVED_IN,
        HouseholdExited: Line.EXITED,
        HouseholdRemoved: Line.REMOVED,
        HouseholdCancelled: Line.CANCELLED,
    },
    StockOf.MONITORING: {
        MonitoringStarted: MonitoringLine.STARTED,
        EliminationWithdrawn: MonitoringLine.WITHDRAWN,
        HouseholdReinstated: Line.MOVED_IN,
        RiskEliminated: MonitoringLine.ELIMINATED,
        HouseholdCancelled: MonitoringLine.ENDED,
    },
}
ENDS = {Line.CANCELLED, MonitoringLine.ENDED}


def summed_over_households(
    county: County, division: str, before: datetime, of: Counted
) -> list[dict[AnyLine, Figures]]:
    """The lines of each year as the register's fold gives them: what each fact changed in the division's stock."""
    years: list[dict[AnyLine, Figures]] = [
        {line: Figures() for line in STOCKS[of.stock].lines} for _ in range(FIRST, LAST + 1)
    ]
    for household in county.households:
        state, emptied_on = Household(), None
        for recorded in household_timeline(county.facts_of(household), county.facts_of, known_at=before):
            was, state, day = state, evolve(state, recorded), recorded.fact.effective_on
            if state.id != household:
                continue  # an ancestor's
            was = was if was.id == household else Household()
            change = counted(state, division, of) - counted(was, division, of)
            line = line_of(recorded, change, of)
            if FIRST <= day.year <= LAST and change != Figures():
                year = years[day.year - FIRST]
                year[line] += -change if line in OUTGOING else change
                if isinstance(recorded.fact, HouseholdCancelled) and recorded.fact.reason is CancelReason.MERGED:
                    # Its members go on in another household: a change of size here and there.
                    year[line] += Figures(0, change.persons)
                    year[Line.SIZE_CHANGE] += Figures(0, change.persons)
                elif line in ENDS and emptied_on == day:
                    # The last member left by ``cancelled``: the death is no change of size as well.
                    year[line] += Figures(0, 1)
                    year[Line.SIZE_CHANGE] += Figures(0, 1)
            if (
                isinstance(recorded.fact, MemberDied | PersonsMerged)
                and is_counted(was, of)
                and (was.persons, state.persons) == (1, 0)
            ):
                emptied_on = day
            elif state != was:
                emptied_on = None
    return years


def is_counted(state: Household, of: Counted) -> bool:
    if of.stock is StockOf.POVERTY:
        return state.in_stock
    monitored = state.monitoring
    return monitored is not None and monitored.counted and of.kind in (None, monitored.kind)


def counted(state: Household, division: str, of: Counted) -> Figures:
    here = is_counted(state, of) and state.division.startswith(division)
    return Figures(1, state.persons) if here else Figures()


def line_of(recorded: Recorded, change: Figures, of: Counted) -> AnyLine:
    if isinstance(recorded.fact, HouseholdMoved):
        return Line.MOVED_IN if change.households > 0 else Line.MOVED_OUT
    return LINES_OF[of.stock].get(type(recorded.fact), Line.SIZE_CHANGE)
