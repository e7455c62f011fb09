"""A household that ended is helped still: its pair waits in the inbox until somebody ends it. Pairs that follow the register end with it,
of others it decides nothing: whoever helped may have gone over to whom the household joined. Blocking."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from psycopg.rows import dict_row

from contracts.assistance.pairs import PairEndReason
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.messages import say
from services.assistance.pairs.placed import HOUSEHOLD
from services.assistance.pairs.queries import SEEN, PairQueries
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry, page_of_few
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.web.areas import code_range

OPERATION = "end_pair"
FORM = {"reason": str(PairEndReason.HELPED_LEFT)}
HELPED_STILL = f"""
SELECT p.subject, p.number, p.kind, p.helper, h.division, greatest(p.formed_on, (
    SELECT max(r.until) FROM registrations r WHERE r.household_id = h.household_id)) AS since
FROM households h JOIN pairs p ON p.subject = h.household_id
WHERE h.division >= %(low)s AND h.division < %(high)s AND h.status = '{PovertyStatus.CANCELLED}' AND p.about = '{HOUSEHOLD}'
  AND NOT p.void AND p.formed_on <= %(today)s AND (p.until IS NULL OR p.until > %(today)s) AND {SEEN}
"""


class EndedHouseholdsInbox:
    """Implements ``InboxSource``."""

    def __init__(self, service: str, store: Store, access: AccessTable, pairs: PairQueries) -> None:
        self._service, self._store, self._access, self._pairs = service, store, access, pairs

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        if asked.kind not in (None, EntryKind.DUE):
            return []
        return page_of_few((self._entry(row, asked) for row in self._waiting(asked)), after, limit)

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        waiting = len(self._waiting(asked))
        return {EntryKind.DUE: waiting} if waiting else {}

    def _waiting(self, asked: Asked) -> list[dict[str, Any]]:
        low, high = code_range(asked.division)
        params = {
            "low": low, "high": high, "today": asked.today, "closed": list(self._pairs.closed_to(asked.actor)),
            "me": asked.actor.subject,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(HELPED_STILL.encode(), params).fetchall()

    def _entry(self, row: Mapping[str, Any], asked: Asked) -> InboxEntry:
        pair = f"{row['subject']}/{row['number']}"
        return InboxEntry(
            id=f"{pair}/household_ended", kind=EntryKind.DUE, since=row["since"], due_by=None, division=row["division"],
            subject=row["subject"], household_id=row["subject"], why=say("helped_household_ended"),
            act=Act(OPERATION, "POST", f"/{self._service}/pairs/{pair}/ends", FORM),
            refused=self._access.row(OPERATION).refusal(asked.actor), details={"helper": row["helper"], "kind": row["kind"]},
        )  # fmt: skip
