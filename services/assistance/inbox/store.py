"""The inbox's view, and its queries."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date

from psycopg.rows import class_row

from contracts.assistance.aid import AidFactsAnnulled, PaidAidReviewOpened
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.pairing import (
    HelperAssigned,
    HelperDutyMet,
    HelperDutyMissed,
    PairingEnded,
    PairingFactsAnnulled,
)
from contracts.facts import Recorded
from services.assistance.inbox.domain import Entry, Kind, entries
from services.chassis.log.store import Store
from services.chassis.views.view import Row, Table, View, view_of_streams

COLUMNS = ("entry", "kind", "household_id", "person_id", "detail", "caused_by", "since", "stream")
SUBSCRIBED_FACTS = (
    AssistanceReactionRefused, PaidAidReviewOpened, HelperDutyMissed,
    AidFactsAnnulled, HelperAssigned, HelperDutyMet, PairingEnded, PairingFactsAnnulled,
)  # fmt: skip
"""Facts that open an entry, and facts that may close one."""


def view() -> View[str]:
    """Keeps the table ``inbox``."""
    types = frozenset(kind.type_name for kind in SUBSCRIBED_FACTS)
    return view_of_streams("inbox", (Table("inbox", "stream", COLUMNS),), types, "", str, _rows)


def _rows(stream: str, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return ([(*astuple(entry), stream) for entry in entries(facts)],)


class InboxQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self, division: str, kind: Kind | None, after: tuple[date, str], limit: int) -> list[Entry]:
        """Open entries about households under a division, oldest first."""
        sql = (
            "SELECT i.entry, i.kind, i.household_id, i.person_id, i.detail, i.caused_by, i.since"
            " FROM inbox i JOIN households h USING (household_id)"
            " WHERE starts_with(h.division, %s) AND i.kind = coalesce(%s, i.kind) AND (i.since, i.entry) > (%s, %s)"
            " ORDER BY i.since, i.entry LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(Entry)) as cur:
            cur.execute(sql, (division, kind, *after, limit))
            return cur.fetchall()
