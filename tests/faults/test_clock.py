"""A machine's clock that jumps back: recorded instants go on increasing, and what was closed stays closed."""

import random
from contextlib import closing
from datetime import datetime, timedelta

from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from tests.faults.conftest import OpenOffice, Tell
from tests.faults.invariants import gapless, query, settle, settled_findings
from tests.faults.kill_plan import LONG
from tests.faults.service_under_test import LOG, Setback

KEPT = "SELECT (SELECT count(*) FROM log), closed_through FROM closing"
"""How far the log has come, and the instant that is kept as closed: one statement, one snapshot."""


def test_a_clock_that_jumps_back_reopens_nothing(office: OpenOffice, chance: random.Random, tell: Tell) -> None:
    jumping = office().start()
    log = jumping.premises.log
    begun, said, kept = SystemClock().now(), list[tuple[int, datetime]](), list[tuple[int, datetime]]()
    with closing(Store(LOG, log, SystemClock())) as onlooker:

        def carry_out_under_watch(more: int) -> None:
            goal = len(jumping.errands.acknowledged) + more
            while len(jumping.errands.acknowledged) < goal:
                page = LocalSource(onlooker).read(onlooker.position(), 1000)
                said.append((page.end, page.closed_through))
                kept.extend((row[0], row[1]) for row in query(log, KEPT))
                assert jumping.carry_out(1)

        # Idle until its present is closed: then the clock says less than what was promised.
        assert jumping.carry_out(10)
        assert jumping.busy_until(lambda: query(log, KEPT)[0][1] > begun, asking=False)
        setbacks = [timedelta(seconds=chance.randint(1, 10 ** chance.randint(1, 8))) for _ in range(20 if LONG else 4)]
        for setback in setbacks:
            jumping.set_clock_back(Setback(setback))
            carry_out_under_watch(10)
        # Put right, so that the deadlines come which were set by the later time.
        jumping.set_clock_back(Setback(-sum(setbacks, timedelta(0))))
        carry_out_under_watch(10)
        settle(jumping)
    closed = [instant for _, instant in kept]
    assert closed == sorted(closed), "what was closed was opened again"
    facts = gapless(LOG, log)
    for position, instant in said + kept:
        assert all(fact.recorded_at >= instant for fact in facts[position:]), "recorded before what was closed"
    tell({"jumps back": len(setbacks), **settled_findings(jumping)})
