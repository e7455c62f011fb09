"""The stock periods and movements, and what is kept of their sums: a statement costs the same, whatever the number of households."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import accumulate
from uuid import UUID

from psycopg.rows import class_row

from contracts.quantities import Figures
from services.audit.areas import DivisionPrefix
from services.audit.provenance import DatabaseConnection
from services.audit.statements.bitemporal import Projection
from services.audit.statements.domain import STOCKS, AnyLine, StatementRow, StockOf, balance
from services.chassis.views.knowledge_blocks import KnowledgeBlocks
from services.chassis.views.rollup import Rollup
from services.chassis.views.table import Row, Table

OF_KIND, ONE_VALUE = "/", ""
"""A measure is a stock, or a stock and a kind with this between them; the stock itself has one value, movements have their lines."""
IN_STOCK = Rollup(
    "stock_figures", KnowledgeBlocks("stock_blocks"), f"(stock, '{ONE_VALUE}'), (stock || '{OF_KIND}' || kind, '{ONE_VALUE}')"
)  # fmt: skip
MOVED = Rollup(
    "movement_figures",
    KnowledgeBlocks("movement_blocks"),
    f"(stock, line), (stock || '{OF_KIND}' || kind, line)",
    valid=("effective_on",),
    households="households",
    counterpart="counterpart",
)

STOCK_PERIODS = Table(
    "stock_periods",
    "household",
    ("household", "stock", "kind", "division", "persons", "valid_from", "valid_to", "known_from", "known_to"),
    IN_STOCK,
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
    MOVED,
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

    @property
    def measure(self) -> str:
        """As sums of it are kept."""
        return self.stock.value if self.kind is None else f"{self.stock}{OF_KIND}{self.kind}"


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
    years = [str(year) for year in range(first, last + 1)]
    asked = (division.code, of.measure, boundaries, before)
    changes = IN_STOCK.figures(conn, STOCK_PERIODS.name, *asked)
    stocks = accumulate(changes.get((ONE_VALUE, interval), Figures()) for interval in range(len(boundaries)))
    moved = MOVED.figures(conn, MOVEMENTS.name, *asked)
    lines = {(interval - 1, STOCKS[of.stock].line(line)): figures for (line, interval), figures in moved.items()}
    return balance(years, list(stocks), lines, of.stock)


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
