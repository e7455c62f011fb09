"""Queries of funds: one with its balances in both times, lists, the trial balance and execution as sums over the entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Recorded
from contracts.monitoring.funds import FundDeclared
from contracts.selection import timeline
from services.casework.ledgers.domain import Book, TrialBalance, book_of
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.monitoring.funds.accounting import Account, account_of, accounting, project_of
from services.monitoring.funds.domain import balance
from services.monitoring.funds.state import Fund, fold, fund_from_json
from services.monitoring.funds.store import stream_of

FUND_AREAS = "SELECT fund_id AS subject, division FROM funds"
"""SQL of the relation (subject, division)."""
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
KNOWN = "known_from < {at} AND (known_until IS NULL OR known_until >= {at})"
OF_DAY = "on_day <= %(as_of)s"
IN_PLACE = f"division >= %(low)s AND division < %(high)s AND {OF_DAY}"
_balances = msgspec.json.Decoder(dict[str, int])


class ExecutionBy(StrEnum):
    FUND = "fund"
    PROJECT = "project"
    DIVISION = "division"
    DAY = "day"
    MONTH = "month"
    DIVISION_MONTH = "division_month"


MONTH = "to_char(on_day, 'YYYY-MM')"
GROUPED = {
    ExecutionBy.FUND: "fund_id::text",
    ExecutionBy.PROJECT: "use",
    ExecutionBy.DIVISION: "division",
    ExecutionBy.DAY: "on_day::text",
    ExecutionBy.MONTH: MONTH,
}
SUMS = ("received", "allocated", "spent")
"""To hand (what arrived and was not given back), of it given to uses, and of that paid."""
HELD = {
    "received": ("available", "allocated", "reserved", "retained", "spent"),
    "allocated": ("allocated", "reserved", "retained", "spent"),
    "spent": ("spent",),
}


@dataclass(frozen=True, slots=True)
class FundPosition:
    """A fund with its balances, debits above zero, by account."""

    fund: Fund
    balances: Mapping[str, int]

    def held(self, account: Account) -> int:
        return balance(dict(self.balances), account)


@dataclass(frozen=True, slots=True)
class Execution:
    """Fen by one key: as known at the instant that was asked for, and as known now."""

    key: str
    published: Mapping[str, int]
    restated: Mapping[str, int]


class FundQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fund(
        self, fund_id: UUID, as_of: date | None, known_at: datetime | None
    ) -> tuple[FundPosition | None, Book, str | None, Sequence[Recorded]]:
        """The fund on a day as known before an instant, its book, its division, and the facts that stand."""
        facts = self._store.stream(stream_of(fund_id))
        declared = next((r.fact for r in facts if isinstance(r.fact, FundDeclared)), None)
        standing = list(timeline(facts, as_of=as_of, known_at=known_at))
        fund, book = fold(standing), book_of(facts, accounting, as_of=as_of, known_at=known_at)
        position = None if fund is None else FundPosition(fund, book.balances())
        return position, book, None if declared is None else declared.division, standing

    def funds(
        self, prefix: str, year: int | None, title: str | None, after: tuple[str, UUID], limit: int
    ) -> list[FundPosition]:
        """Funds under a division, by division and id; ``title``: a part of it, or of the document's number."""
        low, high = code_range(prefix)
        sql = (
            "SELECT fund_json::text, balances::text FROM funds WHERE division >= %s AND division < %s"
            " AND (division, fund_id) > (%s, %s) AND year = coalesce(%s, year) AND (%s::text IS NULL"
            " OR strpos(lower(concat_ws(chr(10), fund_json ->> 'title', fund_json ->> 'document_no')), lower(%s)) > 0)"
            " ORDER BY division, fund_id LIMIT %s"
        )
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), (low, high, *after, year, title, title, limit)).fetchall()
        return [FundPosition(fund_from_json(fund), _balances.decode(balances)) for fund, balances in rows]

    def titles(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Of projects, by the keys of uses; whatever else is asked for has none."""
        projects = [project for key in keys if (project := project_of(key)) is not None]
        sql = b"SELECT 'project:' || project_id, title FROM projects WHERE project_id = ANY(%s)"
        with self._store.reading() as conn:
            return dict(conn.execute(sql, (projects,)).fetchall())

    def fund_titles(self, funds: Iterable[str]) -> Mapping[str, str]:
        """By their ids."""
        sql = b"SELECT fund_id::text, fund_json ->> 'title' FROM funds WHERE fund_id = ANY(%s::uuid[])"
        with self._store.reading() as conn:
            return dict(conn.execute(sql, (list(funds),)).fetchall())

    def common_funds(self, prefix: str) -> list[Fund]:
        """Under a division, by division and id."""
        low, high = code_range(prefix)
        sql = (
            b"SELECT fund_json::text FROM funds WHERE division >= %s AND division < %s AND ((fund_json ->> 'village_fund')::boolean"
            b" OR source IN ('unit', 'donor', 'villagers')) ORDER BY division, fund_id"
        )
        with self._store.reading() as conn:
            return [fund_from_json(fund) for (fund,) in conn.execute(sql, (low, high)).fetchall()]

    def trial_balance(
        self, prefix: str, as_of: date, known_at: datetime | None
    ) -> tuple[TrialBalance, Mapping[Account, int]]:
        """All debits and all credits under a division through a day as known before an instant, and what each account is at."""
        with self._store.reading() as conn:
            sql = (
                "SELECT account, coalesce(sum(fen) FILTER (WHERE fen > 0), 0), coalesce(-sum(fen) FILTER (WHERE fen < 0), 0)"
                f" FROM fund_entries WHERE {_in_place(conn, prefix)} AND {KNOWN.format(at='%(at)s')}"
                " GROUP BY account ORDER BY account"
            )
            rows = conn.execute(sql.encode(), _params(prefix, as_of, known_at)).fetchall()
        debit, credit = (sum(int(row[n]) for row in rows) for n in (1, 2))
        return TrialBalance(debit, credit), {Account(row[0]): int(row[1]) - int(row[2]) for row in rows}

    def execution(
        self, prefix: str, by: ExecutionBy, as_of: date, known_at: datetime | None, after: str, limit: int
    ) -> list[Execution]:
        """Sums by key, as known then and as known now, by key."""
        columns = ", ".join(
            f"coalesce(sum(fen) FILTER (WHERE account = ANY(%({name})s) AND {KNOWN.format(at=at)}), 0)"
            for at in ("%(at)s", "%(now)s")
            for name in SUMS
        )
        params = {**_params(prefix, as_of, known_at), **{n: list(a) for n, a in HELD.items()}, "limit": limit}
        division, _, month = after.partition(" ")
        with self._store.reading() as conn:
            where = _in_place(conn, prefix)
            if by is ExecutionBy.DIVISION_MONTH:
                # Two keys in the order of the index, so that a page costs its divisions and not all of them.
                key = f"division, {MONTH}"
                where = f"{IN_PLACE} AND division >= %(after)s AND (division, {MONTH}) > (%(after)s, %(month)s)"
            else:
                key, division = GROUPED[by], after
                where += f" AND {key} > %(after)s"
            if by is ExecutionBy.PROJECT:
                where += " AND use LIKE 'project:%%'"
            sql = (
                f"SELECT {key}, {columns} FROM fund_entries WHERE {where} GROUP BY {key} ORDER BY {key} LIMIT %(limit)s"
            )
            rows = conn.execute(sql.encode(), {**params, "after": division, "month": month}).fetchall()
        keys = len(rows[0]) - 2 * len(SUMS) if rows else 1
        found = [(" ".join(row[:keys]), row[keys:]) for row in rows]
        return [Execution(key, _named(sums[: len(SUMS)]), _named(sums[len(SUMS) :])) for key, sums in found]

    def raised(self, prefix: str, year: int, as_of: date) -> list[tuple[str, str, int]]:
        """(Unit, division, fen) that each unit which must raise funds has brought in that year, as known now."""
        low, high = code_range(prefix)
        sql = (
            "SELECT f.raised_by, f.division, coalesce(sum(e.fen) FILTER (WHERE e.account <> 'pledged' AND e.fen > 0"
            "  AND e.account = 'available' AND e.on_day BETWEEN %(first)s AND %(last)s AND e.known_until IS NULL), 0)"
            " FROM funds f LEFT JOIN fund_entries e USING (fund_id) WHERE f.raised_by IS NOT NULL"
            " AND f.division >= %(low)s AND f.division < %(high)s GROUP BY f.raised_by, f.division ORDER BY 1, 2"
        )
        last = min(as_of, date(year, 12, 31))
        params = {"low": low, "high": high, "first": date(year, 1, 1), "last": last}
        with self._store.reading() as conn:
            return [(unit, division, int(fen)) for unit, division, fen in conn.execute(sql.encode(), params)]

    def received_by_villages(self, prefix: str, year: int, as_of: date) -> list[tuple[str, int]]:
        """(Village, fen) that the funds which it holds itself have received in that year, as known now."""
        low, high = code_range(prefix)
        sql = (
            "SELECT f.division, coalesce(sum(e.fen) FILTER (WHERE e.account = 'available' AND e.fen > 0"
            "  AND EXISTS (SELECT FROM fund_entries p WHERE p.fund_id = e.fund_id AND p.cause = e.cause AND p.account = 'pledged')"
            "  AND e.on_day BETWEEN %(first)s AND %(last)s AND e.known_until IS NULL), 0)"
            " FROM funds f LEFT JOIN fund_entries e USING (fund_id) WHERE (f.fund_json ->> 'village_fund')::boolean"
            " AND length(f.division) = 12 AND f.division >= %(low)s AND f.division < %(high)s GROUP BY f.division ORDER BY 1"
        )
        params = {"low": low, "high": high, "first": date(year, 1, 1), "last": min(as_of, date(year, 12, 31))}
        with self._store.reading() as conn:
            return [(division, int(fen)) for division, fen in conn.execute(sql.encode(), params)]

    def brought(self, project_id: UUID) -> Mapping[str, int]:
        """Level or source of a fund → fen that funds of it have allocated to the project, net, as known now."""
        sql = (
            "SELECT coalesce(f.fund_json ->> 'level', f.source), sum(e.fen) FROM fund_entries e JOIN funds f USING (fund_id)"
            " WHERE e.use = %s AND e.known_until IS NULL GROUP BY 1 ORDER BY 1"
        )
        with self._store.reading() as conn:
            return {level: int(fen) for level, fen in conn.execute(sql.encode(), (f"project:{project_id}",))}


def _in_place(conn: Connection, prefix: str) -> str:
    """The condition of the day and the place; the latter only where a fund is held elsewhere: of all that there is, comparing each
    entry's division takes a third of the time that summing it does."""
    low, high = code_range(prefix)
    asked = b"SELECT EXISTS (SELECT FROM funds WHERE division < %s) OR EXISTS (SELECT FROM funds WHERE division >= %s)"
    row = conn.execute(asked, (low, high)).fetchone()
    return IN_PLACE if row is None or row[0] else OF_DAY


def _params(prefix: str, as_of: date, known_at: datetime | None) -> dict[str, Any]:
    low, high = code_range(prefix)
    return {"low": low, "high": high, "as_of": as_of, "at": known_at or END_OF_TIME, "now": END_OF_TIME}


def _named(sums: Sequence[Any]) -> Mapping[str, int]:
    return {name: int(fen) for name, fen in zip(SUMS, sums, strict=True)}


def by_use(balances: Mapping[str, int]) -> Mapping[str, Mapping[Account, int]]:
    """Key of each use → what its accounts are at."""
    found: dict[str, dict[Account, int]] = {}
    for name, fen in balances.items():
        account, use = account_of(name)
        if use:
            found.setdefault(use, {})[account] = fen
    return found
