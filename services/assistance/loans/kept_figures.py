"""Figures of the portfolio kept beside the rows of ``loan_accounts``, so that they do not grow with the loans.

``loan_figures`` has the changes of what is known now (``portfolio_changes``), for everything, each province and each city, by the day
since which they are so; ``late_loan_figures`` those that became known on a later day, by both. The portfolio of a day, as known at the
end of that day or of a later one, is the sum of the former through it, less what was learned of it since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from psycopg import Connection, Cursor, sql
from psycopg.rows import dict_row

from services.assistance.loans.portfolio_changes import Cell, Sums, changes

DIGITS = (0, 2, 4)
"""Of the codes of those divisions for which sums are kept. Counties, townships and villages are small enough to be summed from their
loans."""
KEYS = ("division", "product", "age", "valid_on")
LATE_KEYS = (*KEYS, "known_on", "lateness")
LATENESS = 16
"""Late changes are looked up by how late they are, in powers of two of days: of each, only those close enough to the day asked about. What
is later than by the last but one (90 years) is in the last."""
SOME = 2_000
"""Rows that are summed at a time."""

ADDED = """
INSERT INTO {table} AS kept ({keys}, loans, principal, arrears, claims)
SELECT left(division, digits), {others}, sum(loans), sum(principal), sum(arrears), sum(claims)
FROM unnest(%s::text[], %s::text[], %s::int[], %s::date[], {late} %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS changed ({keys}, loans, principal, arrears, claims), unnest({digits}::int[]) AS digits
GROUP BY left(division, digits), {others} ORDER BY left(division, digits), {others}
ON CONFLICT ({keys}) DO UPDATE SET loans = kept.loans + excluded.loans, principal = kept.principal + excluded.principal,
    arrears = kept.arrears + excluded.arrears, claims = kept.claims + excluded.claims
"""
ASIDE = "CREATE TEMPORARY TABLE {} (LIKE {}, PRIMARY KEY ({})) ON COMMIT DROP"
FILLED = """
INSERT INTO {1} SELECT * FROM {0} WHERE loans <> 0 OR principal <> 0 OR arrears <> 0 OR claims <> 0
"""
PORTFOLIO = """
SELECT product, age, sum(loans)::int AS loans, sum(principal)::bigint AS principal, sum(arrears)::bigint AS arrears,
    sum(claims)::bigint AS claims
FROM (
    SELECT product, age, loans, principal, arrears, claims FROM {now} WHERE division = %(code)s AND valid_on <= %(day)s
    UNION ALL SELECT product, age, -loans, -principal, -arrears, -claims
    FROM unnest(%(lateness)s::int[], %(since)s::date[]) AS asked (bits, since) JOIN {late}
        ON division = %(code)s AND lateness = bits AND valid_on > since AND valid_on <= %(day)s AND known_on > %(known_on)s
) AS changed
GROUP BY product, age HAVING sum(loans) <> 0 ORDER BY product, age
"""


@dataclass(frozen=True)
class PortfolioFigures:
    """Implements ``KeptSums``."""

    now: str = "loan_figures"
    late: str = "late_loan_figures"

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        return {self.now: (*KEYS, *Sums._fields), self.late: (*LATE_KEYS, *Sums._fields)}

    def suffixed(self, suffix: str) -> "PortfolioFigures":
        return replace(self, now=self.now + suffix, late=self.late + suffix)

    def fill(self, cur: Cursor[Any], table: str) -> None:
        # Summed aside: a table that is made anew has no indexes yet.
        beside = replace(self, now="summed_now", late="summed_late")
        with cur.connection.transaction(), cur.connection.cursor(name="loans_summed") as rows:
            for name, aside, keys in ((self.now, beside.now, KEYS), (self.late, beside.late, LATE_KEYS)):
                cur.execute(sql.SQL(ASIDE).format(sql.Identifier(aside), sql.Identifier(name), _names(keys)))
            rows.itersize = SOME
            rows.execute(sql.SQL("SELECT * FROM {} ORDER BY division").format(sql.Identifier(table)))
            columns = [column.name for column in rows.description or ()]
            while some := list(islice(rows, SOME)):
                beside.change(cur, table, columns, (), some)
            for name, aside in ((self.now, beside.now), (self.late, beside.late)):
                cur.execute(sql.SQL(FILLED).format(sql.Identifier(aside), sql.Identifier(name)))

    def change(
        self, cur: Cursor[Any], table: str, columns: Sequence[str], former: Iterable[Any], rows: Iterable[Any]
    ) -> None:
        told = [
            (sign, dict(zip(columns, row, strict=True))) for sign, side in ((-1, former), (1, rows)) for row in side
        ]
        self._add(cur, changes(told))

    def _add(self, cur: Cursor[Any], changed: Mapping[Cell, Sums]) -> None:
        now = [(*cell[:4], *sums) for cell, sums in changed.items() if cell.known_on is None]
        late = [
            (*cell, min((cell.known_on - cell.valid_on).days.bit_length(), LATENESS), *sums)
            for cell, sums in changed.items() if cell.known_on is not None
        ]  # fmt: skip
        for table, keys, rows in ((self.now, KEYS, now), (self.late, LATE_KEYS, late)):
            if rows:
                query = sql.SQL(ADDED).format(
                    table=sql.Identifier(table), keys=_names(keys), others=_names(keys[1:]), digits=sql.Literal(list(DIGITS)),
                    late=sql.SQL("%s::date[], %s::int[]," if table == self.late else ""),
                )  # fmt: skip
                cur.execute(query, [list(column) for column in zip(*rows, strict=True)])

    def portfolio(self, conn: Connection[Any], code: str, day: date, known_on: date) -> list[dict[str, Any]]:
        """Of a division for which sums are kept; by product and age, fen."""
        since = [date.fromordinal(max(known_on.toordinal() - 2**bits, 1)) for bits in range(1, LATENESS)]
        given = {
            "code": code, "day": day, "known_on": known_on, "lateness": list(range(1, LATENESS + 1)), "since": [*since, date.min],
        }  # fmt: skip
        query = sql.SQL(PORTFOLIO).format(now=sql.Identifier(self.now), late=sql.Identifier(self.late))
        with conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(query, given, prepare=True).fetchall()


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
