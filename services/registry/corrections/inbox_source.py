"""Open reports as entries of the inbox: they wait for a correction, with a last day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.procedures.offices import OFFICE_NOT_ALLOWED
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.registry.corrections.queries import listed_in
from services.registry.messages import say

KIND = (
    "CASE WHEN NOT (level = %(level)s AND %(reviews)s) THEN 'waiting'"
    " WHEN answer_by < %(today)s THEN 'overdue' ELSE 'due' END"
)


class ReportInbox:
    """Implements ``InboxSource``. ``areas``: SQL of the relation (subject, division)."""

    def __init__(self, store: Store, areas: str) -> None:
        self._store = store
        self._open = (
            f"SELECT report_id, {KIND} AS kind, reported_on AS since, answer_by, division, household_id, fact, level"
            f" FROM ({listed_in(areas)}) listed WHERE state = 'open' AND division >= %(low)s AND division < %(high)s"
        )

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            f"SELECT * FROM ({self._open}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, report_id::text) > (%(since)s, %(id)s) ORDER BY since, report_id::text LIMIT %(limit)s"
        )
        params = {**_params(asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            return [_entry(row, asked) for row in conn.execute(sql.encode(), params).fetchall()]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        with self._store.reading() as conn:
            rows = conn.execute(f"SELECT kind, count(*) FROM ({self._open}) e GROUP BY kind".encode(), _params(asked))
            return {EntryKind(kind): count for kind, count in rows}


def _entry(row: Sequence[Any], asked: Asked) -> InboxEntry:
    report_id, kind, since, answer_by, division, household_id, fact, level = row
    why = say("report_overdue", last=answer_by) if answer_by < asked.today else say("report_waits", last=answer_by)
    refused = None if _reviews(asked) and asked.actor.level is Level(level) else Refused(
        OFFICE_NOT_ALLOWED, level=Level(level), role=Role.REVIEWER
    )  # fmt: skip
    return InboxEntry(
        id=str(report_id), kind=EntryKind(kind), since=since, due_by=answer_by, division=division,
        subject=household_id, household_id=household_id, why=why, refused=refused,
        act=Act("open_case", "POST", "/registry/cases", {"subject": str(household_id)}), details={"report_id": report_id, "fact": fact},
    )  # fmt: skip


def _reviews(asked: Asked) -> bool:
    return asked.actor.has(Role.REVIEWER, Role.DECIDER)


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {
        "level": asked.actor.level, "reviews": _reviews(asked), "today": asked.today, "low": low, "high": high,
    }  # fmt: skip
