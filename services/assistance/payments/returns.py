"""What was returned and is to be paid again: of each due its last return, as far as the due still stands. A due that was given up, or
is one no longer, is paid no second time, and keeps nobody waiting. Blocking."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Cursor

from services.assistance.payments.domain_identities import DueAccount
from services.assistance.payments.ledger import FIRST, LAST, Ledger, Scope
from services.assistance.payments.paying_places import Key
from services.chassis.log.snapshot import Connection

SAME_DUE: LiteralString = (
    "o.unit = l.unit AND (o.programme, o.component, o.period_from, o.period_to, o.occasion)"
    " = (l.programme, l.component, l.period_from, l.period_to, l.occasion)"
)
PAID_AGAIN: LiteralString = (
    f"(EXISTS (SELECT FROM payment_lines o WHERE o.live AND {SAME_DUE})"
    " OR EXISTS (SELECT FROM payment_lines o JOIN payment_returns q USING (list_id, number) JOIN pay_lists z USING (list_id)"
    f" WHERE NOT o.live AND {SAME_DUE} AND z.compiled_at > p.compiled_at))"
)
"""Of a line ``l`` of a list ``p``: another is live, or was the one that came back last."""
UNPAID: LiteralString = (
    "SELECT 1 FROM payment_returns r JOIN payment_lines l USING (list_id, number) JOIN pay_lists p USING (list_id)"
    f" WHERE r.list_id = %s AND NOT {PAID_AGAIN} LIMIT 1"
)


def waits_to_be_paid_again(cur: Cursor[Any], list_id: UUID) -> bool:
    """Whether anything of a list came back and was not paid by another since."""
    return cur.execute(UNPAID, (list_id,)).fetchone() is not None


class Outstanding:
    """``as_of``: what had fallen due by the end of that day."""

    def __init__(self, conn: Connection, ledger: Ledger, as_of: date) -> None:
        self._conn, self._ledger, self._as_of, self._known_at = conn, ledger, as_of, ledger.now()
        self._accounts: dict[tuple[UUID, str], Mapping[Key, DueAccount]] = {}

    def of(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Those of the rows of returned lines that may be paid again, with what is: never more than was listed, or than is due."""
        for row in rows:
            if amount := min(row["amount"], self.payable(row)):
                yield {**row, "amount": amount}

    def payable(self, row: Mapping[str, Any]) -> Decimal:
        unit, programme = row["unit"], row["programme"]
        if (unit, programme) not in self._accounts:
            scope = Scope(programme, "", FIRST, LAST, self._as_of, self._known_at, unit)
            self._accounts[unit, programme] = self._ledger.of_unit(scope, self._conn)
        key = (row["component"], row["period_from"], row["period_to"], row["occasion"])
        return self._accounts[unit, programme].get(key, DueAccount()).payable()
