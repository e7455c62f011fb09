"""Open cases in the order of the inbox, as their table says they stand."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from services.casework.inbox.entries import Asked, EntryKind
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

KIND = (
    "CASE WHEN NOT coalesce(waits_for_level = %(level)s AND waits_for_role = ANY(%(roles)s), false)"
    "       AND (objections > 0 OR NOT EXISTS (SELECT FROM case_steps_beside b WHERE b.case_id = c.case_id"
    "        AND b.waits_for_level = %(level)s AND b.waits_for_role = ANY(%(roles)s))) THEN 'waiting'"
    "     WHEN make_good_by < %(today)s OR due_by < %(today)s THEN 'overdue' WHEN returned THEN 'returned' ELSE 'due' END"
)


class OpenCases:
    """Blocking. ``areas``: SQL of the relation (subject, division)."""

    def __init__(self, store: Store, areas: str) -> None:
        self._store = store
        self._open = (
            f"SELECT c.case_id, {KIND} AS kind, c.latest_on AS since, c.make_good_by, c.notice_ends, c.due_by, a.division, c.subject,"
            f" c.household_id FROM cases c JOIN ({areas}) a USING (subject)"
            " WHERE c.outcome IS NULL AND a.division >= %(low)s AND a.division < %(high)s"
        )

    def waiting(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[Any]:
        """Rows (case, kind, since, make good by, notice ends, due by, division, subject, household) after this key."""
        sql = (
            f"SELECT * FROM ({self._open}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, case_id::text) > (%(since)s, %(id)s) ORDER BY since, case_id::text LIMIT %(limit)s"
        )
        params = {**_params(asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            return conn.execute(sql.encode(), params).fetchall()

    def counts(self, asked: Asked) -> Counter[EntryKind]:
        sql = f"SELECT kind, count(*) FROM ({self._open}) e GROUP BY kind"
        with self._store.reading() as conn:
            return Counter({EntryKind(kind): count for kind, count in conn.execute(sql.encode(), _params(asked))})


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {
        "level": asked.actor.level, "roles": sorted(asked.actor.roles), "today": asked.today, "low": low, "high": high,
    }  # fmt: skip
