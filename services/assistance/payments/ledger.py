"""Both identities from the tables and the dues, as known at an instant: list by list, due by due, and in total. Blocking."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from services.assistance.entitlements.due import Asked, DueLine, DueSource
from services.assistance.payments import rules
from services.assistance.payments.compiling import head_of
from services.assistance.payments.domain_identities import DueAccount, Gross, Identities, Net, identities_of
from services.assistance.payments.domain_lines import NOTHING
from services.assistance.payments.paying_places import KNOWN, PAGE, Key, where_paid
from services.chassis.ground.refusals import Refused
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store

MOVED = f"""
WITH moved AS (
    SELECT list_id,
        coalesce(range_agg(m.lines) FILTER (WHERE kind = 'instructed'), '{{}}') AS instructed,
        coalesce(range_agg(m.lines) FILTER (WHERE kind = 'settled'), '{{}}') AS settled,
        coalesce(range_agg(m.lines) FILTER (WHERE kind = 'returned'), '{{}}') AS returned,
        coalesce(sum(m.amount) FILTER (WHERE kind = 'instructed'), 0) AS instructed_sum,
        coalesce(sum(m.amount) FILTER (WHERE kind = 'settled'), 0) - coalesce(sum(m.of_settled), 0) AS settled_sum,
        coalesce(sum(m.amount) FILTER (WHERE kind = 'returned'), 0) AS returned_sum
    FROM payment_movements m JOIN pay_lists p USING (list_id)
    WHERE p.programme = %(programme)s AND starts_with(p.division, %(division)s)
        AND p.period_from >= %(first)s AND p.period_to <= %(last)s AND {KNOWN}
    GROUP BY list_id
)
"""
GROSS = f"""{MOVED}
SELECT list_id, instructed_sum, settled_sum, returned_sum, (SELECT coalesce(sum(l.amount), 0) FROM payment_lines l
    WHERE l.list_id = moved.list_id AND l.number <@ (instructed - settled - returned)) AS pending
FROM moved ORDER BY list_id
"""
PAID = f"""{MOVED}
SELECT l.unit, l.component, l.period_from, l.period_to, l.occasion, l.amount,
    CASE WHEN l.number <@ settled THEN 'settled' ELSE 'pending' END AS state
FROM moved JOIN payment_lines l USING (list_id)
WHERE l.number <@ (instructed - returned) AND l.unit = coalesce(%(unit)s, l.unit) ORDER BY l.unit
"""
MONEY = f"""
SELECT unit, component, period_from, period_to, occasion, amount, kind FROM unit_money
WHERE programme = %(programme)s AND starts_with(division, %(division)s) AND period_from BETWEEN %(first)s AND %(last)s
    AND {KNOWN} AND unit = coalesce(%(unit)s, unit) ORDER BY unit
"""
CUT = """
SELECT list_id FROM pay_lists WHERE programme = %(programme)s AND starts_with(division, %(division)s)
    AND period_from <= %(last)s AND period_to >= %(first)s AND NOT (period_from >= %(first)s AND period_to <= %(last)s) LIMIT 1
