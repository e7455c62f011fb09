"""What assistance has read of the registry's log: the copies and the cursor that its consumer would have stored.

Its reactions append, so they must see every fact once. The simulation itself appends what they would have concluded.
Without the stored copies and cursor, assistance would consume the registry's log from its first fact when it is
started, and would annul what stands in its log and conclude anew, since more is known now than was known then.
"""

from functools import partial

from lika.simulation.event_buffer import ASSISTANCE, REGISTRY
from services.casework.people.domain import FOLLOWED_TYPES
from services.chassis.following import copies
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

PAGE_SIZE = 10_000

ADVANCE_CURSOR = (
    "INSERT INTO cursors (consumer, log, position) VALUES (%s, %s, %s)"
    " ON CONFLICT (consumer, log) DO UPDATE SET position = greatest(cursors.position, excluded.position)"
)


class ConsumerState:
    """Assistance as a consumer of the registry's log, advanced month by month."""

    def __init__(self, registry: Store, assistance: Store) -> None:
        self._registry, self._assistance = registry, assistance
        with assistance.reading() as conn:
            query = "SELECT position FROM cursors WHERE consumer = %s AND log = %s"
            row = conn.execute(query, (ASSISTANCE, REGISTRY)).fetchone()
        self._position: int = row[0] if row else 0

    def copy_facts(self, through: int) -> None:
        """Copy the facts that assistance follows, up to a position of the registry's log. Idempotent."""
        while self._position < through:
            entries, _ = self._registry.page(self._position, min(PAGE_SIZE, through - self._position))
            followed = [entry for entry in entries if entry.type_name in FOLLOWED_TYPES]
            self._assistance.transact(partial(_copy, entries=followed), appends=False)
            self._position = entries[-1].position

    @staticmethod
    def advance_cursor(tx: Tx, *, position: int) -> None:
        """In the transaction that appends what was concluded from the facts up to ``position``."""
        tx.cur.execute(ADVANCE_CURSOR, (ASSISTANCE, REGISTRY, position))


def _copy(tx: Tx, *, entries: list[Entry]) -> None:
    copies.store_copies(tx.cur, REGISTRY, entries)
