"""The register and the audit that a true history is entered into, and what they hold of it afterwards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import timeline
from services.audit.areas import DivisionPrefix
from services.audit.statements import state as audit
from services.audit.statements import store as sums
from services.audit.statements.feed import stock_view
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.reading import Documents
from services.casework.findings.feed import CurrentEditions, FindingRows
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import TICK, SimulatedClock
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.views.view import View
from services.registry.findings.feed import household_findings_view
from services.registry.findings.store import CHECKS
from services.registry.households.bitemporal import UNTIL_CHANGED
from services.registry.households.domain import stream_of
from services.registry.households.lineage import household_timeline, with_ancestors
from services.registry.households.rehydration import state_on
from services.registry.households.state import Household, evolve
from services.registry.households.views import memberships_view, view
from tests.casework.findings.check_documents import KINDS, adopted, content
from tests.properties.data_entry import DataEntry, declare_villages
from tests.properties.detours import enter_all
from tests.properties.entry_orders import EntryOrder
from tests.properties.true_acts import FIRST_DAY, LAST_DAY, VILLAGES
from tests.properties.true_histories import TrueHistory

FIRST_YEAR, LAST_YEAR = FIRST_DAY.year, LAST_DAY.year


@dataclass(frozen=True, slots=True)
class HouseholdOnDay:
    """A household on one day, its ids put back into numbers."""

    status: PovertyStatus | None
    since: date | None
    village: str
    attribute: str
    members: frozenset[int]
    head: int | None
    born: frozenset[tuple[int, int]]
    relations: frozenset[tuple[int, str]]


class RecordedHistory:
    """What the register holds of a history, once everything is entered."""

    def __init__(self, register: "Register", entry: DataEntry) -> None:
        self.entry, self._register = entry, register
        households = range(len(entry.history.households))
        self.facts: Mapping[UUID, Sequence[Recorded]] = {
            (h := entry.household(n)): register.store.stream(stream_of(h)) for n in households
        }

    def relatives(self, household: UUID) -> Sequence[Recorded]:
        return self.facts[household]

    @cached_property
    def states(self) -> dict[tuple[int, date], Household]:
        return {
            (n, day): state_on(facts, self.relatives, as_of=day)
            for n, facts in enumerate(self.facts.values())
            for day in self.entry.history.days()
        }

    def on_days(self) -> dict[tuple[int, date], HouseholdOnDay]:
        person = self.entry.number_of_person
        return {
            at: HouseholdOnDay(
                s.status, s.status_since, s.division[-1:], s.attribute, frozenset(map(person, s.members)),
                person(s.head.person_id) if s.head is not None else None,
                frozenset((person(p), m.birth_year) for p, m in s.members.items()),
                frozenset((person(p), m.relation) for p, m in s.members.items()),
            )
            for at, s in self.states.items()
        }  # fmt: skip

    def listed(self) -> dict[tuple[int, date], tuple[Any, ...]]:
        """What the register's view shows as known now: status, village, attribute and size."""
        rows = self._register.rows_of(self.facts)
        return {
            (n, day): next((tuple(value) for first, end, *value in rows[household] if first <= day < end), ())
            for n, household in enumerate(self.facts)
            for day in self.entry.history.days()
        }

    def found_on_days(self) -> dict[tuple[int, date], list[tuple[Any, ...]]]:
        """What the check rules find as known now, persons and households put back into numbers."""
        person, rows = self.entry.number_of_person, self._register.findings_of(self.facts)
        return {
            (n, day): sorted(
                (rule, sorted(map(person, about)), grounds)
                for first, end, rule, about, grounds in rows[household]
                if first <= day < end
            )
            for n, household in enumerate(self.facts)
            for day in self.entry.history.days()
        }

    def require_memberships_alike(self) -> None:
        """The members on a household's page are, on every day, those that the exclusive periods say it has."""
        periods = self._register.memberships_of(self.facts)
        for (number, day), state in self.states.items():
            held = {p for p, first, end in periods[self.entry.household(number)] if first <= day < end}
            assert held == {*state.members}, (number, day)

    def audited(self) -> dict[tuple[int, date], audit.HouseholdState]:
        """What the audit's own fold says."""
        lines = {h: with_ancestors(facts, self.relatives) for h, facts in self.facts.items()}
        return {
            (n, day): audit.fold(timeline(line, of=household, as_of=day), household)
            for n, (household, line) in enumerate(lines.items())
            for day in self.entry.history.days()
        }

    def statements(self) -> list[Any]:
        """The audit's statements of every year, of the county and of each village."""
        areas = [self.entry.county, *(self.entry.village(n) for n in range(VILLAGES + 1))]
        return [self._register.statement(area) for area in areas]

    def require_nobody_twice(self) -> None:
        """On every day, as known after every act: as many persons over the households as there are different ones."""
        instants = sorted({r.recorded_at for facts in self.facts.values() for r in facts})
        for known_at in (instant + TICK for instant in instants):
            homes: dict[date, list[UUID]] = {day: [] for day in self.entry.history.days()}
            for household, facts in self.facts.items():
                for day, state in days_of(
                    household, household_timeline(facts, self.relatives, known_at=known_at), homes
                ):
                    if state.status is not PovertyStatus.CANCELLED:
                        homes[day] += state.members
            for day, persons in homes.items():
                assert len(persons) == len(set(persons)), (day, known_at)