"""
FIRST, LAST = date(1990, 1, 1), date(2200, 12, 31)
"""Of all periods."""
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Of periods that begin on or between two days; what had fallen due by ``as_of``; as known before ``known_at``."""

    programme: str
    division: str
    first: date
    last: date
    as_of: date
    known_at: datetime
    unit: UUID | None = None

    def params(self) -> dict[str, Any]:
        return {
            "programme": self.programme, "division": self.division, "first": self.first, "last": self.last,
            "known_at": self.known_at, "unit": self.unit,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListGross:
    list_id: UUID
    gross: Gross


@dataclass(slots=True)
class Figures:
    """``head``: of the log that they were read from; ``unplanned``: what is owed without a plan by which it is recovered."""

    identities: Identities
    lists: list[ListGross]
    head: int
    unplanned: Decimal = NOTHING

    def counted(self, accounts: Iterable[DueAccount]) -> Iterator[DueAccount]:
        for account in accounts:
            if not account.planned:
                self.unplanned += account.net().owed
            yield account


class Ledger:
    def __init__(self, store: Store, dues: DueSource) -> None:
        self._store, self._dues = store, dues

    def figures(self, scope: Scope) -> "Figures":
        """In total, and each list's part of the first. Raises ``Refused`` where the periods hold a part of a list."""
        with self._store.snapshot() as snapshot:
            if (cut := snapshot.connection.execute(CUT, scope.params()).fetchone()) is not None:
                raise Refused(rules.PERIODS_CUT_LIST, list_id=cut[0])
            lists = self.lists(snapshot.connection, scope)
            gross = sum((each.gross for each in lists), Gross())
            found = Figures(Identities(gross, Net()), lists, head_of(snapshot.connection)[0])
            accounts = self.accounts(snapshot.connection, scope)
            found.identities = identities_of(
                gross, found.counted(account for _, of in accounts for account in of.values())
            )
            return found

    def now(self) -> datetime:
        """The first instant at which all that is recorded so far is known."""
        with self._store.reading() as conn:
            return head_of(conn)[1]

    def lists(self, conn: Connection, scope: Scope) -> list[ListGross]:
        return [ListGross(row[0], Gross(*row[1:])) for row in conn.execute(GROSS, scope.params())]

    def accounts(self, conn: Connection, scope: Scope) -> Iterator[tuple[UUID, dict[Key, DueAccount]]]:
        """Unit by unit: whoever is due something, was paid or gave up something."""
        streams = (
            ((due.unit, "due", key_of(due), due.amount) for due in self._due_lines(scope)),
            ((row[0], row[6], tuple(row[1:5]), row[5]) for row in _rows(conn, "paid", PAID, scope)),
            ((row[0], row[6], tuple(row[1:5]), row[5]) for row in _rows(conn, "money", MONEY, scope)),
        )
        by_unit = groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0))
        found = ((unit, _accounts(of_unit)) for unit, of_unit in by_unit)
        return where_paid(conn, found, scope.params(), partial(self._due_anywhere, scope)) if scope.division else found

    def of_unit(self, scope: Scope, conn: Connection | None = None) -> dict[Key, DueAccount]:
        """``conn``: of a unit of work, which sees what was decided before it in its transaction."""
        assert scope.unit is not None
        if conn is not None:
            return dict(self.accounts(conn, scope)).get(scope.unit, {})
        with self._store.snapshot() as snapshot:
            return dict(self.accounts(snapshot.connection, scope)).get(scope.unit, {})

    def owed_without_plan(self, unit: UUID, programme: str, today: date) -> Decimal:
        """Blocking."""
        accounts = self.of_unit(Scope(programme, "", FIRST, LAST, today, self.now(), unit)).values()
        return sum((account.net().owed for account in accounts if not account.planned), NOTHING)

    def _due_anywhere(self, scope: Scope, unit: UUID) -> Iterator[tuple[Key, Decimal]]:
        return ((key_of(due), due.amount) for due in self._due_lines(replace(scope, unit=unit)))

    def _due_lines(self, scope: Scope) -> Iterable[DueLine]:
        if scope.unit is None:
            asked = Asked(
                scope.programme, scope.division, scope.first, min(scope.last, scope.as_of), scope.as_of, scope.known_at
            )
            return self._dues.lines(asked)
        found = self._dues.of_unit(scope.unit, as_of=scope.as_of, known_at=scope.known_at, programme=scope.programme)
        return (due for due in found if scope.first <= due.period.start <= scope.last)


def _rows(conn: Connection, name: str, sql: str, scope: Scope) -> Iterator[Row]:
    if scope.unit is not None:
        yield from conn.execute(sql.encode(), scope.params())
        return
    with conn.cursor(name=name) as cur:
        cur.itersize = PAGE
        yield from cur.execute(sql.encode(), scope.params())


def key_of(due: DueLine) -> Key:
    return due.component, due.period.start, due.period.end, due.occasion


def _accounts(told: Iterable[tuple[Any, str, Any, Decimal]]) -> dict[Key, DueAccount]:
    found: defaultdict[Key, DueAccount] = defaultdict(DueAccount)
    for _, what, key, amount in told:
        account = found[key]
        match what:
            case "due":
                account.due += amount
            case "settled":
                account.settled += amount
            case "pending":
                account.pending += amount
            case "waived":
                account.waived += amount
            case "recovered":
                account.recovered += amount
            case "refunded":
                account.recovered -= amount
            case "written_off":
                account.written_off += amount
            case "planned":
                account.planned = True
    return dict(found)


def net_of(accounts: Mapping[Key, DueAccount]) -> Net:
    return sum((account.net() for account in accounts.values()), Net())


LISTED = """
SELECT l.component, l.period_from, l.period_to, l.occasion, l.amount FROM payment_lines l
WHERE l.unit = %s AND l.live AND l.programme = %s AND NOT EXISTS (SELECT FROM payment_movements m
    WHERE m.list_id = l.list_id AND m.kind = 'instructed' AND m.lines @> l.number)
"""


def with_listed(conn: Connection, scope: Scope, accounts: dict[Key, DueAccount]) -> dict[Key, DueAccount]:
    """What is on a list that was not handed over yet counts as under way, for whoever decides about the due."""
    for row in conn.execute(LISTED, (scope.unit, scope.programme)):
        account = accounts.setdefault(tuple(row[:4]), DueAccount())
        account.pending += row[4]
    return accounts
