"""The inbox in its view, and reading it."""

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
from services.assistance.inbox.domain import Entry, Kind, entries
from services.chassis.store import Store
from services.chassis.views import StreamView, Table

COLUMNS = ("entry", "kind", "household_id", "person_id", "detail", "caused_by", "since", "stream")
MATTERS = (
    AssistanceReactionRefused, PaidAidReviewOpened, HelperDutyMissed,
    AidFactsAnnulled, HelperAssigned, HelperDutyMet, PairingEnded, PairingFactsAnnulled,
)  # fmt: skip
"""Facts that open an entry, and facts that may close one."""


def view() -> StreamView[str]:
    """Keeps the table ``inbox``."""
    return StreamView(
        tables=(Table("inbox", "stream", COLUMNS),),
        types=frozenset(kind.type_name for kind in MATTERS),
        subject=lambda recorded: recorded.stream,
        stream=str,
        fold=lambda stream, facts: ([(*astuple(entry), stream) for entry in entries(facts)],),
    )


class InboxReading:
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
