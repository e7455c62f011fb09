"""Agreements as entries of the inbox: what a clause asks for in the running period and what it asked for in one that is over; a term that
is about to end, or has ended, and is neither renewed nor said to be at its end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.labels import Label
from services.chassis.ground.messages import Message
from services.chassis.law.dated import NATIONAL, NotInForce, UnknownName
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.monitoring.access import ACCESS
from services.monitoring.agreements.parameters import REMIND_DAYS
from services.monitoring.agreements.store import clause_label, location_of
from services.monitoring.messages import say

WAITING = """
SELECT d.agreement_id, d.division, a.title, d.clause, d.first_day AS since, d.last_day AS due_by, d.wanted - d.done AS missing,
       d.unit, a.kind AS agreement_kind, CASE WHEN d.last_day < %(today)s THEN 'overdue' ELSE 'due' END AS kind
FROM agreement_dues d JOIN agreements a USING (agreement_id)
WHERE d.division >= %(low)s AND d.division < %(high)s AND d.done < d.wanted AND d.first_day <= %(today)s
UNION ALL
SELECT agreement_id, division, title, '', until - %(days)s, until, NULL, NULL, kind,
       CASE WHEN until < %(today)s THEN 'overdue' ELSE 'due' END
FROM agreements
WHERE division >= %(low)s AND division < %(high)s AND until - %(days)s <= %(today)s AND ended_on IS NULL
"""
ID = "agreement_id || ' ' || clause || ' ' || due_by"


class AgreementInbox:
    """Implements ``InboxSource``."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        if asked.kind not in (None, EntryKind.OVERDUE, EntryKind.DUE):
            return []
        sql = (
            f"SELECT {ID} AS id, w.* FROM ({WAITING}) w WHERE (since, {ID}) > (%(since)s, %(id)s)"
            " AND kind = coalesce(%(kind)s, kind) ORDER BY since, id LIMIT %(limit)s"
        )
        params = {**self._params(asked), "since": after[0], "id": after[1], "kind": asked.kind, "limit": limit}
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), params).fetchall()
        lookup = self._documents.current() if rows else None
        return [_entry(asked, lookup, *row) for row in rows]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        with self._store.reading() as conn:
            rows = conn.execute(f"SELECT kind, count(*) FROM ({WAITING}) w GROUP BY kind".encode(), self._params(asked))
            return {EntryKind(kind): count for kind, count in rows}

    def _params(self, asked: Asked) -> dict[str, Any]:
        low, high = code_range(asked.division)
        return {"low": low, "high": high, "today": asked.today, "days": self._remind_days(asked)}

    def _remind_days(self, asked: Asked) -> int:
        """Of the place whose inbox it is; none where no document says it: then a term that is over waits from the day after."""
        try:
            return self._documents.current().at(REMIND_DAYS, asked.today, asked.division or NATIONAL).count
        except (NotInForce, UnknownName):
            return -1


def _entry(asked: Asked, lookup: Lookup | None, id_: str, *row: Any) -> InboxEntry:
    agreement_id, division, title, clause, since, due_by, missing, unit, agreement_kind, kind = row
    named = clause_label(lookup, agreement_kind, clause, since, division) if lookup is not None and clause else None
    operation, path = ("deliver_agreement", "deliveries") if clause else ("renew_agreement", "renewals")
    details = {"clause": clause, "missing": [{"line": 1, "amount": f"{missing:f}", "unit": unit}]} if clause else {}
    return InboxEntry(
        id=id_, kind=EntryKind(kind), since=since, due_by=due_by, division=division, subject=agreement_id, household_id=None,
        why=_why(kind, title, named, due_by, missing), refused=ACCESS.row(operation).refusal(asked.actor), details=details,
        act=Act(operation, "POST", f"{location_of(agreement_id)}/{path}", {"clause": clause} if clause else {}),
    )  # fmt: skip


def _why(kind: str, title: str, clause: Label | None, due_by: date, missing: Any) -> Message:
    if clause is not None:
        asked = {"title": title, "clause": clause, "due_by": due_by, "missing": f"{missing.normalize():f}"}
        return say("agreement_clause_overdue", **asked) if kind == "overdue" else say("agreement_clause_due", **asked)
    if kind == "overdue":
        return say("agreement_expired", title=title, until=due_by)
    return say("agreement_expires", title=title, until=due_by)
