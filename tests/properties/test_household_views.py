"""The SQL view of the register must agree with folding the same facts in memory.

``LIKA_FAULTS=long`` draws many random histories; a failure prints how to reproduce it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from contracts.quantities import Figures
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from services.registry.households import lists
from services.registry.households.lists import HouseholdFilter, HouseholdListItem
from services.registry.households.queries import HouseholdQueries
from services.registry.households.rehydration import state_on
from services.registry.households.views import PERIODS, view
from tests.properties.drawn_commands import histories
from tests.properties.household_commands import Command, Township
from tests.properties.household_repositories import HouseholdRepository, TransactionRepository
from tests.support.long_run import LONG

SETTINGS = settings(
    deadline=None,
    derandomize=not LONG,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NO_HOUSEHOLD = UUID(int=0)


class Registry:
    """A real store with its view's consumer, stepped by hand, and a simulated clock."""

    def __init__(self, conninfo: str) -> None:
        self.clock = SimulatedClock(datetime(2014, 6, 1, tzinfo=UTC))
        self.store = Store("registry", conninfo, self.clock)
        self.reading = HouseholdQueries(self.store)
        self._numbers = count(1)

    def execute(self, history: Sequence[Command]) -> Township:
        """Execute a history; the view consumes it meanwhile and at the end. Every history starts on a first of June, so that
        it has the same course when Hypothesis repeats it."""
        self.clock.step(datetime(self.clock.now().year + 1, 6, 1, tzinfo=UTC))
        township, accepted = Township(next(self._numbers)), 0
        for number, command in enumerate(history):
            accepted += township.execute(command, self._within)
            self.clock.step(self.clock.now() + command.wait)
            if number % 7 == 0:
                self.consume()
        self.consume()
        event(f"accepted {accepted * 4 // len(history) * 25} %")
        return township

    def _within(self, carry_out: Callable[[HouseholdRepository], None]) -> None:
        self.store.transact(lambda tx: carry_out(TransactionRepository(tx)))

    def consume(self) -> None:
        consumer = Consumer(self.store, LocalSource(self.store), (view(),))
        while consumer.position < self.store.head().position:
            consumer.step()

    def rows(self) -> list[tuple[Any, ...]]:
        columns = ", ".join(PERIODS.columns)
        with self.store.reading() as conn:
            return conn.execute(f"SELECT {columns} FROM {PERIODS.name} ORDER BY {columns}".encode()).fetchall()

    def rebuild(self) -> None:
        """Empty the view, delete its cursor, and consume the log again."""
        with self.store.reading() as conn, conn.transaction():
            conn.execute(f"TRUNCATE {PERIODS.name}".encode())
            conn.execute("DELETE FROM cursors")
        self.consume()

    def folded(self, township: Township, as_of: date, known_at: datetime) -> list[HouseholdListItem]:
        """The lines that folding in memory gives."""
        lines = []
        for household in township.household_ids:
            facts = self.reading.facts(household)
            state = state_on(facts, self.reading.facts, as_of=as_of, known_at=known_at)
            if state.status is not None:
                number = state_on(facts, self.reading.facts).national_no
                monitored = state.monitoring
                status, kind = (None, None) if monitored is None else (monitored.status, monitored.kind)
                lines.append(
                    HouseholdListItem(
                        household, number, state.division, state.status, state.attribute, status, kind, state.persons
                    )
                )
        return sorted(lines, key=lambda line: (line.division, line.household_id))


@pytest.fixture(scope="module")
def registry(module_database: Callable[[str], str]) -> Iterator[Registry]:
    opened = Registry(module_database("registry"))
    yield opened
    opened.store.close()


