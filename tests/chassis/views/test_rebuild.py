"""Rebuilding a view: it comes to what the live one says, nobody waits for it, and killed it leaves no trace."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from contracts.canonical import UnknownType
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.log.store import Store
from services.chassis.views import rebuild as rebuild_module
from services.chassis.views.rebuild_report import NotMigrated, RebuildRunning, Step
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import (
    annulled,
    create_view_table,
    enrolled,
    exited,
    insert_entry,
    record,
    rows,
    status_rows,
    stream_of,
    view,
)
from tests.chassis.views.rebuilding import catch_up, rebuild, table_definition, table_names, view_rows
from tests.support.eventually import eventually


@pytest.fixture
def at(database: Callable[[str], str]) -> str:
    return database("chassis")


@pytest.fixture
def store(open_store: OpenStore, at: str) -> Store:
    opened = open_store("sample", at)
    create_view_table(opened)
    return opened


def histories(store: Store, households: int = 12, seed: int = 1) -> list[UUID]:
    """Households with facts in any order of days, and some annulments."""
    chance = Random(seed)
    homes = [UUID(int=chance.getrandbits(128), version=4) for _ in range(households)]
    for home in homes:
        said: list[str] = []
        for _ in range(chance.randrange(1, 6)):
            day = date(2014, 1, 1) + timedelta(chance.randrange(1500))
            said += record(store, chance.choice([enrolled, exited])(home, day))
        if chance.random() < 0.5:
            record(store, annulled(home, chance.choice(said)))
    return homes


def folded(store: Store, homes: list[UUID]) -> list[tuple[Any, ...]]:
    return [row for home in sorted(homes) for row in status_rows(home, store.stream(stream_of(home)))[0]]


@pytest.mark.parametrize("workers", [1, 2])
def test_it_comes_to_what_the_live_view_says_whoever_folds(
    store: Store, at: str, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild_module, "PART", 5 if workers > 1 else 1000)
    homes = histories(store, 30)
    catch_up(store)
    live = view_rows(store)
    report = rebuild(at, workers=workers)
    assert (report.swapped, report.compared, report.differences.rows, report.failed) == (True, "compared", 0, 0)
    assert (report.events, report.subjects, report.position) == (store.position(), len(homes), store.position())
    assert view_rows(store) == live == folded(store, homes)


def test_the_table_looks_as_before_down_to_the_names(store: Store, at: str) -> None:
    with store.reading() as conn:
        conn.execute(
            "CREATE INDEX standing_since ON standing (since DESC, household) INCLUDE (status) WHERE since IS NOT NULL"
        )
        conn.execute("ALTER TABLE standing ADD CONSTRAINT standing_once UNIQUE (household, since)")
        conn.execute("ALTER TABLE standing SET (fillfactor = 80)")
        conn.execute("GRANT SELECT ON standing TO PUBLIC")
    histories(store)
    catch_up(store)
    before = table_definition(at, "standing"), table_names(at)
    assert rebuild(at).swapped
    assert (table_definition(at, "standing"), table_names(at)) == before


def test_an_sql_view_over_the_table_reads_the_new_one(store: Store, at: str) -> None:
    with store.reading() as conn:
        conn.execute("CREATE VIEW service.enrolled AS SELECT s.* FROM standing s WHERE status = 'HouseholdEnrolled'")
    home = uuid4()
    record(store, enrolled(home))
    catch_up(store)
    assert rebuild(at).swapped
    record(store, enrolled(other := uuid4()))
    catch_up(store)
    assert {h for (h,) in rows(store, "SELECT household FROM enrolled")} == {home, other}


def test_writers_readers_and_the_consumer_go_on_meanwhile(store: Store, at: str) -> None:
    homes = histories(store)
    consumer = Consumer(store, LocalSource(store), [view()], batch=3)
    consumer.start()
    ends, troubles = threading.Event(), []

    def reads() -> None:
        with psycopg.connect(at, autocommit=True, options="-c statement_timeout=5s") as conn:
            while not ends.is_set():
                if (conn.execute("SELECT count(*) FROM standing", prepare=True).fetchone() or (0,))[0] < 1:
                    troubles.append("an empty table was shown")

    def writes() -> None:
        for home in (*homes, *homes):
            record(store, exited(home, date(2019, 1, 1)))

    eventually(lambda: consumer.position == store.position())
    threads = [threading.Thread(target=reads), threading.Thread(target=writes)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            report = rebuild(at, during=lambda _: record(store, enrolled(homes[0], date(2020, 1, 1))))
            assert report.swapped
            assert not report.differences.rows
    finally:
        threads[1].join()
        ends.set()
        threads[0].join()
        eventually(lambda: consumer.position == store.position())
        consumer.stop()
    assert not troubles
    assert consumer.failing is None
    assert view_rows(store) == folded(store, homes)


def test_differences_are_listed_and_change_nothing_until_confirmed(store: Store, at: str) -> None:
    homes = histories(store)
    catch_up(store)
    right = view_rows(store)
    with store.reading() as conn:
        conn.execute("UPDATE standing SET since = '1999-01-01' WHERE household = %s", (right[0][0],))
        conn.execute("DELETE FROM standing WHERE household = %s", (right[1][0],))
        conn.execute("INSERT INTO standing VALUES (%s, 'invented', NULL)", (uuid4(),))
    wrong = view_rows(store)
    report = rebuild(at)
    assert (report.swapped, report.differences.rows, report.differences.subjects) == (False, 4, 3)
    differing = {d.subject: (d.live, d.rebuilt) for d in report.differences.examples}
    assert [row["since"] for row in differing[str(right[0][0])][0]] == [date(1999, 1, 1)]
    assert [row["since"] for row in differing[str(right[0][0])][1]] == [right[0][2]]
    assert differing[str(right[1][0])][0] == ()
    assert view_rows(store) == wrong
    assert "standing_shadow" not in table_names(at)
    assert rebuild(at, confirmed=True).swapped
    assert view_rows(store) == right == folded(store, homes)


def test_whom_the_consumer_has_yet_to_write_is_left_out_of_the_comparison(store: Store, at: str) -> None:
    homes = histories(store)
    catch_up(store)
    record(store, exited(homes[0], date(2030, 1, 1)))
    report = rebuild(at)
    assert (report.swapped, report.differences.rows, report.left_out) == (True, 0, 1)
    catch_up(store)
    assert view_rows(store) == folded(store, homes)


class Killed(BaseException):
    """The process is gone: nothing tidies up."""


@pytest.mark.parametrize("point", ["created", "filled", "caught_up", "compared", "swapped"])
def test_killed_anywhere_it_leaves_the_live_view_and_the_next_one_tidies_up(
    store: Store, at: str, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = histories(store)
    catch_up(store)
    before = view_rows(store), table_definition(at, "standing")

    def killed(reached: str) -> None:
        if reached == f"rebuild.{point}":
            raise Killed

    with monkeypatch.context() as armed:
        armed.setattr(rebuild_module, "reach", killed)
        with pytest.raises(Killed):
            rebuild(at)
    assert (view_rows(store), table_definition(at, "standing")) == before
    assert ("standing_shadow" in table_names(at)) == (point != "swapped")
    record(store, exited(homes[0], date(2031, 1, 1)))
    catch_up(store)
    assert rebuild(at).swapped
    assert view_rows(store) == folded(store, homes)
    assert not {t for t in table_names(at) if t.startswith("standing_")}


def test_a_second_rebuild_of_the_same_view_is_told_of_the_first(store: Store, at: str) -> None:
    histories(store)
    catch_up(store)

    def second(step: Step) -> None:
        if step == "folding":
            with pytest.raises(RebuildRunning, match="standing"):
                rebuild(at)

    assert rebuild(at, during=second).swapped


def test_another_version_of_the_view_is_not_compared_and_a_database_that_lacks_columns_is_refused(
    store: Store, at: str
) -> None:
    homes = histories(store)
    catch_up(store)
    with store.reading() as conn:
        conn.execute("ALTER TABLE standing ADD COLUMN note text")
        conn.execute("UPDATE standing SET status = 'of the former release'")
    report = rebuild(at)
    assert (report.swapped, report.compared) == (True, "columns")
    assert view_rows(store) == folded(store, homes)
    with store.reading() as conn:
        conn.execute("ALTER TABLE standing DROP COLUMN since")
    with pytest.raises(NotMigrated, match="since"):
        rebuild(at)


def test_a_long_reader_is_waited_for_and_holds_up_no_other_reader(store: Store, at: str) -> None:
    homes = histories(store)
    catch_up(store)
    with psycopg.connect(at) as long, psycopg.connect(at, options="-c statement_timeout=3s", autocommit=True) as other:
        seen = long.execute("SELECT count(*) FROM standing").fetchone()
        attempts: list[Step] = []

        def watched(step: Step) -> None:
            attempts.append(step)

        done = threading.Thread(target=lambda: reports.append(rebuild(at, during=watched)))
        reports: list[Any] = []
        done.start()
        eventually(lambda: "swapping" in attempts)
        for _ in range(200):
            assert other.execute("SELECT count(*) FROM standing").fetchone() == seen
        record(store, exited(homes[0], date(2032, 1, 1)))
        assert not reports
        assert long.execute("SELECT count(*) FROM standing").fetchone() == seen
        long.rollback()
        done.join(20)
    assert [r.swapped for r in reports] == [True]
    catch_up(store)
    assert view_rows(store) == folded(store, homes)


def test_a_view_that_nobody_has_kept_yet_is_simply_filled(store: Store, at: str) -> None:
    homes = histories(store)
    report = rebuild(at)
    assert (report.swapped, report.compared) == (True, "unread")
    assert view_rows(store) == folded(store, homes)


def test_who_cannot_be_folded_keeps_his_rows_and_the_others_are_rebuilt(store: Store, at: str) -> None:
    homes = histories(store)
    catch_up(store)
    live = view_rows(store)
    ill = live[3][0]
    insert_entry(store, stream_of(ill), "HouseholdExited/1", b'{"torn')
    catch_up(store)
    with store.reading() as conn:
        conn.execute("UPDATE standing SET since = '1999-01-01' WHERE household <> %s", (ill,))
    report = rebuild(at, confirmed=True)
    assert (report.swapped, report.failed) == (True, 1)
    assert view_rows(store) == live
    assert len(live) <= len(homes)


def test_a_type_of_a_later_release_stops_it_before_anything_is_changed(store: Store, at: str) -> None:
    homes = histories(store)
    catch_up(store)
    live = view_rows(store)
    insert_entry(store, stream_of(homes[0]), "HouseholdExited/99", b"{}")
    with pytest.raises(UnknownType, match="HouseholdExited/99"):
        rebuild(at)
    assert view_rows(store) == live
    assert "standing_shadow" not in table_names(at)


def test_leftovers_of_another_shape_are_no_obstacle(store: Store, at: str) -> None:
    homes = histories(store)
    catch_up(store)
    with store.reading() as conn:
        conn.execute(
            "CREATE TABLE service.standing_shadow AS SELECT gen_random_uuid() AS household FROM generate_series(1, 9)"
        )
    assert rebuild(at).swapped
    assert view_rows(store) == folded(store, homes)
