"""A due is of the place that paid it, wherever the unit is said to have lived since; of one that nobody has paid, of where it is due. Else
a move that is told late would leave the one place with what it paid too much and the other with what nobody can pay again. Blocking."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, LiteralString
from uuid import UUID

from services.assistance.payments.domain_identities import DueAccount
from services.assistance.payments.domain_lines import NOTHING
from services.chassis.log.snapshot import Connection

Key = tuple[str, date, date, str]
"""Component, both days of the period, and the occasion."""
Accounts = dict[Key, DueAccount]
PAGE = 5000
KNOWN: LiteralString = "recorded_at < %(known_at)s AND (annulled_at IS NULL OR annulled_at >= %(known_at)s)"
PAID_ELSEWHERE: LiteralString = f"""
WITH lists AS (
    SELECT DISTINCT l.list_id FROM payment_lines l JOIN pay_lists p USING (list_id)
    WHERE l.unit = ANY(%(units)s) AND l.programme = %(programme)s AND NOT starts_with(p.division, %(division)s)
), moved AS (
    SELECT list_id, coalesce(range_agg(m.lines) FILTER (WHERE kind = 'instructed'), '{{}}') AS instructed,
        coalesce(range_agg(m.lines) FILTER (WHERE kind = 'returned'), '{{}}') AS returned
    FROM payment_movements m JOIN lists USING (list_id) WHERE {KNOWN} GROUP BY list_id
)
SELECT l.unit, l.component, l.period_from, l.period_to, l.occasion FROM moved JOIN payment_lines l USING (list_id)
WHERE l.unit = ANY(%(units)s) AND l.number <@ (instructed - returned)
"""
LIVED_ELSEWHERE: LiteralString = (
    "SELECT DISTINCT unit_id FROM entitlement_places WHERE unit_id = ANY(%(units)s) AND programme = %(programme)s"
    " AND NOT starts_with(division, %(division)s)"
)


def where_paid(
    conn: Connection, found: Iterator[tuple[UUID, Accounts]], asked: Mapping[str, Any],
    dues: Callable[[UUID], Iterable[tuple[Key, Decimal]]],
) -> Iterator[tuple[UUID, Accounts]]:  # fmt: skip
    """``found``: what is due in the place asked for, and what it paid; ``dues``: all that is due to a unit, wherever."""
    while page := list(islice(found, PAGE)):
        unpaid = [unit for unit, of in page if any(a.due and not _paid(a) for a in of.values())]
        by_others = defaultdict[UUID, set[Key]](set)
        for unit, *key in conn.execute(PAID_ELSEWHERE, {**asked, "units": unpaid}) if unpaid else ():
            by_others[unit].add(tuple(key))
        not_due = [unit for unit, of in page if any(_paid(a) and not a.due for a in of.values())]
        rows = conn.execute(LIVED_ELSEWHERE, {**asked, "units": not_due}) if not_due else ()
        elsewhere = {unit: dict(dues(unit)) for (unit,) in rows}
        for unit, of in page:
            yield unit, _of_place(of, by_others[unit], elsewhere.get(unit, {}))


def _of_place(accounts: Accounts, paid_by_others: set[Key], due_elsewhere: Mapping[Key, Decimal]) -> Accounts:
    for key, account in accounts.items():
        if _paid(account):
            account.due = account.due or due_elsewhere.get(key, NOTHING)
        elif key in paid_by_others:
            account.due = NOTHING
    return accounts


def _paid(account: DueAccount) -> Decimal:
    return account.settled + account.pending
