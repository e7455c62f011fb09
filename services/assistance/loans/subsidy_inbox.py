"""Subsidised interest that was paid and, as restated, is not due: it waits in the inbox until the lender gave it back. Blocking.

The view says of which loans something that bears interest was told otherwise after the last payment of subsidy, and when that was
told of: since then the product's paper may have come to give less. Only of these the books are folded.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, LiteralString

from psycopg.rows import dict_row

from services.assistance.loans.queries import LoanQueries
from services.assistance.loans.subsidy_papers import SubsidyPapers
from services.assistance.messages import say
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.ledgers.money import yuan_of
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.web.areas import code_range

PAID: LiteralString = """
SELECT DISTINCT product, contracted_in, subsidy_told_on FROM loan_accounts
 WHERE subsidy_told_on IS NOT NULL AND product = ANY(%(products)s) AND division >= %(low)s AND division < %(high)s
"""
CHANGED: LiteralString = """
SELECT loan_id, household_id, person_id, product, lender, division, since FROM (
    SELECT *, loan_id || '/subsidy_overpaid' AS id, coalesce(subsidy_restated_on, subsidy_told_on) AS since FROM loan_accounts
    WHERE office_until IS NULL AND division >= %(low)s AND division < %(high)s AND (
        subsidy_restated_on IS NOT NULL OR product = ANY(%(products)s) AND (product, contracted_in, subsidy_told_on) IN (
            SELECT * FROM unnest(%(lowered)s::text[], %(places)s::text[], %(days)s::date[])))
) AS changed WHERE (since, id) > (%(since)s, %(id)s) ORDER BY since, id
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
        papers = SubsidyPapers(self._queries.documents, asked.today)
        given: dict[str, Any] = {
            "low": low, "high": high, "since": after[0], "id": after[1], "products": papers.changing,
        }  # fmt: skip
        with self._store.reading() as conn:
            paid = conn.execute(PAID, given).fetchall()
        lowered = [each for each in paid if papers.is_lowered(*each)]
        for at, column in enumerate(("lowered", "places", "days")):
            given[column] = [each[at] for each in lowered]
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            changed = cur.execute(CHANGED, given).fetchall()
        for row in changed:
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
