"""A clock that is set back: recorded instants go on increasing, and closed instants stay closed."""

import random
from contextlib import closing
from datetime import datetime, timedelta

from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from tests.faults.conftest import MakeService, ReportFigures
from tests.faults.invariants import query, read_gapless_log, settle, settle_and_check
from tests.faults.service_under_test import LOG, ClockSetback
from tests.support.long_run import LONG

CLOSED = "SELECT (SELECT count(*) FROM log), closed_through FROM closing"
"""The length of the log and the instant stored as closed, in one snapshot."""


def test_a_clock_that_jumps_back_reopens_nothing(
    make_service: MakeService, rng: random.Random, report: ReportFigures
) -> None:
    service = make_service().start()
    log = service.deployment.log
    started, promised, stored = SystemClock().now(), list[tuple[int, datetime]](), list[tuple[int, datetime]]()
    with closing(Store(LOG, log, SystemClock())) as observer:

        def complete_and_observe(more: int) -> None:
            goal = len(service.commands.acknowledged) + more
            while len(service.commands.acknowledged) < goal:
                page = LocalSource(observer).read(observer.position(), 1000)
                promised.append((page.end, page.closed_through))
                stored.extend((row[0], row[1]) for row in query(log, CLOSED))
                assert service.complete(1)

        # Idle until a later instant than the start is closed: then a clock set back tells an instant before the closed one.
        assert service.complete(10)
        assert service.run_until(lambda: query(log, CLOSED)[0][1] > started, sending=False)
        setbacks = [timedelta(seconds=rng.randint(1, 10 ** rng.randint(1, 8))) for _ in range(20 if LONG else 4)]
        for clock_setback in setbacks:
            service.set_clock_back(ClockSetback(clock_setback))
            complete_and_observe(10)
        # Set right again, so that the timers that were set by the later time become due.
        service.set_clock_back(ClockSetback(-sum(setbacks, timedelta(0))))
        complete_and_observe(10)
        settle(service)
    closed = [instant for _, instant in stored]
    assert closed == sorted(closed), "the closed instant moved back"
    facts = read_gapless_log(LOG, log)
    for position, instant in promised + stored:
        assert all(fact.recorded_at >= instant for fact in facts[position:]), "recorded before a closed instant"
    report({"clock setbacks": len(setbacks), **settle_and_check(service)})
