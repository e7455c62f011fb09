"""Database maintenance under load: neither VACUUM FREEZE nor a long read blocks writers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg
import pytest

from tests.faults.conftest import MakeService, ReportFigures
from tests.faults.invariants import query, settle_and_check
from tests.support.databases import as_superuser
from tests.support.long_run import LONG

COMMANDS_MEANWHILE = 500 if LONG else 100
"""Commands that must be accepted while the maintenance runs."""

READ_SECONDS = 60.0 if LONG else 0.0
"""How long the reader's snapshot stays open at least."""

PROGRESS = "SELECT pid, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_vacuum"


@contextmanager
def freezing(conninfo: str, slowly: bool) -> Iterator[None]:
    """``VACUUM FREEZE`` of the log while the block runs. A slow one is delayed at each page, so that it cannot end before
    the block does; it is cancelled at the end."""
    conn = psycopg.connect(as_superuser(conninfo), autocommit=True)
    if slowly:
        conn.execute("SET vacuum_cost_delay = 100")
        conn.execute("SET vacuum_cost_limit = 1")

    def vacuum() -> None:
        try:
            conn.execute("VACUUM (FREEZE, DISABLE_PAGE_SKIPPING) log")
        except psycopg.errors.QueryCanceled:
            assert slowly

    running = threading.Thread(target=vacuum)
    running.start()
    try:
        yield
    finally:
        if slowly:
            conn.cancel_safe()
        running.join()
        conn.close()


@pytest.mark.long_run
def test_vacuum_freeze_blocks_nobody(make_service: MakeService, report: ReportFigures) -> None:
    service = make_service().start()
    log = service.deployment.log
    assert service.complete(3 * COMMANDS_MEANWHILE)
    with freezing(log, slowly=True):
        assert service.run_until(lambda: query(log, PROGRESS) != [])
        before = query(log, PROGRESS)
        assert service.complete(COMMANDS_MEANWHILE)
        after = query(log, PROGRESS)
        assert [row[0] for row in after] == [row[0] for row in before], "the vacuum was over too soon to show anything"
    frozen_until = "SELECT relfrozenxid::text::bigint FROM pg_class WHERE relname = 'log'"
    ((young,),) = query(log, frozen_until)
    with freezing(log, slowly=False):
        assert service.complete(20)
    ((old,),) = query(log, frozen_until)
    assert old > young, "nothing was frozen"
    report(settle_and_check(service))


@pytest.mark.parametrize("isolation", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE])
def test_a_long_read_blocks_nobody_and_sees_one_snapshot(
    isolation: psycopg.IsolationLevel, make_service: MakeService, report: ReportFigures
) -> None:
    service = make_service().start()
    assert service.complete(30)
    with psycopg.connect(service.deployment.log) as reader:
        reader.isolation_level = isolation
        everything = "SELECT count(*), max(notification_id), max(recorded_at) FROM log"
        first = reader.execute(everything).fetchone()
        started, goal = monotonic(), len(service.commands.acknowledged) + COMMANDS_MEANWHILE
        assert service.run_until(
            lambda: len(service.commands.acknowledged) >= goal and monotonic() - started >= READ_SECONDS,
            within=READ_SECONDS + 60,
        )
        assert reader.execute(everything).fetchone() == first
    report(settle_and_check(service))
