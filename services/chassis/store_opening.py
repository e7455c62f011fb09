"""Opening a service's log: on the clock that it declares, and never below what was already answered from it."""

from contracts.accounts import SYSTEM_ACTOR
from contracts.civil import civil_day
from contracts.clock import ClockStepped, SimulatedClockDeclared
from services.chassis.environment import Environment
from services.chassis.ground.clock import Clock, SimulatedClock, SystemClock
from services.chassis.ground.refusals import Refused
from services.chassis.integrity.older_log import LogOlderThanViews, require_log_behind_views
from services.chassis.log.clock_declaration import CLOCK_IS_DECLARED_FIRST
from services.chassis.log.store import Store
from services.chassis.log.timers import CLOCK_STREAM


def open_store(name: str, environment: Environment) -> Store:
    """The store of a service on the clock its log declares; an empty log may be declared simulated here. Raises
    ``LogOlderThanViews``."""
    store = Store(name, environment.conninfo(name), SystemClock())
    try:
        with store.reading() as conn:
            require_log_behind_views(conn, name)
    except LogOlderThanViews:
        store.close()
        raise
    first = store.first()
    starts = environment.simulated_from
    if first is None and starts is not None:
        store.clock = SimulatedClock(starts)
        declared = SimulatedClockDeclared(
            effective_on=civil_day(starts), entered_by=SYSTEM_ACTOR, starts_at=starts, reason="sample or simulation"
        )
        try:
            store.transact(lambda tx: tx.append(CLOCK_STREAM, declared))
        except Refused as late:
            if late.rule is not CLOCK_IS_DECLARED_FIRST:
                raise
            # Another process was faster: its declaration holds.
            store.clock = SystemClock()
            first = store.first()
    if first is not None and first.type_name == SimulatedClockDeclared.type_name:
        store.clock = _resumed(store)
    return store


def _resumed(store: Store) -> Clock:
    """A simulated clock stands where it was stepped to last, or at the last fact or closed instant if that is later."""
    steps = [r.fact for r in store.stream(CLOCK_STREAM)]
    clock = SimulatedClock(min(f.starts_at for f in steps if isinstance(f, SimulatedClockDeclared)))
    for step in steps:
        if isinstance(step, ClockStepped):
            clock.step(step.to)
    with store.reading() as conn:
        row = conn.execute("SELECT max(recorded_at), (SELECT closed_through FROM closing) FROM log").fetchone()
    assert row is not None
    for instant in row:
        clock.step(instant)
    return clock
