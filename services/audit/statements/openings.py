"""What an older system asserted of a county's opening day, beside what is counted: named in every statement that begins with that day or
holds it, never summed with its rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.facts import Recorded
from contracts.quantities import Figures
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.opening_balances import (
    KeptIn,
    OpeningBalanceAnnulled,
    OpeningBalanceApproved,
    OpeningBalanceProposed,
)
from contracts.registry.poverty_status import STOCK
from services.audit.areas import DivisionPrefix
from services.audit.provenance import DatabaseConnection
from services.audit.statements.bitemporal import STILL_KNOWN
from services.audit.statements.domain import StockOf
from services.audit.statements.state import REGISTRY
from services.audit.statements.store import IN_STOCK, POOR, STOCK_PERIODS, Counted
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

COUNTY_DIGITS = 6
PREFIX = "opening-balance-"
ASSERTED_OPENINGS = Table(
    "asserted_openings",
    "county",
    (
        "county", "balance_id", "opening_on", "kept_in", "source_recorded_on", "stock", "kind", "households", "persons",
        "known_from", "known_to",
    ),
)  # fmt: skip
NAMED = b"""
SELECT county, balance_id, opening_on, kept_in, source_recorded_on, sum(households)::int, sum(persons)::int FROM asserted_openings
WHERE county >= %(low)s AND county < %(high)s AND stock = %(stock)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    AND opening_on >= %(first)s AND opening_on <= %(last)s AND known_from < %(before)s AND known_to >= %(before)s
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True)
class AssertedOpening:
    """Of one county. ``held``: what is counted at the end of that day."""

    county: str
    balance_id: UUID
    opening_on: date
    kept_in: KeptIn
    source_recorded_on: date
    asserted: Figures
    held: Figures

    @property
    def difference(self) -> Figures:
        return self.held - self.asserted


def openings_view() -> View[str]:
    """Keeps ``asserted_openings``."""
    types = frozenset(
        kind.type_name for kind in (OpeningBalanceProposed, OpeningBalanceApproved, OpeningBalanceAnnulled)
    )
    return view_of_streams("asserted_openings", (ASSERTED_OPENINGS,), types, PREFIX, str, _rows, log=REGISTRY)


def asserted_openings(
    conn: DatabaseConnection, division: DivisionPrefix, first: int, last: int, before: datetime, of: Counted = POOR
) -> Sequence[AssertedOpening]:
    """Of the counties within a division: those whose opening day is the eve of these years, or one of theirs."""
    if len(division.code) > COUNTY_DIGITS:
        return ()
    asked = {
        **division.range, "stock": of.stock, "kind": of.kind, "first": date(first, 1, 1) - timedelta(days=1),
        "last": date(last, 12, 31), "before": before,
    }  # fmt: skip
    return [
        AssertedOpening(
            county,
            balance,
            day,
            KeptIn(kept_in),
            said_on,
            Figures(households, persons),
            _held(conn, county, day, before, of),
        )
        for county, balance, day, kept_in, said_on, households, persons in conn.execute(NAMED, asked).fetchall()
    ]


def _held(conn: DatabaseConnection, county: str, day: date, before: datetime, of: Counted) -> Figures:
    until = [day + timedelta(days=1)]
    found = IN_STOCK.figures(conn, STOCK_PERIODS.name, county, of.measure, until, before)
    return sum(found.values(), Figures())


def _rows(county: str, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    proposals: dict[UUID, OpeningBalanceProposed] = {}
    approved: dict[UUID, datetime] = {}
    until: dict[UUID, datetime] = defaultdict(lambda: STILL_KNOWN)
    for recorded in facts:
        match recorded.fact:
            case OpeningBalanceProposed() as fact:
                proposals[fact.balance_id] = fact
            case OpeningBalanceApproved(balance_id=balance):
                approved[balance] = recorded.recorded_at
            case OpeningBalanceAnnulled(balance_id=balance):
                until[balance] = recorded.recorded_at
    return (
        [
            (
                county, balance, (said := proposals[balance]).effective_on, said.kept_in,
                said.source_recorded_on or said.effective_on, stock, kind, figures.households, figures.persons,
                since, until[balance],
            )
            for balance, since in approved.items()
            for stock, kind, figures in _stocks(proposals[balance])
        ],
    )  # fmt: skip


def _stocks(said: OpeningBalanceProposed) -> Iterator[tuple[StockOf, str | None, Figures]]:
    """What the balance says of each stock; nothing where it has no line of it."""
    poor = [Figures(each.households, each.persons) for each in said.poverty if each.status in STOCK]
    if poor:
        yield StockOf.POVERTY, None, sum(poor, Figures())
    for each in said.monitoring:
        if each.status is MonitoringStatus.MONITORED:
            yield StockOf.MONITORING, each.kind, Figures(each.households, each.persons)
