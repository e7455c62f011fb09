"""What assistance has read of the register: copies and cursor, as its consumer leaves them.

Its reactions append, so they must see every fact once. The simulation says itself what they would have said; had it not
kept what they read, assistance would go through the register from its first fact when it is started, and void and
conclude anew, by what was known then, what stands in its log by what became known later.
"""

from functools import partial

from lika.simulation.event_buffer import ASSISTANCE, REGISTRY
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES
from services.chassis.following import copies
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

PAGE = 10_000

MOVE = (
    "INSERT INTO cursors (consumer, log, position) VALUES (%s, %s, %s)"
    " ON CONFLICT (consumer, log) DO UPDATE SET position = greatest(cursors.position, excluded.position)"
)


class Follows:
    """Assistance, following the register month by month."""

    def __init__(self, registry: Store, assistance: Store) -> None:
        self._registry, self._assistance = registry, assistance
        with assistance.reading() as conn:
            asked = "SELECT position FROM cursors WHERE consumer = %s AND log = %s"
            row = conn.execute(asked, (ASSISTANCE, REGISTRY)).fetchone()
        self._position: int = row[0] if row else 0

    def keep(self, through: int) -> None:
        """Copy what assistance follows, up to a position of the register's log. Repeated, it changes nothing."""
        while self._position < through:
            entries, _ = self._registry.page(self._position, min(PAGE, through - self._position))
            followed = [entry for entry in entries if entry.type_name in SUBSCRIBED_TYPES]
            self._assistance.transact(partial(_keep, entries=followed), appends=False)
            self._position = entries[-1].position

    @staticmethod
    def stand(tx: Tx, *, position: int) -> None:
        """Move the cursor behind what is kept, in the transaction that holds what follows from it."""
        tx.cur.execute(MOVE, (ASSISTANCE, REGISTRY, position))


def _keep(tx: Tx, *, entries: list[Entry]) -> None:
    copies.store_copies(tx.cur, REGISTRY, entries)
