"""Two engines must agree: the SQL view of the register, and the fold in memory over the same facts.

``LIKA_FAULTS=long`` writes many more histories, new ones each time; a failure prints how to reproduce it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from contracts.facts import Fact, Recorded
from contracts.quantities import Figures
from contracts.registry.households import PovertyStatus
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.registry.households.domain import state_on, stream_of
from services.registry.households.queries import HouseholdListItem, HouseholdQueries
from services.registry.households.store import PERIODS, save, view
from tests.properties.household_commands import LONG, Township, Wish, wishes

THOROUGH = settings(
    deadline=None,
    derandomize=not LONG,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NOBODY = UUID(int=0)


class TxPage:
    """A transaction of the real store, as the wishes see it."""

    def __init__(self, tx: Tx) -> None:
        self._tx, self.today = tx, tx.today

    def load(self, home: UUID) -> Sequence[Recorded]:
        return self._tx.load(stream_of(home))

    def save(self, decided: Mapping[UUID, Sequence[Fact]]) -> None:
        save(self._tx, decided)


class Registry:
    """A real store with its consumer, stepped by hand, and a clock that only goes forward."""

    def __init__(self, conninfo: str) -> None:
        self.clock = SimulatedClock(datetime(2014, 6, 1, tzinfo=UTC))
        self.store = Store("registry", conninfo, self.clock)
        self.reading = HouseholdQueries(self.store)
        self._numbers = count(1)

    def write(self, history: Sequence[Wish]) -> Township:
        """Carry out a history and let the view follow; some of it while the history goes on. Every history begins on
        a first of June, so that it comes to the same again when Hypothesis repeats it."""
        self.clock.step(datetime(self.clock.now().year + 1, 6, 1, tzinfo=UTC))
        township, granted = Township(next(self._numbers)), 0
        for number, wish in enumerate(history):
            granted += self.store.transact(lambda tx, wish=wish: township.carry_out(wish, TxPage(tx)))  # type: ignore[misc]
            self.clock.step(self.clock.now() + wish.wait)
            if number % 7 == 0:
                self.consume()
        self.consume()
        event(f"granted {granted * 4 // len(history) * 25} %")
        return township

    def consume(self) -> None:
        consumer = Consumer(self.store, LocalSource(self.store), (view(),))
        while consumer.position < self.store.head().position:
            consumer.step()

    def rows(self) -> list[tuple[Any, ...]]:
        columns = ", ".join(PERIODS.columns)
        with self.store.reading() as conn:
            return conn.execute(f"SELECT {columns} FROM {PERIODS.name} ORDER BY {columns}".encode()).fetchall()

    def rebuild(self) -> None:
        """From nothing: the view emptied, the cursor gone."""
        with self.store.reading() as conn, conn.transaction():
            conn.execute(f"TRUNCATE {PERIODS.name}".encode())
            conn.execute("DELETE FROM cursors")
        self.consume()

    def folded(self, township: Township, as_of: date, known_at: datetime) -> list[HouseholdListItem]:
        """What the lists ought to say."""
        lines = []
        for home in township.homes:
            facts = self.reading.facts(home)
            state = state_on(facts, self.reading.facts, as_of=as_of, known_at=known_at)
            if state.status is not None:
                number = state_on(facts, self.reading.facts).national_no
                lines.append(
                    HouseholdListItem(home, number, state.division, state.status, state.attribute, state.persons)
                )
        return sorted(lines, key=lambda line: (line.division, line.household_id))


@pytest.fixture(scope="module")
def registry(module_database: Callable[[str], str]) -> Iterator[Registry]:
    opened = Registry(module_database("registry"))
    yield opened
    opened.store.close()


@dataclass(frozen=True)
class Asked:
    """A question in numbers: near the n-th day and the n-th instant at which something changed, where a mistake would
    sit, or (``far``) up to that many days off."""

    day: int
    instant: int
    off: int
    far: int
    after: bool

    def about(self, registry: Registry, township: Township) -> tuple[date, datetime]:
        facts = [r for home in township.homes for r in registry.reading.facts(home)]
        days, instants = sorted({r.fact.effective_on for r in facts}), sorted({r.recorded_at for r in facts})
        as_of = days[self.day % len(days)] + timedelta(days=self.off + self.far)
        return as_of, instants[self.instant % len(instants)] + timedelta(microseconds=int(self.after))


ASKED = st.lists(
    st.builds(
        Asked,
        day=st.integers(0, 40),
        instant=st.integers(0, 40),
        off=st.integers(-1, 1),
        far=st.sampled_from([0, 0, 0, -30, 30, 400]),
        after=st.booleans(),
    ),
    min_size=10,
    max_size=25,
)


@settings(THOROUGH, max_examples=1500 if LONG else 30)
@given(history=wishes(), asked=ASKED)
def test_the_view_answers_as_the_fold_does(registry: Registry, history: list[Wish], asked: list[Asked]) -> None:
    township = registry.write(history)
    for as_of, known_at in (one.about(registry, township) for one in asked):
        lines = registry.reading.list_households(township.prefix, None, as_of, known_at, ("", NOBODY), 1000)
        expected = registry.folded(township, as_of, known_at)
        assert lines == expected
        sums: dict[PovertyStatus, Figures] = {}
        for line in expected:
            sums[line.status] = sums.get(line.status, Figures()) + Figures(1, line.persons)
        assert registry.reading.totals(township.prefix, as_of, known_at) == sums


@settings(THOROUGH, max_examples=100 if LONG else 4)
@given(histories=st.lists(wishes(), min_size=2, max_size=3))
def test_a_view_rebuilt_from_nothing_equals_the_live_one(registry: Registry, histories: list[list[Wish]]) -> None:
    for history in histories:
        registry.write(history)
    live = registry.rows()
    registry.rebuild()
    assert live
    assert registry.rows() == live


OVERLAPS = """
SELECT count(*) FROM household_periods AS a JOIN household_periods AS b USING (household_id)
WHERE a.ctid < b.ctid AND a.valid_from < b.valid_to AND b.valid_from < a.valid_to
  AND a.known_from < b.known_to AND b.known_from < a.known_to
"""


@settings(THOROUGH, max_examples=200 if LONG else 10)
@given(history=wishes())
def test_no_two_rectangles_of_a_household_overlap(registry: Registry, history: list[Wish]) -> None:
    """So at most one of them answers any question; whatever the other tests have written is looked at as well."""
    registry.write(history)
    with registry.store.reading() as conn:
        assert conn.execute(OVERLAPS).fetchone() == (0,)
        empty = "SELECT count(*) FROM household_periods WHERE valid_from >= valid_to OR known_from >= known_to"
        assert conn.execute(empty).fetchone() == (0,)
