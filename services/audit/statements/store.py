"""Sums over the stock periods and movements: a statement is two queries, whatever the number of households."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import class_row

from contracts.quantities import Figures
from services.audit.provenance import Connected, Prefix
from services.audit.statements.bitemporal import Projection
from services.audit.statements.domain import Line, Row, balance
from services.chassis.views.view import Row as TableRow
from services.chassis.views.view import Table

STOCK_PERIODS = Table(
    "stock_periods",
    "household",
    ("household", "division", "persons", "valid_from", "valid_to", "known_from", "known_to"),
)
MOVEMENTS = Table(
    "movements",
    "household",
    (
        *("household", "effective_on", "line", "households", "persons", "division", "counterpart", "fact"),
        *("known_from", "known_to"),
    ),
)

HERE = "division >= %(low)s AND division < %(high)s AND known_from < %(before)s AND known_to >= %(before)s"
"""In the division asked about, as known then."""

FROM_OUTSIDE = "(counterpart IS NULL OR counterpart < %(low)s OR counterpart >= %(high)s)"
"""A move between two places of the division is nothing to the division."""


@dataclass(frozen=True, slots=True)
class Stocked:
    """A household in the stock. ``since``: the day from which it stood so, in that place and with so many persons."""

    household: UUID
    division: str
    persons: int
    since: date


@dataclass(frozen=True, slots=True)
class Moved:
    """One household's part in a figure of the statement, and the fact that made it."""

    household: UUID
    effective_on: date
    households: int
    persons: int
    division: str
    counterpart: str | None
    fact: str


def stock_rows(household: UUID, projection: Projection) -> Iterator[TableRow]:
    for versioned in projection.stock:
        p = versioned.value
        yield household, p.division, p.persons, p.valid_from, p.valid_to, versioned.known_from, versioned.known_to


def movement_rows(household: UUID, projection: Projection) -> Iterator[TableRow]:
    for versioned in projection.movements:
        m = versioned.value
        yield (
            *(household, m.effective_on, m.line, m.figures.households, m.figures.persons),
            *(m.division, m.counterpart, m.fact, versioned.known_from, versioned.known_to),
        )


def is_known(conn: Connected, division: Prefix) -> bool:
    """Whether such a division, or one within it, was ever declared or had a household in the stock."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM places WHERE code >= %(low)s AND code < %(high)s)"
        " OR EXISTS (SELECT 1 FROM stock_periods WHERE division >= %(low)s AND division < %(high)s)",
        division.range,
    ).fetchone()
    assert row is not None
    return bool(row[0])


def statement(conn: Connected, division: Prefix, first: int, last: int, before: datetime) -> list[Row]:
    """The years ``first`` to ``last``, restated: all as known before one instant."""
    turns = [date(year, 1, 1) for year in range(first, last + 2)]
    asked = {**division.range, "before": before, "turns": turns, "start": turns[0], "end": turns[-1]}
    years = [str(year) for year in range(first, last + 1)]
    return balance(years, _stocks(conn, asked, len(turns)), _changes(conn, asked))


def _stocks(conn: Connected, asked: dict[str, object], turns: int) -> list[Figures]:
    """The stock on the eve of each turn. One pass: a period counts at the turns after it began and not after it
    ended, so it is enough to know between which turns it began and ended."""
    totals = [Figures()] * turns
    for begun, ended, households, persons in conn.execute(
        "SELECT width_bucket(valid_from, %(turns)s::date[]), width_bucket(valid_to, %(turns)s::date[]),"
        f" count(*), sum(persons) FROM stock_periods WHERE {HERE}"
        " AND valid_from < %(end)s AND valid_to >= %(start)s GROUP BY 1, 2".encode(),
        asked,
    ):
        for turn in range(begun, ended):
            totals[turn] += Figures(households, persons)
    return totals


def _changes(conn: Connected, asked: dict[str, object]) -> dict[tuple[int, Line], Figures]:
    return {
        (turn - 1, Line(line)): Figures(households, persons)
        for turn, line, households, persons in conn.execute(
            "SELECT width_bucket(effective_on, %(turns)s::date[]), line, sum(households), sum(persons)"
            f" FROM movements WHERE {HERE} AND {FROM_OUTSIDE}"
            " AND effective_on >= %(start)s AND effective_on < %(end)s GROUP BY 1, 2".encode(),
            asked,
        )
    }


def moved(
    conn: Connected,
    division: Prefix,
    year: int,
    line: Line,
    before: datetime,
    after: tuple[date, UUID, str],
    limit: int,
) -> list[Moved]:
    """The movements behind one figure, by (day, household, fact)."""
    asked = {
        **division.range, "before": before, "line": line, "start": date(year, 1, 1), "end": date(year + 1, 1, 1),
        "day": after[0], "household": after[1], "fact": after[2], "limit": limit,
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(Moved)) as cur:
        cur.execute(
            "SELECT household, effective_on, households, persons, division, counterpart, fact FROM movements"
            f" WHERE {HERE} AND {FROM_OUTSIDE} AND line = %(line)s"
            " AND effective_on >= %(start)s AND effective_on < %(end)s"
            " AND (effective_on, household, fact) > (%(day)s, %(household)s, %(fact)s)"
            " ORDER BY effective_on, household, fact LIMIT %(limit)s".encode(),
            asked,
        )
        return cur.fetchall()


def stocked(
    conn: Connected, division: Prefix, as_of: date, before: datetime, after: tuple[str, UUID], limit: int
) -> list[Stocked]:
    """The households behind a stock (an opening, a closing), by (division, household)."""
    asked = {
        **division.range, "before": before, "day": as_of, "code": after[0], "household": after[1], "limit": limit,
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(Stocked)) as cur:
        cur.execute(
            "SELECT household, division, persons, valid_from AS since FROM stock_periods"
            f" WHERE {HERE} AND valid_from <= %(day)s AND valid_to > %(day)s"
            " AND (division, household) > (%(code)s, %(household)s) ORDER BY division, household LIMIT %(limit)s".encode(),
            asked,
        )
        return cur.fetchall()
