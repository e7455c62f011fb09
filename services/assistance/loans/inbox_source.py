"""Loans as entries of the inbox: what is overdue, what falls due soon, what was contracted and is not paid out. Blocking."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, LiteralString

from psycopg.rows import dict_row

from services.assistance.loans.queries import OPEN_NOW
from services.assistance.messages import say
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.ledgers.money import yuan_of
from services.chassis.ground.messages import Message
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.web.areas import code_range

DAYS_AHEAD = 30
"""How long before its day an instalment stands in the inbox."""
WAITING: LiteralString = f"""
SELECT *, loan_id || '/' || reason AS id FROM (
SELECT *, CASE reason WHEN 'overdue' THEN 'overdue' ELSE 'due' END AS kind,
       CASE reason WHEN 'falls_due' THEN due_on - %(ahead)s WHEN 'overdue' THEN due_on ELSE contracted_on END AS since
  FROM (SELECT *, CASE WHEN NOT disbursed THEN 'not_disbursed' WHEN due_on < %(day)s THEN 'overdue'
                       WHEN due_on <= %(day)s + %(ahead)s THEN 'falls_due' END AS reason
          FROM ({OPEN_NOW}) AS loans) AS reasons
 WHERE reason IS NOT NULL) AS waiting
"""


class LoanInbox:
    """Implements ``InboxSource``."""

    def __init__(self, service: str, store: Store, access: AccessTable) -> None:
        self._service, self._store, self._access = service, store, access

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            f"SELECT * FROM ({WAITING}) AS e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, id) > (%(since)s, %(id)s) ORDER BY since, id LIMIT %(limit)s"
        )
        given = {**_given(asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return [self._entry(row, asked) for row in cur.execute(sql, given)]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        with self._store.reading() as conn:
            found = conn.execute(f"SELECT kind, count(*) FROM ({WAITING}) AS e GROUP BY kind", _given(asked))
            return {EntryKind(kind): count for kind, count in found}

    def _entry(self, row: Mapping[str, Any], asked: Asked) -> InboxEntry:
        operation, part = ("repay_loan", "repayments") if row["disbursed"] else ("disburse_loan", "disbursements")
        return InboxEntry(
            id=row["id"], kind=EntryKind(row["kind"]), since=row["since"], due_by=row["due_on"], division=row["division"],
            subject=row["person_id"] or row["loan_id"], household_id=row["household_id"], why=_why(row),
            act=Act(operation, "POST", f"/{self._service}/loans/{row['loan_id']}/{part}"),
            refused=self._access.row(operation).refusal(asked.actor),
            details={"loan_id": row["loan_id"], "product": row["product"], "lender": row["lender"]},
        )  # fmt: skip


def _why(row: Mapping[str, Any]) -> Message:
    number = row["contract_no"]
    if row["reason"] == "not_disbursed":
        return say("loan_not_disbursed", contract_no=number, amount=str(yuan_of(row["principal"])))
    figures = {"contract_no": number, "due_on": row["due_on"].isoformat(), "amount": str(yuan_of(row["owed"]))}
    if row["reason"] == "falls_due":
        return say("loan_falls_due", **figures)
    return say("loan_overdue", **figures)


def _given(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {"day": asked.today, "ahead": DAYS_AHEAD, "low": low, "high": high}
