"""Rebuilding the views of a service that reads another one's log: copied ahead where nothing can be lost by it, and what
was parked is digested again afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from contracts.facts import Recorded
from contracts.registry.poverty_status import HouseholdEnrolled
from services.chassis import rebuild_service
from services.chassis.environment import Environment
from services.chassis.following.consumer import Consumer
from services.chassis.following.copied_types import lacking_copies, note_copied_types
from services.chassis.following.parking import parked_entries
from services.chassis.following.reactions import Reaction
from services.chassis.following.sources import LocalSource, Page
from services.chassis.ground.settings import Settings
from services.chassis.integrity.comparing import Copied, compare_unwritten
from services.chassis.integrity.whole import LogAltered
from services.chassis.integrity.writing import write_own, write_published
from services.chassis.log.store import Store
from services.chassis.rebuild_service import NoSuchView, RebuildResult, UpgradeRunning, rebuild
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.verifier import Verifier
from services.chassis.service import Service
from services.chassis.views import prefetch
from services.chassis.views.table import Row
from services.chassis.views.view import View, view_of_households
from services.chassis.views.worker_pool import WorkerPool
from tests.chassis.conftest import OpenStore
from tests.chassis.following.test_consumer import Answers, until_head
from tests.chassis.sample import (
    FOLLOWED,
    STANDING,
    create_view_table,
    enrolled,
    exited,
    insert_entry,
    record,
    rows,
    status_rows,
)
from tests.chassis.views.rebuilding import view_rows
from tests.support.silent_edits import edit_silently

SICK: set[UUID] = set()
"""Households whose facts break the fold, until somebody repairs it."""


def fragile(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    if household in SICK:
        raise ZeroDivisionError
    return status_rows(household, facts)


def copied_view() -> View[UUID]:
    return view_of_households("standing", (STANDING,), FOLLOWED, "registry", fragile)


@dataclass
class Reader:
    """A service that reads the registry of a test."""

    service: Service
    producer: Store

    @property
    def store(self) -> Store:
        return self.service.store

    def consumer(self) -> Consumer:
        reactions = self.service.reads["registry"]
        return Consumer(self.store, LocalSource(self.producer), reactions, keeps_all=self.service.keeps_all)

    def rebuild(self, *names: str, source: LocalSource | None = None) -> RebuildResult:
        sources = {"registry": source or LocalSource(self.producer)}
        with WorkerPool(1) as workers:
            return rebuild(self.service, names or None, sources, workers, lambda *_: None, confirmed=False)

    def cursor(self) -> int:
        return sum(p for (p,) in rows(self.store, "SELECT position FROM cursors WHERE log = 'registry'"))

    def copied(self) -> list[int]:
        return [p for (p,) in rows(self.store, "SELECT notification_id FROM copies ORDER BY 1")]


MakeReader = Callable[..., Reader]


def no_data_keys() -> DataKeys:
    raise AssertionError("nothing is sealed here")


@pytest.fixture
def reads(
    open_store: OpenStore, database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MakeReader:
    SICK.clear()
    monkeypatch.setattr(rebuild_service, "LAG", 5)
    monkeypatch.setattr(prefetch, "PAGE", 7)

    def made(*reactions: Reaction, keeps_all: bool = False) -> Reader:
        at, settings = database("chassis"), Settings(data_dir=tmp_path)
        environment = Environment(
            settings, lambda _: at, Verifier.of(settings, now=lambda: datetime.now(UTC)), no_data_keys
        )
        store = open_store("reader", at)
        create_view_table(store)
        service = Service("reader", "Reader", environment, store, reads={"registry": reactions}, keeps_all=keeps_all)
        return Reader(service, open_store("registry"))

    return made


def loaded(reader: Reader, count: int = 20) -> list[UUID]:
    """So many households in the registry, with two facts each."""
    homes = [uuid4() for _ in range(count)]
    for home in homes:
        record(reader.producer, enrolled(home), exited(home))
    return homes


def test_what_a_former_release_passed_over_is_copied_by_the_rebuild_of_the_one_that_follows_it(
    reads: MakeReader,
) -> None:
    former = frozenset({HouseholdEnrolled.type_name})
    reader = reads(view_of_households("standing", (STANDING,), former, "registry", fragile))
    homes = loaded(reader)
    until_head(reader.consumer())
    assert reader.copied() == list(range(1, 41, 2))
    later = Reader(
        Service(
            "reader", "Reader", reader.service.environment, reader.store, reads={"registry": (copied_view(),)}
        ),
        reader.producer,
    )  # fmt: skip
    with reader.store.reading() as conn:
        assert lacking_copies(conn, "registry") == {"HouseholdExited": 40, "FactsAnnulled": 40}
        copied = Copied("registry", LocalSource(reader.producer), FOLLOWED)
        # What was passed over is no copy that somebody took away.
        assert compare_unwritten(conn, copied, 0, 40) == []
        with WorkerPool(1) as workers:
            sources = {"registry": LocalSource(reader.producer)}
            (report,) = rebuild(later.service, None, sources, workers, lambda *_: None, confirmed=True).reports
        assert report.swapped
        assert lacking_copies(conn, "registry") == {}
        assert compare_unwritten(conn, copied, 0, 40) == []
    assert reader.copied() == list(range(1, 41))
    assert [(h, s) for h, s, _ in view_rows(reader.store)] == [(h, "HouseholdExited") for h in sorted(homes)]
    record(reader.producer, enrolled(homes[0]), exited(homes[0]))
    until_head(later.consumer())
    assert reader.copied() == list(range(1, 43))


def test_a_type_that_is_given_up_and_followed_again_lacks_what_was_said_meanwhile(reads: MakeReader) -> None:
    reader = reads(copied_view())
    fewer = view_of_households("standing", (STANDING,), frozenset({"HouseholdEnrolled"}), "registry", fragile)
    with reader.store.reading() as conn:
        assert lacking_copies(conn, "registry") == {}
        note_copied_types(conn, "reader", {"registry": (fewer,)})
        reader.service.reads = {"registry": (fewer,)}
        loaded(reader, 3)
        until_head(reader.consumer())
        note_copied_types(conn, "reader", {"registry": (copied_view(),)})
        assert lacking_copies(conn, "registry") == {"HouseholdExited": 6, "FactsAnnulled": 6}


def test_a_log_that_nobody_followed_is_copied_folded_and_then_followed_from_there(reads: MakeReader) -> None:
    reader = reads(copied_view())
    homes = loaded(reader)
    (report,) = reader.rebuild().reports
    assert (report.swapped, report.compared, report.events, report.position) == (True, "unread", 40, 40)
    assert reader.copied() == list(range(1, 41))
    assert reader.cursor() == 40
    assert [(h, s) for h, s, _ in view_rows(reader.store)] == [(h, "HouseholdExited") for h in sorted(homes)]
    record(reader.producer, enrolled(homes[0]))
    consumer = reader.consumer()
    until_head(consumer)
    assert consumer.position == 41


def test_a_producer_that_goes_away_halfway_costs_nothing_but_the_rest(reads: MakeReader) -> None:
    reader = reads(copied_view())
    loaded(reader)

    class GoesAway(LocalSource):
        def read(self, cursor: int, limit: int) -> Page:
            if cursor >= 14:
                raise ConnectionError
            return super().read(cursor, limit)

    with pytest.raises(ConnectionError):
        reader.rebuild(source=GoesAway(reader.producer))
    assert (reader.copied(), reader.cursor(), view_rows(reader.store)) == (list(range(1, 15)), 0, [])
    assert reader.rebuild().reports[0].events == 40
    assert reader.cursor() == 40


def test_where_something_appends_the_consumer_sees_every_fact_in_its_turn(reads: MakeReader) -> None:
    reader = reads(copied_view(), Answers())
    homes = loaded(reader)
    (report,) = reader.rebuild().reports
    assert (report.events, reader.copied(), reader.cursor()) == (0, [], 0)
    until_head(reader.consumer())
    assert len(rows(reader.store, "SELECT 1 FROM log")) == len(homes)
    (report,) = reader.rebuild().reports
    assert (report.swapped, report.compared, report.differences.rows, report.events) == (True, "compared", 0, 40)
    assert (reader.cursor(), len(rows(reader.store, "SELECT 1 FROM log"))) == (40, len(homes))


def test_who_keeps_a_log_without_reacting_to_it_has_it_copied_with_its_cursor(reads: MakeReader) -> None:
    reader = reads(keeps_all=True)
    loaded(reader)
    insert_entry(reader.producer, "anything", "NotYetInvented/1", b"{}")
    assert reader.rebuild().reports == []
    assert (reader.cursor(), reader.copied()) == (41, list(range(1, 42)))


def test_copies_that_the_consumer_has_made_are_gone_on_from(reads: MakeReader) -> None:
    reader = reads(copied_view())
    homes = loaded(reader)
    consumer = Consumer(reader.store, LocalSource(reader.producer), reader.service.reads["registry"], batch=9)
    consumer.step()
    (report,) = reader.rebuild().reports
    assert (report.swapped, report.differences.rows, report.left_out) == (True, 0, len(homes) - 4)
    assert (reader.cursor(), reader.copied()) == (40, list(range(1, 41)))


def test_what_no_longer_fails_is_digested_after_the_rebuild_and_the_rest_stays_parked(reads: MakeReader) -> None:
    reader = reads(copied_view())
    cured, ill, well = (uuid4() for _ in range(3))
    SICK.update((cured, ill))
    record(reader.producer, *(enrolled(home) for home in (cured, ill, well)), exited(cured))
    until_head(reader.consumer())
    assert [h for h, *_ in view_rows(reader.store)] == [well]
    SICK.remove(cured)
    result = reader.rebuild()
    assert (result.reports[0].failed, result.reports[0].swapped) == (1, True)
    assert sorted(h for h, *_ in view_rows(reader.store)) == sorted([cured, well])
    assert {(r.subject, r.digested, r.left) for r in result.released} == {(str(cured), 2, 0), (str(ill), 0, 1)}
    with reader.store.reading() as conn:
        assert [(p.subject, p.error) for p in parked_entries(conn)] == [(str(ill), "ZeroDivisionError")]


def test_a_view_that_does_not_exist_is_named_and_the_others_listed(reads: MakeReader) -> None:
    reader = reads(copied_view())
    with pytest.raises(NoSuchView, match="standing"):
        reader.rebuild("households")


def test_while_two_releases_run_nothing_is_rebuilt(reads: MakeReader) -> None:
    reader = reads(copied_view())
    loaded(reader)
    rows(reader.store, "INSERT INTO replicas VALUES (gen_random_uuid(), '0', '{}', now(), now()) RETURNING id")
    with pytest.raises(UpgradeRunning):
        reader.rebuild()
    rows(reader.store, "UPDATE replicas SET seen_at = now() - interval '11 seconds' RETURNING id")
    assert reader.rebuild().reports[0].swapped


def test_a_type_that_this_release_does_not_know_is_not_passed_over(reads: MakeReader) -> None:
    reader = reads(copied_view())
    loaded(reader)
    insert_entry(reader.producer, "household-x", "HouseholdEnrolled/99", b"{}")
    with pytest.raises(LookupError, match="HouseholdEnrolled/99"):
        reader.rebuild()
    assert reader.cursor() == 0


@pytest.mark.parametrize("altered", ["actor = 'somebody-else'", "subject = gen_random_uuid()"])
def test_nothing_is_rebuilt_from_copies_that_were_altered(reads: MakeReader, altered: str) -> None:
    reader = reads(copied_view())
    record(reader.producer, enrolled(uuid4()), exited(uuid4()))
    until_head(reader.consumer())
    with reader.producer.reading() as conn, reader.store.reading() as other:
        write_own(conn, "registry")
        write_published(other, Copied("registry", LocalSource(reader.producer), FOLLOWED), 2)
        reader.rebuild()
    edit_silently(reader.store._conninfo, f"UPDATE copies SET {altered} WHERE notification_id = 2")
    with pytest.raises(LogAltered, match=r"registry.* 2"):
        reader.rebuild()