def days_of(household: UUID, line: Sequence[Recorded], days: Iterable[date]) -> Iterator[tuple[date, Household]]:
    """The household's state at the end of each of these days, in one pass."""
    state, place = Household(), 0
    for day in days:
        while place < len(line) and line[place].fact.effective_on <= day:
            state, place = evolve(state, line[place]), place + 1
        yield day, state if state.id == household else Household()


class Register:
    """The registry's and the audit's stores, with consumers stepped by hand, and a clock that only goes forward."""

    def __init__(self, registry: str, audit: str) -> None:
        self.conninfo = registry
        self.clock = SimulatedClock(datetime(LAST_DAY.year + 1, 6, 1, tzinfo=UTC))
        self.store, self.audit = Store("registry", registry, self.clock), Store("audit", audit, self.clock)
        documents = Documents(self.store, KINDS)
        self.findings = household_findings_view(FindingRows(CHECKS, CurrentEditions(documents, CHECKS.key)))
        # By strict rules, so that what was entered gives findings.
        self.store.transact(lambda tx: tx.append(DOCUMENTS, *adopted(content("2014"))))
        self._consumers = [
            Consumer(self.store, LocalSource(self.store), (view(), self.findings)),
            Consumer(self.audit, LocalSource(self.store), (stock_view(),)),
        ]
        self.households: list[UUID] = []
        self._numbers = count(1)

    def close(self) -> None:
        self.store.close()
        self.audit.close()

    def enter(self, history: TrueHistory, order: EntryOrder) -> RecordedHistory:
        # Noon of a day of its own, so that it comes to the same again when Hypothesis repeats it.
        self.clock.step(self.clock.now().replace(hour=4) + timedelta(days=1))
        entry = DataEntry(self.store, self.clock, next(self._numbers), history)
        declare_villages(entry)
        for entered in enter_all(entry, order):
            if entered % 4 == 0:
                self.consume()
        self.consume()
        recorded = RecordedHistory(self, entry)
        self.households += recorded.facts
        return recorded

    def consume(self) -> None:
        head = self.store.position()
        for consumer in self._consumers:
            while consumer.position < head:
                consumer.step()
            assert consumer.parked_subjects() == 0

    def rows_of(self, households: Mapping[UUID, object]) -> dict[UUID, list[tuple[Any, ...]]]:
        found: dict[UUID, list[tuple[Any, ...]]] = {household: [] for household in households}
        with self.store.reading() as conn:
            for household, *row in conn.execute(
                "SELECT household_id, valid_from, valid_to, status, division, attribute, persons FROM household_periods"
                " WHERE household_id = ANY(%s) AND known_to = %s",
                ([*households], UNTIL_CHANGED),
            ):
                found[household].append(tuple(row))
        return found

    def findings_of(self, households: Mapping[UUID, object]) -> dict[UUID, list[tuple[Any, ...]]]:
        """As known now: first day, the day after the last, rule, whom it is about, grounds."""
        found: dict[UUID, list[tuple[Any, ...]]] = {household: [] for household in households}
        with self.store.reading() as conn:
            for household, *row in conn.execute(
                "SELECT subject, valid_from, valid_to, rule, about, grounds FROM findings"
                " WHERE subject = ANY(%s) AND known_to = %s",
                ([*households], UNTIL_CHANGED),
            ):
                found[household].append(tuple(row))
        return found

    def memberships_of(self, households: Mapping[UUID, object]) -> dict[UUID, list[tuple[UUID, date, date]]]:
        """By household: person, first day, the day after the last."""
        found: dict[UUID, list[tuple[UUID, date, date]]] = {household: [] for household in households}
        with self.store.reading() as conn:
            for household, *period in conn.execute(
                "SELECT holder, subject, valid_from, valid_to FROM exclusive_periods"
                " WHERE holder = ANY(%s) AND NOT final",
                ([*households],),
            ):
                found[household].append(tuple(period))
        return found

    def statement(self, division: str) -> list[Any]:
        with self.audit.reading() as conn:
            now = self.clock.now() + timedelta(days=1)
            return sums.statement(conn, DivisionPrefix(division), FIRST_YEAR, LAST_YEAR, now)

    def require_refolded_alike(self, households: Sequence[UUID]) -> None:
        """The views' live rows are those of folding everything again."""
        tables: Sequence[tuple[Store, View[UUID]]] = (
            (self.store, view()), (self.store, memberships_view()), (self.store, self.findings),
            (self.audit, stock_view()),
        )  # fmt: skip
        for store, of in tables:
            # The registry's views fold streams of its own log, the audit's copies of households.
            keys = [*households] if store is self.audit else [*map(stream_of, households)]
            require_refolded_alike(store, of, households, keys)


def require_refolded_alike(store: Store, of: View[Any], households: Sequence[UUID], keys: Sequence[Any]) -> None:
    """The view's live rows of these households are those of folding their subjects again. ``keys``: of the subjects."""
    before = rows_of(store, of, households)

    def again(tx: Tx) -> None:
        of.refold(tx.cur, tx.log, keys)

    store.transact(again, appends=False)
    assert rows_of(store, of, households) == before


def rows_of(store: Store, of: View[UUID], households: Sequence[UUID]) -> list[tuple[Any, ...]]:
    with store.reading() as conn:
        return [
            row
            for table in of.tables
            for row in sorted(
                conn.execute(
                    f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {table.subject} = ANY(%s)".encode(),
                    ([*households],),
                ).fetchall(),
                key=repr,
            )
        ]
