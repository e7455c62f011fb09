"""A process that stands still in the middle of a transaction must not hold up the province: when somebody has waited
long enough for its locks, its connection is ended. When it wakes it begins again, as after any lost connection. So is that of whoever
signed in as the database's reader and took an advisory lock, which needs no right and outlives its statement.

PostgreSQL's ``idle_in_transaction_session_timeout`` does not do: psycopg ends a pipeline with a flush request, and the
server then counts that session as no longer idle.
"""

import structlog

from services.chassis.ground.background import Background
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.log.store import Store

LONGEST_IDLE = 10.0
"""Seconds that somebody must have waited, and the holder have said nothing; a third of a command's patience."""

LOOK = 2.5
"""Seconds between two looks; each is one query over the sessions of this database."""

END = (
    b"SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT holder.pid FROM pg_stat_activity AS waiter"
    b" CROSS JOIN LATERAL unnest(pg_blocking_pids(waiter.pid)) AS blocking (pid)"
    b" JOIN pg_stat_activity AS holder ON holder.pid = blocking.pid"
    b" WHERE waiter.datname = current_database() AND waiter.wait_event_type = 'Lock'"
    b" AND waiter.state_change < now() - make_interval(secs => %(longest)s)"
    b" AND pg_has_role(current_user, holder.usesysid, 'MEMBER') AND holder.wait_event = 'ClientRead'"
    b" AND holder.state_change < now() - make_interval(secs => %(longest)s)) AS standing"
)

log = structlog.get_logger("lika.idle_transactions")


class IdleTransactionWatchdog(Background):
    """Looks after one service's database; a thread of its own, because all others may be waiting for those locks."""

    def __init__(self, store: Store) -> None:
        super().__init__(f"{store.name}-watch")
        self._store = store

    def run(self) -> None:
        while not self._halt.wait(LOOK):
            try:
                self.check()
            except UNREACHABLE as away:
                log.warning("watch_waits", service=self._store.name, kind=type(away).__name__)

    def check(self) -> int:
        """End the sessions that hold others up and say nothing; how many."""
        with self._store.reading() as conn:
            ended = conn.execute(END, {"longest": LONGEST_IDLE}).rowcount
        if ended:
            log.warning("idle_transaction_ended", service=self._store.name, count=ended)
        return ended
