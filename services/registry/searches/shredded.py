"""Digests of people and households whose keys were destroyed go by themselves."""

from datetime import UTC, datetime, timedelta

import structlog

from services.chassis.ground.background import Background
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.log.store import Store
from services.chassis.security.data_keys import DataKeys
from services.registry.findings.accounts.feed import AccountFindingsView

POLL = 30.0
"""Seconds between two looks."""
LOOKS_BACK = timedelta(minutes=10)
"""A process that held a key when it was destroyed, for a minute at most, may still have written a digest."""
HOLD = b"SELECT FROM cursors WHERE consumer = %s AND log = %s FOR UPDATE"
DELETE = b"DELETE FROM identity_digests WHERE person_id = ANY(%s)"

log = structlog.get_logger("lika.searches")


class DigestsOfShredded(Background):
    """Several processes may run it."""

    def __init__(self, store: Store, data_keys: DataKeys, accounts: AccountFindingsView) -> None:
        super().__init__(f"{store.name}-digests-of-shredded")
        self._store, self._data_keys, self._accounts = store, data_keys, accounts
        self._since = datetime.min.replace(tzinfo=UTC)

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                self.step()
            except UNREACHABLE as away:
                log.warning("digests_of_shredded_wait", kind=type(away).__name__)
            except Exception as unexpected:  # noqa: BLE001 - a dead thread would go unnoticed
                log.error("digests_of_shredded_failing", kind=type(unexpected).__name__)
            self._halt.wait(POLL)

    def step(self) -> int:
        """Delete the digests of everybody destroyed since the last look; how many there were."""
        now = SystemClock().now()
        destroyed = self._data_keys.destroyed_since(self._since)
        if not destroyed:
            return 0
        with self._store.reading() as conn, conn.transaction(), conn.cursor() as cur:
            # While the consumer waits, which writes what is found by them, too.
            cur.execute(HOLD, (self._store.name, self._store.name))
            deleted = cur.execute(DELETE, (list(destroyed),)).rowcount
            self._accounts.forget(cur, list(destroyed))
        self._since = now - LOOKS_BACK
        return deleted
