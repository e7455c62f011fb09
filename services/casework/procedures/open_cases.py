"""Open cases in the order of the inbox, as their table says they stand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.casework.inbox.entries import Asked, EntryKind
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

MINE = (
    "(waits_for_level = %(level)s AND waits_for_role = ANY(%(roles)s) OR objections = 0"
    " AND EXISTS (SELECT FROM case_steps_beside b WHERE b.case_id = c.case_id"
    " AND b.waits_for_level = %(level)s AND b.waits_for_role = ANY(%(roles)s)))"
)
LATE = "(make_good_by < %(today)s OR due_by < %(today)s)"
OF_KIND: Mapping[EntryKind | None, str] = {
    None: "true",
    EntryKind.WAITING: f"{MINE} IS NOT TRUE",
    EntryKind.OVERDUE: f"{MINE} AND {LATE}",
    EntryKind.RETURNED: f"{MINE} AND {LATE} IS NOT TRUE AND returned",
    EntryKind.DUE: f"{MINE} AND {LATE} IS NOT TRUE AND NOT returned",
}
"""Said apart, not by the value that ``KIND`` has: the planner knows what these select. A case is of no other kind."""
KIND = f"CASE WHEN {MINE} IS NOT TRUE THEN 'waiting' WHEN {LATE} THEN 'overdue' WHEN returned THEN 'returned' ELSE 'due' END"


class OpenCases:
    """Blocking. ``areas``: SQL of the relation (subject, division)."""

    def __init__(self, store: Store, areas: str) -> None:
        self._store = store
        self._open = (
            f"FROM cases c JOIN ({areas}) a USING (subject)"
            " WHERE c.outcome IS NULL AND a.division >= %(low)s AND a.division < %(high)s"
        )

    def waiting(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[Any]:
        """Rows (case, kind, since, make good by, notice ends, due by, division, subject, household) after this key."""
        if asked.kind not in OF_KIND:
            return ()
        sql = (
            f"SELECT c.case_id, {KIND}, c.latest_on, c.make_good_by, c.notice_ends, c.due_by, a.division, c.subject, c.household_id"
            f" {self._open} AND {OF_KIND[asked.kind]} AND (c.latest_on, c.case_id::text) > (%(since)s, %(id)s)"
            " ORDER BY c.latest_on, c.case_id::text LIMIT %(limit)s"
        )
        params = {**_params(asked), "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            return conn.execute(sql.encode(), params).fetchall()

    def counts(self, asked: Asked) -> Counter[EntryKind]:
        sql = f"SELECT {KIND} AS kind, count(*) {self._open} GROUP BY kind"
        with self._store.reading() as conn:
            return Counter({EntryKind(kind): count for kind, count in conn.execute(sql.encode(), _params(asked))})


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {
        "level": asked.actor.level, "roles": sorted(asked.actor.roles), "today": asked.today, "low": low, "high": high,
    }  # fmt: skip
