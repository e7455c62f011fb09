"""The figures of a service while all is well, and while something is not."""

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from psycopg.conninfo import conninfo_to_dict

from contracts.canonical import encode
from contracts.clock import ClockStepped
from contracts.roles import Role
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.needs import Timer
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.web import metrics_page
from tests.chassis.sample import enrolled, insert_entry, record, sample
from tests.support.databases import Databases
from tests.support.eventually import eventually
from tests.support.running import Lika, lika

READER = 'consumer="sample-reads-sample",log="sample",service="sample"'


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    def overdue(tx: Tx) -> None:
        tx.set_timer("breaks", "s", datetime(2014, 1, 1, tzinfo=UTC), "sample/s/1")

    def breaks(tx: Tx, timer: Timer) -> None:
        raise LookupError

    build = partial(sample, deadlines={"breaks": breaks}, during=overdue)
    with lika([build], database, tmp_path) as started:
        yield started


def figures(running: Lika) -> dict[str, float]:
    """By series, without the label that all of them share where it is the only one."""
    lines = running.operations.get("/metrics").text.splitlines()
    named = (line.rpartition(" ") for line in lines if 'service="sample"' in line)
    return {name.replace('{service="sample"}', ""): float(value) for name, _, value in named}


def store_of(running: Lika) -> Store:
    return running.services["sample"].store


def test_a_service_at_rest_tells_everything_from_the_start(running: Lika) -> None:
    told = figures(running)
    assert (told["lika_log_head"], told["lika_database_up"], told["lika_commands_waiting"]) == (0, 1, 0)
    assert told[f"lika_consumer_runs{{{READER}}}"] == 1
    assert (told["lika_timers_due"], told["lika_timers_failing"]) == (0, 0)
    assert told["lika_data_free_bytes"] > 0
    kinds = {name: value for name, value in told.items() if name.startswith("lika_conflicts_total")}
    assert {name.split('"')[1] for name in kinds} == {"key_reused", "stream_moved", "cursor_moved"}
    assert "lika_incidents_total" in told


def test_the_release_is_told_once(running: Lika) -> None:
    lines = [x for x in running.operations.get("/metrics").text.splitlines() if x.startswith("lika_build_info")]
    assert len(lines) == 1
    assert lines[0].endswith(" 1.0")


def test_a_commit_is_timed_and_the_head_is_that_of_the_database(running: Lika) -> None:
    before = figures(running)["lika_commit_seconds_count"]
    person = running.client_for("cadre-1", "990001", Role.CADRE)
    assert person.post(f"/sample/households/{uuid4()}/enrolments", {"effective_on": "2014-06-01"}).status_code == 201
    eventually(lambda: figures(running)["lika_commit_seconds_count"] > before)
    # Another process may have written what this one has not seen.
    insert_entry(store_of(running), "household-x", "HouseholdEnrolled/1", encode(enrolled(uuid4())))
    assert figures(running)["lika_log_head"] == 2


def test_a_closed_instant_that_nobody_moves_is_seen_to_age(running: Lika) -> None:
    running.services["sample"].timers.stop()
    hour = timedelta(hours=1)
    with store_of(running).reading() as conn:
        conn.execute("UPDATE closing SET closed_through = %s", (store_of(running).clock.now() - hour,))
    first = figures(running)
    assert first["lika_log_closed_age_seconds"] == pytest.approx(hour.total_seconds(), abs=30)
    assert first["lika_log_closed_through_seconds"] == pytest.approx(
        (store_of(running).clock.now() - hour).timestamp(), abs=30
    )
    assert figures(running)["lika_log_closed_through_seconds"] == first["lika_log_closed_through_seconds"]


def test_a_key_used_for_two_requests_is_a_conflict(running: Lika) -> None:
    name = 'lika_conflicts_total{kind="key_reused",service="sample"}'
    before = figures(running)[name]
    person, household = running.client_for("cadre-1", "990001", Role.CADRE), uuid4()
    answers = [
        person.post(f"/sample/households/{household}/enrolments", {"effective_on": day}, key="the-same-key")
        for day in ("2014-06-01", "2014-06-02", "2014-06-01")
    ]
    assert [a.status_code for a in answers] == [201, 409, 201]
    assert figures(running)[name] - before == 1


def test_a_stream_that_moved_on_is_a_conflict(running: Lika) -> None:
    name = 'lika_conflicts_total{kind="stream_moved",service="sample"}'
    before = figures(running)[name]
    record(store_of(running), enrolled(uuid4()))
    stale = StoredEvent("s", 5, "ClockStepped/1", encode(stepped()))
    with pytest.raises(IntegrityError):
        store_of(running).recorder.insert_events([stale])
    assert figures(running)[name] - before == 1


def stepped() -> ClockStepped:
    return ClockStepped(effective_on=date(2014, 6, 1), entered_by="x", to=datetime(2014, 6, 1, tzinfo=UTC))


def test_a_cursor_that_somebody_else_moved_is_a_conflict(running: Lika) -> None:
    name = 'lika_conflicts_total{kind="cursor_moved",service="sample"}'
    before = figures(running)[name]
    record(store_of(running), enrolled(uuid4()))
    eventually(lambda: running.services["sample"].reached("sample") == 1)
    with store_of(running).reading() as conn:
        conn.execute("UPDATE cursors SET position = 0")
    record(store_of(running), enrolled(uuid4()))
    eventually(lambda: figures(running)[name] > before)


def test_a_stopped_consumer_and_a_failing_deadline_are_seen(running: Lika) -> None:
    person = running.client_for("cadre-1", "990001", Role.CADRE)
    person.post(f"/sample/households/{uuid4()}/enrolments", {"effective_on": "2014-06-01"})
    eventually(lambda: figures(running)["lika_timers_failing"] == 1)
    assert figures(running)["lika_timers_due"] == 1
    insert_entry(store_of(running), "household-x", "HouseholdEnrolled/99", b"{}")
    eventually(lambda: figures(running)[f"lika_consumer_runs{{{READER}}}"] == 0)


def test_commands_that_wait_for_the_leader_are_counted(running: Lika) -> None:
    store = store_of(running)

    def submit() -> "Future[Outcome]":
        return store.submit(Unit(CommandRef(uuid4(), "somebody", "POST /x", str(uuid4()), b""), lambda _: Reply()))

    with store.reading() as conn, conn.transaction():
        conn.execute("LOCK TABLE commands IN ACCESS EXCLUSIVE MODE")
        futures = [submit()]
        eventually(lambda: not store.waiting())  # the leader has taken it, and waits for the table
        futures += [submit() for _ in range(3)]
        assert figures(running)["lika_commands_waiting"] == 3
    for future in futures:
        future.result(20)
    assert figures(running)["lika_commands_waiting"] == 0


def test_while_the_database_is_away_that_is_what_is_told(
    running: Lika, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics_page, "PATIENCE", 1.0)
    name = str(conninfo_to_dict(store_of(running)._conninfo)["dbname"])
    with psycopg.connect(databases.server.uri(), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            started = time.monotonic()
            told = figures(running)
            assert time.monotonic() - started < 8
            assert told["lika_database_up"] == 0
            assert math.isnan(told["lika_log_closed_age_seconds"])
            assert f"lika_consumer_runs{{{READER}}}" in told
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    eventually(lambda: figures(running)["lika_database_up"] == 1)
