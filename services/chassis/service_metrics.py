"""What a service tells about itself when it is asked: nothing of it is counted on the way of a command."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic

from services.chassis.following.consumer import Consumer
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.metrics import (
    CONFLICTS,
    commands_waiting,
    commit_group_size,
    commit_seconds,
    conflicts,
    consumer_lag,
    consumer_runs,
    data_free_bytes,
    database_up,
    incidents,
    integrity_age,
    integrity_differences,
    log_closed_age,
    log_closed_through,
    log_head,
    parked_households,
    timers_due,
    timers_failing,
)
from services.chassis.integrity import record
from services.chassis.log.store import Store
from services.chassis.log.timers import Timers
from services.chassis.web.metrics_page import ScrapedGauges, combined

STANDS = """
SELECT coalesce(notification_id, 0), greatest(recorded_at, closed_through)
FROM closing LEFT JOIN LATERAL
    (SELECT notification_id, recorded_at FROM log ORDER BY notification_id DESC LIMIT 1) AS last ON true
"""
"""Reads what ``Store.head`` would also move: a closed instant that nobody moves any more must be seen to stand."""


def service_metrics(
    store: Store, timers: Timers, consumers: Sequence[Consumer], data: Path
) -> tuple[ScrapedGauges, ...]:
    """A service's figures, for ``SCRAPED``. Counters that have not counted yet are shown as zero from now on, so that
    the first time is seen as a rise."""
    name = store.name
    incidents.labels(name)
    commit_seconds.labels(name)
    commit_group_size.labels(name)
    for kind in CONFLICTS:
        conflicts.labels(name, kind)
    return (
        ScrapedGauges(
            (commands_waiting.labels(name), timers_failing.labels(name)), lambda: (store.waiting(), timers.failing)
        ),
        ScrapedGauges(
            tuple(consumer_runs.labels(name, c.name, c.log) for c in consumers), lambda: [c.runs for c in consumers]
        ),
        ScrapedGauges((data_free_bytes.labels(name),), lambda: (shutil.disk_usage(data).free,)),
        ScrapedGauges((database_up.labels(name),), lambda: _answers(store), otherwise=0.0),
        combined(
            ScrapedGauges(
                (log_head.labels(name), log_closed_through.labels(name), log_closed_age.labels(name)),
                lambda: _stands(store),
            ),
            ScrapedGauges((timers_due.labels(name),), lambda: (timers.overdue(),)),
            ScrapedGauges(
                (integrity_differences.labels(name), integrity_age.labels(name)), partial(_compared, store, monotonic())
            ),
            *(ScrapedGauges((consumer_lag.labels(name, c.name, c.log),), partial(_one, c.lag)) for c in consumers),
            *(
                ScrapedGauges((parked_households.labels(name, c.name),), partial(_one, c.parked_subjects))
                for c in consumers
            ),
        ),
    )


def _one(ask: Callable[[], float]) -> tuple[float]:
    return (ask(),)


def _answers(store: Store) -> tuple[float]:
    with store.reading() as conn:
        conn.execute("SELECT 1")
    return (1.0,)


def _compared(store: Store, started: float) -> tuple[float, float]:
    """Open differences, and the age of what was compared longest ago; since the start where nothing ever was."""
    now = SystemClock().now()
    with store.reading() as conn:
        ages = [(now - (p.newest_compared or p.pass_began)).total_seconds() for p in record.all_progress(conn)]
        return record.count_open(conn), max(ages, default=monotonic() - started)


def _stands(store: Store) -> tuple[float, float, float]:
    """Head, and the closed instant in Unix seconds and as an age."""
    with store.reading() as conn:
        row = conn.execute(STANDS).fetchone()
    assert row is not None
    position, closed = row
    return position, closed.timestamp(), (store.clock.now() - closed).total_seconds()
