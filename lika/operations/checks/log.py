"""A log: nothing missing in it, its times in order with the clock, and its closed instant following."""

from datetime import datetime, timedelta

from lika.operations.checks.sampling import count_present
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.log.session import APPEND_LOCK

NEWEST = """
SELECT greatest(closed_through, (SELECT recorded_at FROM log ORDER BY notification_id DESC LIMIT 1)) FROM closing
"""

LOCK_HOLDERS = """
SELECT pid, extract(epoch FROM clock_timestamp() - coalesce(xact_start, state_change))::int FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %s AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

CLOCK_TOLERANCE = timedelta(seconds=2)
CLOCK_BROKEN = timedelta(hours=1)
"""Beyond this, deadlines and days of knowledge are plainly wrong."""

CLOSING_TOLERANCE = timedelta(seconds=60)


def log_gapless(installation: Installation, name: str) -> Finding:
    """Positions are unique, so a log whose entries are as many as its last position says has lost none."""
    named = f"{name}.log_gapless"
    ((lowest, highest),) = installation.query(name, "SELECT min(notification_id), max(notification_id) FROM log")
    if highest is None:
        return ok(named, "log_empty")
    looked, found = count_present(installation, name, "log WHERE true", highest)
    if lowest != 1 or looked != found:
        return broken(named, "log_has_gaps", looked=looked, missing=looked - found)
    if looked < highest:
        return ok(named, "log_sampled", entries=highest, looked=looked)
    return ok(named, "log_counted", entries=highest)


def clock(installation: Installation, name: str) -> Finding:
    """A clock that jumped back: what is recorded meanwhile follows the last fact by a microsecond each."""
    named = f"{name}.clock"
    if installation.has_simulated_clock(name):
        return ok(named, "clock_simulated", now=installation.now(name))
    ahead = _newest(installation, name) - installation.clock.now()
    if ahead <= CLOCK_TOLERANCE:
        return ok(named, "clock_in_order")
    seconds = int(ahead.total_seconds())
    if ahead <= CLOCK_BROKEN:
        return warning(named, "clock_behind_log", seconds=seconds)
    return broken(named, "clock_behind_log", seconds=seconds)


def closed_through(installation: Installation, name: str) -> Finding:
    """An idle log's closed instant follows the clock each second; where it does not, answers stay provisional."""
    named = f"{name}.closed_through"
    if installation.has_simulated_clock(name):
        return ok(named, "closed_with_simulated_clock")
    newest = _newest(installation, name)
    age = installation.clock.now() - newest
    if not installation.is_running or age <= CLOSING_TOLERANCE:
        return ok(named, "closed_through", closed=newest)
    seconds = int(age.total_seconds())
    holders = installation.query(name, LOCK_HOLDERS, APPEND_LOCK)
    if holders:
        pid, held = holders[0]
        return warning(named, "append_lock_held", closed=newest, seconds=seconds, pid=pid, held=held)
    return warning(named, "closing_stalled", closed=newest, seconds=seconds)


def _newest(installation: Installation, name: str) -> datetime:
    ((newest,),) = installation.query(name, NEWEST)
    assert isinstance(newest, datetime)
    return newest
