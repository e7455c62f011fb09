"""What a database's keepers do by day: neither VACUUM FREEZE nor a long read holds up those who write."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg
import pytest

from tests.faults.conftest import OpenOffice, Tell
from tests.faults.invariants import query, settled_findings
from tests.faults.kill_plan import LONG

MEANWHILE = 500 if LONG else 100
"""Commands that must be accepted while it lasts."""

READ_FOR = 60.0 if LONG else 0.0
"""Seconds that the reader's snapshot stays open at least."""

PROGRESS = "SELECT pid, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_vacuum"


@contextmanager
def freezing(conninfo: str, slowly: bool) -> Iterator[None]:
    """``VACUUM FREEZE`` of the log, begun when the block begins. A slow one rests at each page, as on a busy day, so
    that it cannot be over before the block is; it is called off in the end."""
    conn = psycopg.connect(conninfo, autocommit=True)
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


def test_vacuum_freeze_holds_nobody_up(office: OpenOffice, tell: Tell) -> None:
    busy = office().start()
    log = busy.premises.log
    assert busy.carry_out(3 * MEANWHILE)
    with freezing(log, slowly=True):
        assert busy.busy_until(lambda: query(log, PROGRESS) != [])
        before = query(log, PROGRESS)
        assert busy.carry_out(MEANWHILE)
        after = query(log, PROGRESS)
        assert [row[0] for row in after] == [row[0] for row in before], "the vacuum was over too soon to show anything"
    frozen_until = "SELECT relfrozenxid::text::bigint FROM pg_class WHERE relname = 'log'"
    ((young,),) = query(log, frozen_until)
    with freezing(log, slowly=False):
        assert busy.carry_out(20)
    ((old,),) = query(log, frozen_until)
    assert old > young, "nothing was frozen"
    tell(settled_findings(busy))


@pytest.mark.parametrize("isolation", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE])
def test_a_long_read_holds_nobody_up_and_sees_one_moment(
    isolation: psycopg.IsolationLevel, office: OpenOffice, tell: Tell
) -> None:
    busy = office().start()
    assert busy.carry_out(30)
    with psycopg.connect(busy.premises.log) as reader:
        reader.isolation_level = isolation
        everything = "SELECT count(*), max(notification_id), max(recorded_at) FROM log"
        first = reader.execute(everything).fetchone()
        begun, goal = monotonic(), len(busy.errands.acknowledged) + MEANWHILE
        assert busy.busy_until(
            lambda: len(busy.errands.acknowledged) >= goal and monotonic() - begun >= READ_FOR,
            within=READ_FOR + 60,
        )
        assert reader.execute(everything).fetchone() == first
    tell(settled_findings(busy))
