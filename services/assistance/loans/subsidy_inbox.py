"""Subsidised interest that was paid and, as restated, is not due: it waits in the inbox until the lender gave it back. Blocking.

The view says of which loans something that bears interest was told otherwise after the last payment of subsidy; only of these the
books are folded, since what is due depends on the papers, too, and on the day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, LiteralString

from psycopg.rows import dict_row

from services.assistance.loans.queries import LoanQueries
from services.assistance.messages import say
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.ledgers.money import yuan_of
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.web.areas import code_range

RESTATED: LiteralString = """
SELECT loan_id, household_id, person_id, product, lender, division, since FROM (
    SELECT *, loan_id || '/subsidy_overpaid' AS id, subsidy_restated_on AS since FROM loan_accounts
    WHERE subsidy_restated_on IS NOT NULL AND office_until IS NULL AND division >= %(low)s AND division < %(high)s
) AS restated WHERE (since, id) > (%(since)s, %(id)s) ORDER BY since, id
"""


class OverpaidSubsidyInbox:
    """Implements ``InboxSource``."""

    def __init__(self, service: str, store: Store, queries: LoanQueries, access: AccessTable) -> None:
        self._service, self._store, self._queries, self._access = service, store, queries, access

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        return list(islice(self._waiting(asked, after), limit)) if asked.kind in (None, EntryKind.DUE) else []

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        waiting = sum(1 for _ in self._waiting(asked, (date.min, "")))
        return {EntryKind.DUE: waiting} if waiting else {}

    def _waiting(self, asked: Asked, after: tuple[date, str]) -> Iterator[InboxEntry]:
        low, high = code_range(asked.division)
        given = {"low": low, "high": high, "since": after[0], "id": after[1]}
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            restated = cur.execute(RESTATED, given).fetchall()
        for row in restated:
            if fen := self._queries.subsidy_overpaid(row["loan_id"], asked.today):
                yield self._entry(row, str(yuan_of(fen)), asked)

    def _entry(self, row: Mapping[str, Any], amount: str, asked: Asked) -> InboxEntry:
        operation = "return_loan_subsidy"
        return InboxEntry(
            id=f"{row['loan_id']}/subsidy_overpaid", kind=EntryKind.DUE, since=row["since"], due_by=None, division=row["division"],
            subject=row["person_id"] or row["loan_id"], household_id=row["household_id"],
            why=say("loan_subsidy_overpaid", amount=amount),
            act=Act(operation, "POST", f"/{self._service}/loans/{row['loan_id']}/subsidy-returns", {"amount": amount}),
            refused=self._access.row(operation).refusal(asked.actor),
            details={"loan_id": row["loan_id"], "product": row["product"], "lender": row["lender"]},
        )  # fmt: skip
