"""Targets as entries of the inbox: overdue, to be struck off, or running towards their deadline."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.quantities import Figures
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range
from services.monitoring.access import ACCESS
from services.monitoring.messages import say
from services.monitoring.targets.domain import refusal_to_strike_off, stream_of
from services.monitoring.targets.state import Target, target_from_json
from services.monitoring.targets.store import location_of

OPEN = (
    "SELECT target_id, division, deadline, target_json, exited_households, exited_persons,"
    " CASE WHEN state = 'met' THEN 'due' WHEN deadline < %(today)s THEN 'overdue' ELSE 'waiting' END AS kind,"
    " CASE WHEN state <> 'met' AND deadline < %(today)s THEN deadline + 1 ELSE set_on END AS since"
    " FROM target_states WHERE division >= %(low)s AND division < %(high)s AND state IN ('open', 'met', 'overdue')"
)
"""An overdue target waits since its deadline, any other since it was set."""


class TargetInbox:
    """Implements ``InboxSource``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            "SELECT kind, since, target_json::text, exited_households, exited_persons"
            f" FROM ({OPEN}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, target_id::text) > (%(since)s, %(id)s) ORDER BY since, target_id::text LIMIT %(limit)s"
        )
        params = {**_params(asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), params).fetchall()
        found = [
            (EntryKind(kind), since, target_from_json(target), Figures(households, persons))
            for kind, since, target, households, persons in rows
        ]
        due = {target.target_id: exits for kind, _, target, exits in found if kind is EntryKind.DUE}
        refused = self._refused_to_strike_off(due, asked)
        return [
            _entry(kind, since, target, exits, *_act(kind, target, asked.actor, refused.get(target.target_id)))
            for kind, since, target, exits in found
        ]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT kind, count(*) FROM ({OPEN}) e GROUP BY kind"
        with self._store.reading() as conn:
            return {EntryKind(kind): count for kind, count in conn.execute(sql.encode(), _params(asked))}

    def _refused_to_strike_off(self, due: Mapping[UUID, Figures], asked: Asked) -> Mapping[UUID, Refused | None]:
        """Targets that are met → by which rule the caller may not strike them off."""
        if role := ACCESS.row("strike_off_target").refusal(asked.actor):
            return dict.fromkeys(due, role)

        def read(tx: Tx) -> Mapping[UUID, Refused | None]:
            by, today = asked.actor.subject, asked.today
            return {t: refusal_to_strike_off(tx.load(stream_of(t)), by, today, exits) for t, exits in due.items()}

        return self._store.on_snapshot(read, *map(stream_of, due)) if due else {}


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {"low": low, "high": high, "today": asked.today}


def _act(kind: EntryKind, target: Target, actor: Actor, refused: Refused | None) -> tuple[Act | None, Refused | None]:
    """``refused``: to strike it off. What is counted, of exits or of projects, is never reported."""
    path = location_of(target.target_id)
    if kind is EntryKind.DUE:
        return Act("strike_off_target", "POST", f"{path}/strike-off"), refused
    if target.is_typed:
        return Act("report_progress", "POST", f"{path}/progress"), ACCESS.row("report_progress").refusal(actor)
    return None, None


def _why(kind: EntryKind, target: Target) -> Message:
    match kind:
        case EntryKind.DUE:
            return say("target_to_strike_off", item=target.item)
        case EntryKind.OVERDUE:
            if target.is_typed:
                return say("target_overdue", item=target.item, deadline=target.deadline)
            return say("target_overdue_counted", item=target.item, deadline=target.deadline)
    return say("target_runs", item=target.item, deadline=target.deadline)


def _entry(
    kind: EntryKind, since: date, target: Target, exits: Figures, act: Act | None, refused: Refused | None
) -> InboxEntry:
    missing = [
        {"line": short.line, "amount": f"{short.missing.amount.normalize():f}", "unit": short.missing.unit}
        for short in target.missing(exits)
    ]
    return InboxEntry(
        id=str(target.target_id), kind=kind, since=since, due_by=target.deadline, division=target.division,
        subject=target.target_id, household_id=None, why=_why(kind, target),
        act=act, refused=refused,
        details={"year": target.year, "work_list": target.work_list, "item": target.item, "missing": missing},
    )  # fmt: skip
