"""Notices that are over and hang still, where their procedure says by when they come down, as entries of the inbox of the office that
posted them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.messages import say
from services.casework.procedures.steps import CaseProgress, CaseSteps
from services.chassis.ground.messages import Message
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

SUFFIX = ".taking_down"
"""Behind the id of the case, which may wait for a step as well."""
ACT = "take_down_notice"


class TakingDownInbox:
    """Implements ``InboxSource``. ``areas``: SQL of the relation (subject, division); ``service``: whose paths acts have."""

    def __init__(self, service: str, store: Store, areas: str, steps: CaseSteps) -> None:
        self._service, self._store, self._steps = service, store, steps
        self._hanging = (
            f"SELECT c.case_id, c.case_id || '{SUFFIX}' AS id, CASE WHEN c.take_down_by < %(today)s THEN 'overdue' ELSE 'due' END AS kind,"
            f" c.take_down_by AS since, a.division, c.subject, c.household_id FROM cases c JOIN ({areas}) a USING (subject)"
            " WHERE c.take_down_by IS NOT NULL AND c.take_down_level = %(level)s AND c.take_down_role = ANY(%(roles)s)"
            " AND a.division >= %(low)s AND a.division < %(high)s"
        )

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            f"SELECT * FROM ({self._hanging}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, id) > (%(since)s, %(id)s) ORDER BY since, id LIMIT %(limit)s"
        )
        params = {**_params(asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), params).fetchall()
        progress = self._steps.of_many((row[0] for row in rows), asked.actor)
        return [self._entry(row, progress[row[0]]) for row in rows]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT kind, count(*) FROM ({self._hanging}) e GROUP BY kind"
        with self._store.reading() as conn:
            return {EntryKind(kind): count for kind, count in conn.execute(sql.encode(), _params(asked))}

    def _entry(self, row: Sequence[Any], found: CaseProgress) -> InboxEntry:
        case_id, id_, kind, since, division, subject, household_id = row
        act = next((each for each in found.acts if each.step.act == ACT), None)
        step = next(
            (each.step for each in found.steps if act is not None and each.step.key == act.step.form["step"]), None
        )
        procedure = Message("procedure", found.procedure.zh, found.procedure.en)
        named = procedure if step is None else Message("step", step.zh, step.en)
        return InboxEntry(
            id=id_, kind=EntryKind(kind), since=since, due_by=since, division=division, subject=subject, household_id=household_id,
            why=say("notice_to_take_down", procedure=procedure, step=named),
            act=None if act is None else Act(ACT, "POST", f"/{self._service}/cases/{case_id}/takings-down", act.step.form),
            refused=None if act is None else act.refused,
            details={"case_id": case_id, "procedure": found.procedure.procedure},
        )  # fmt: skip


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {
        "level": asked.actor.level, "roles": sorted(asked.actor.roles), "today": asked.today, "low": low, "high": high,
    }  # fmt: skip
