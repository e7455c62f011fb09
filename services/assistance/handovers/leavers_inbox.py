"""Who left their last post, or their account, and helps somebody still: it waits in the inbox of the office in charge of all of them until
a handover is opened or nobody is left (R46). Blocking."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from psycopg.rows import dict_row

from services.assistance.handovers.domain import handover_id
from services.assistance.messages import say
from services.assistance.pairs.placed import Placed
from services.assistance.pairs.queries import SEEN, PairQueries
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry, page_of_few
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.web.areas import code_range

OPERATION = "open_handover"
STILL_HELPING = """
SELECT helper, since, helped, left(low, CASE WHEN low = high THEN 12 ELSE (
    SELECT coalesce(max(digits), 0) FROM unnest('{{2,4,6,9}}'::int[]) digits WHERE left(low, digits) = left(high, digits)
) END) AS division
FROM (SELECT p.helper, l.since, count(*) FILTER (WHERE {seen})::int AS helped, min(p.division) AS low, max(p.division) AS high
        FROM ({pairs}) p
        JOIN (SELECT account, min(since) AS since FROM staff_leavers GROUP BY account) l ON l.account = p.helper
       WHERE l.since <= %(today)s AND NOT p.void AND p.formed_on <= %(today)s
         AND (p.until IS NULL OR p.until > %(today)s)
         AND NOT EXISTS (SELECT FROM handovers h WHERE h.helper = p.helper AND NOT h.closed)
       GROUP BY p.helper, l.since) AS left_behind
WHERE helped > 0
"""
"""With the smallest division in which all are whom somebody helps; of pairs of kinds that are closed to whoever asks none is counted."""


class LeaversInbox:
    """Implements ``InboxSource``. ``areas``: SQL of the relation (subject, division) of all who may be helped."""

    def __init__(self, service: str, store: Store, access: AccessTable, pairs: PairQueries, areas: str) -> None:
        self._service, self._store, self._access, self._pairs = service, store, access, pairs
        self._sql = STILL_HELPING.format(pairs=Placed(areas, (), ()).pairs(None), seen=SEEN).encode()

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        if asked.kind not in (None, EntryKind.DUE):
            return []
        return page_of_few((self._entry(row, asked) for row in self._waiting(asked)), after, limit)

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        waiting = len(self._waiting(asked))
        return {EntryKind.DUE: waiting} if waiting else {}

    def _waiting(self, asked: Asked) -> list[dict[str, Any]]:
        low, high = code_range(asked.division)
        closed = list(self._pairs.closed_to(asked.actor))
        params = {"today": asked.today, "closed": closed, "me": asked.actor.subject}
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            rows = cur.execute(self._sql, params).fetchall()
        return [row for row in rows if low <= row["division"] < high]

    def _entry(self, row: Mapping[str, Any], asked: Asked) -> InboxEntry:
        handover = handover_id(row["helper"])
        return InboxEntry(
            id=f"{handover}/left", kind=EntryKind.DUE, since=row["since"], due_by=None, division=row["division"],
            subject=handover, household_id=None, why=say("leaver_helps_still", count=row["helped"]),
            act=Act(OPERATION, "POST", f"/{self._service}/handovers", {"helper": row["helper"]}),
            refused=self._access.row(OPERATION).refusal(asked.actor),
            details={"helper": row["helper"], "count": row["helped"]},
        )  # fmt: skip
