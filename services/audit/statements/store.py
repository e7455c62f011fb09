"""Sums over the stock periods and movements: a statement is two queries, whatever the number of households."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import class_row

from contracts.quantities import Figures
from services.audit.areas import DivisionPrefix
from services.audit.provenance import DatabaseConnection
from services.audit.statements.bitemporal import Projection
from services.audit.statements.domain import STOCKS, AnyLine, StatementRow, StockOf, balance
from services.chassis.views.view import Row, Table

STOCK_PERIODS = Table(
    "stock_periods",
    "household",
    ("household", "stock", "kind", "division", "persons", "valid_from", "valid_to", "known_from", "known_to"),
)
MOVEMENTS = Table(
    "movements",
    "household",
    (
        *(
            "household",
            "stock",
            "kind",
            "effective_on",
            "line",
            "households",
            "persons",
            "division",
            "counterpart",
            "fact",
        ),
        *("known_from", "known_to"),
    ),
)

OF_STOCK = "stock = %(stock)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)"
"""Of what is asked about."""
IN_SCOPE = (
    f"{OF_STOCK} AND division >= %(low)s AND division < %(high)s AND known_from < %(before)s AND known_to >= %(before)s"
)
"""In the division asked about, as known then."""

NOT_INTERNAL_MOVE = "(counterpart IS NULL OR counterpart < %(low)s OR counterpart >= %(high)s)"
"""A move between two parts of the division is no movement of the division."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a statement is of. ``kind``: ``None`` for all."""

    stock: StockOf = StockOf.POVERTY
    kind: str | None = None


POOR = Counted()


@dataclass(frozen=True, slots=True)
class HouseholdInStock:
    """A household in the stock. ``since``: the day from which it has been in that division with so many persons."""

    household: UUID
    division: str
    persons: int
    since: date
    kind: str | None


@dataclass(frozen=True, slots=True)
class HouseholdMovement:
    """One household's part of a figure of the statement, and the fact that it comes from."""

    household: UUID
    effective_on: date
    households: int
    persons: int
    division: str
    counterpart: str | None
    fact: str
    kind: str | None


def stock_rows(household: UUID, stock: StockOf, projection: Projection) -> Iterator[Row]:
    for versioned in projection.stock:
        p = versioned.value
        yield (
            *(household, stock, p.kind, p.division, p.persons, p.valid_from, p.valid_to),
            *(versioned.known_from, versioned.known_to),
        )


def movement_rows(household: UUID, stock: StockOf, projection: Projection) -> Iterator[Row]:
    for versioned in projection.movements:
        m = versioned.value
        yield (
            *(household, stock, m.kind, m.effective_on, m.line, m.figures.households, m.figures.persons),
            *(m.division, m.counterpart, m.fact, versioned.known_from, versioned.known_to),
        )


def division_exists(conn: DatabaseConnection, division: DivisionPrefix) -> bool:
    """Whether this division, or one within it, was ever declared or had a household in the stock."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM declared_divisions WHERE code >= %(low)s AND code < %(high)s)"
        " OR EXISTS (SELECT 1 FROM stock_periods WHERE division >= %(low)s AND division < %(high)s)",
        division.range,
    ).fetchone()
    assert row is not None
    return bool(row[0])


def statement(
    conn: DatabaseConnection, division: DivisionPrefix, first: int, last: int, before: datetime, of: Counted = POOR
) -> list[StatementRow]:
    """The years ``first`` to ``last``, restated: all as known before one instant."""
    boundaries = [date(year, 1, 1) for year in range(first, last + 2)]
    parameters = {
        **division.range,
        **asdict(of),
        "before": before,
        "boundaries": boundaries,
        "start": boundaries[0],
        "end": boundaries[-1],
    }
    years = [str(year) for year in range(first, last + 1)]
    return balance(years, _stocks(conn, parameters, len(boundaries)), _changes(conn, parameters, of.stock), of.stock)


def _stocks(conn: DatabaseConnection, parameters: dict[str, object], boundaries: int) -> list[Figures]:
    """The stock on the day before each boundary. One pass: a period counts at the boundaries after its start and up to
    its end, so it is enough to know between which boundaries it starts and ends."""
    totals = [Figures()] * boundaries
    for started, ended, households, persons in conn.execute(
        "SELECT width_bucket(valid_from, %(boundaries)s::date[]), width_bucket(valid_to, %(boundaries)s::date[]),"
        f" count(*), sum(persons) FROM stock_periods WHERE {IN_SCOPE}"
        " AND valid_from < %(end)s AND valid_to >= %(start)s GROUP BY 1, 2".encode(),
        parameters,
    ):
        for boundary in range(started, ended):
            totals[boundary] += Figures(households, persons)
    return totals


def _changes(
    conn: DatabaseConnection, parameters: dict[str, object], stock: StockOf
) -> dict[tuple[int, AnyLine], Figures]:
    return {
        (boundary - 1, STOCKS[stock].line(line)): Figures(households, persons)
        for boundary, line, households, persons in conn.execute(
            "SELECT width_bucket(effective_on, %(boundaries)s::date[]), line, sum(households), sum(persons)"
            f" FROM movements WHERE {IN_SCOPE} AND {NOT_INTERNAL_MOVE}"
            " AND effective_on >= %(start)s AND effective_on < %(end)s GROUP BY 1, 2".encode(),
            parameters,
        )
    }


def list_movements(
    conn: DatabaseConnection,
    division: DivisionPrefix,
    year: int,
    line: AnyLine,
    before: datetime,
    after: tuple[date, UUID, str],
    limit: int,
    of: Counted = POOR,
) -> list[HouseholdMovement]:
    """The movements behind one figure, by (day, household, fact)."""
    parameters = {
        **division.range, **asdict(of), "before": before, "line": line, "start": date(year, 1, 1), "end": date(year + 1, 1, 1),
        "day": after[0], "household": after[1], "fact": after[2], "limit": limit,
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(HouseholdMovement)) as cur:
        cur.execute(
            "SELECT household, effective_on, households, persons, division, counterpart, fact, kind FROM movements"
            f" WHERE {IN_SCOPE} AND {NOT_INTERNAL_MOVE} AND line = %(line)s"
            " AND effective_on >= %(start)s AND effective_on < %(end)s"
            " AND (effective_on, household, fact) > (%(day)s, %(household)s, %(fact)s)"
            " ORDER BY effective_on, household, fact LIMIT %(limit)s".encode(),
            parameters,
        )
        return cur.fetchall()


def list_stock(
    conn: DatabaseConnection,
    division: DivisionPrefix,
    as_of: date,
    before: datetime,
    after: tuple[str, UUID],
    limit: int,
    of: Counted = POOR,
) -> list[HouseholdInStock]:
    """The households behind a stock (an opening, a closing), by (division, household)."""
    # The index is entered by the comparison of the rows: not before the division, where the page is its first.
    code, household = max(after, (division.code, UUID(int=0)))
    parameters = {
        **division.range, **asdict(of), "before": before, "day": as_of, "code": code, "household": household, "limit": limit,
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(HouseholdInStock)) as cur:
        cur.execute(
            "SELECT household, division, persons, valid_from AS since, kind FROM stock_periods"
            f" WHERE {IN_SCOPE} AND valid_from <= %(day)s AND valid_to > %(day)s"
            " AND (division, household) > (%(code)s, %(household)s) ORDER BY division, household LIMIT %(limit)s".encode(),
            parameters,
            prepare=False,
        )
        return cur.fetchall()