@dataclass(frozen=True)
class Question:
    """A point in both times: ``off`` and ``far`` days from the ``day``-th effective day, at or just after the
    ``instant``-th recording."""

    day: int
    instant: int
    off: int
    far: int
    after: bool

    def point(self, registry: Registry, township: Township) -> tuple[date, datetime]:
        facts = [r for household in township.household_ids for r in registry.reading.facts(household)]
        days, instants = sorted({r.fact.effective_on for r in facts}), sorted({r.recorded_at for r in facts})
        as_of = days[self.day % len(days)] + timedelta(days=self.off + self.far)
        return as_of, instants[self.instant % len(instants)] + timedelta(microseconds=int(self.after))


QUESTIONS = st.lists(
    st.builds(
        Question,
        day=st.integers(0, 40),
        instant=st.integers(0, 40),
        off=st.integers(-1, 1),
        far=st.sampled_from([0, 0, 0, -30, 30, 400]),
        after=st.booleans(),
    ),
    min_size=10,
    max_size=25,
)


@settings(SETTINGS, max_examples=1500 if LONG else 8)
@given(history=histories(), questions=QUESTIONS)
def test_the_view_answers_as_the_fold_does(
    registry: Registry, history: list[Command], questions: list[Question]
) -> None:
    township = registry.execute(history)
    for as_of, known_at in (question.point(registry, township) for question in questions):
        lines = registry.reading.list_households(
            HouseholdFilter(division=township.prefix, as_of=as_of, known_at=known_at), ("", NO_HOUSEHOLD), 1000
        )
        expected = registry.folded(township, as_of, known_at)
        assert lines == expected
        for longest in (1, lists.LONGEST_WALK):
            require_pages(
                registry, HouseholdFilter(division=township.prefix, as_of=as_of, known_at=known_at), expected, longest
            )
        sums: dict[PovertyStatus, Figures] = {}
        for line in expected:
            sums[line.status] = sums.get(line.status, Figures()) + Figures(1, line.persons)
        assert registry.reading.totals(township.prefix, as_of, known_at) == sums


NARROWED: Sequence[dict[str, Any]] = (
    {}, {"status": PovertyStatus.REGISTERED}, {"status": PovertyStatus.EXITED}, {"monitoring": MonitoringStatus.MONITORED},
)  # fmt: skip


def require_pages(
    registry: Registry, asked: HouseholdFilter, expected: Sequence[HouseholdListItem], longest: int
) -> None:
    """Page by page, of all and of some, whether a page is walked to or, after so many entries, looked up by the times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "LONGEST_WALK", longest)
        for narrowed in NARROWED:
            found, after = list[HouseholdListItem](), ("", NO_HOUSEHOLD)
            while page := registry.reading.list_households(replace(asked, **narrowed), after, 2):
                found += page
                after = page[-1].division, page[-1].household_id
            assert found == [line for line in expected if all(getattr(line, k) == v for k, v in narrowed.items())]


@settings(SETTINGS, max_examples=100 if LONG else 2)
@given(written=st.lists(histories(), min_size=2, max_size=3))
def test_a_view_rebuilt_from_nothing_equals_the_live_one(registry: Registry, written: list[list[Command]]) -> None:
    for history in written:
        registry.execute(history)
    live = registry.rows()
    registry.rebuild()
    assert live
    assert registry.rows() == live


OVERLAPS = """
SELECT count(*) FROM household_periods AS a JOIN household_periods AS b USING (household_id)
WHERE a.ctid < b.ctid AND a.valid_from < b.valid_to AND b.valid_from < a.valid_to
  AND a.known_from < b.known_to AND b.known_from < a.known_to
"""


@settings(SETTINGS, max_examples=200 if LONG else 5)
@given(history=histories())
def test_no_two_rectangles_of_a_household_overlap(registry: Registry, history: list[Command]) -> None:
    """So at most one of them answers any question. The histories of the other tests are checked as well."""
    registry.execute(history)
    with registry.store.reading() as conn:
        assert conn.execute(OVERLAPS).fetchone() == (0,)
        empty = "SELECT count(*) FROM household_periods WHERE valid_from >= valid_to OR known_from >= known_to"
        assert conn.execute(empty).fetchone() == (0,)
