"""The registry, and two who copy its log: audit all of it, assistance some types."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from contracts.facts import Recorded
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.integrity import comparing, continuous, record, whole, writing
from services.chassis.integrity.comparing import Copied
from services.chassis.integrity.continuous import ContinuousComparison
from services.chassis.log import digests
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from tests.chassis.sample import enrolled, exited, stream_of
from tests.support.silent_edits import edit_silently

SUBSCRIBED = frozenset({"HouseholdEnrolled"})


class Nothing:
    """A reaction that brings nothing about; its service keeps copies all the same."""

    name, types, appends = "nothing", SUBSCRIBED, False

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """See the class."""


@dataclass
class Compared:
    """A service that compares: ``look`` lets it see all there is now, as its thread would."""

    store: Store
    producer: Store | None = None
    types: frozenset[str] | None = None
    comparison: ContinuousComparison = field(init=False)

    def __post_init__(self) -> None:
        self.comparison = self.new_comparison()

    def new_comparison(self) -> ContinuousComparison:
        """One that spares nobody."""
        copied = [Copied(self.producer.name, LocalSource(self.producer), self.types)] if self.producer else []
        return ContinuousComparison(self.store, copied, share=1)

    def follow(self) -> None:
        """Read the producer's log to its end."""
        assert self.producer is not None
        consumer = Consumer(self.store, LocalSource(self.producer), [Nothing()], keeps_all=self.types is None)
        while consumer.position < self.producer.position():
            consumer.step()

    def look(self) -> dict[tuple[str, int], str]:
        """(log, position) → what was altered, of all that differs."""
        with self.store.connect() as conn:
            for part in self.comparison._parts:
                part.begin(conn)
            self.comparison.round(conn, 0)
        return self.known()

    def known(self) -> dict[tuple[str, int], str]:
        with self.store.reading() as conn:
            found = record.differences(conn, ("", 0), 10_000)
        return {(f.difference.log, f.difference.position): f.difference.altered for f in found if f.gone_at is None}

    def edit(self, *statements: str) -> None:
        """As whoever owns the server could."""
        edit_silently(self.store._conninfo, *statements)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.store.reading() as conn:
            return conn.execute(sql.encode()).fetchall()


@dataclass
class Trio:
    registry: Compared
    audit: Compared
    assistance: Compared

    @property
    def all(self) -> tuple[Compared, ...]:
        return self.registry, self.audit, self.assistance

    def grow(self, households: int = 10) -> None:
        """Two facts of each household, of which assistance copies the first, read and compared by all."""

        def work(tx: Tx) -> None:
            for household in [uuid4() for _ in range(households)]:
                tx.append(stream_of(household), enrolled(household))
                tx.append(stream_of(household), exited(household))

        self.registry.store.transact(work)
        self.audit.follow()
        self.assistance.follow()
        assert [each.look() for each in self.all] == [{}, {}, {}]


@pytest.fixture(scope="module")
def stores(module_database: Callable[[str], str]) -> Iterator[tuple[Store, Store, Store]]:
    with ExitStack() as closing:
        opened = [
            Store(name, module_database("chassis"), SystemClock()) for name in ("registry", "audit", "assistance")
        ]
        for store in opened:
            closing.callback(store.close)
        yield opened[0], opened[1], opened[2]


@pytest.fixture
def trio(stores: tuple[Store, Store, Store], monkeypatch: pytest.MonkeyPatch) -> Trio:
    """With nothing in their tables; stretches are short, so that a few entries fill several, and passes follow at once."""
    monkeypatch.setattr(continuous, "PASS_EVERY", 0)
    for module in (digests, comparing, continuous, writing, record, whole):
        monkeypatch.setattr(module, "STRETCH", 8)
    registry, audit, assistance = stores
    new = Trio(Compared(registry), Compared(audit, registry), Compared(assistance, registry, SUBSCRIBED))
    for each in new.all:
        each.edit("TRUNCATE log, copies, log_digests, cursors, integrity_progress, integrity_differences")
    return new
