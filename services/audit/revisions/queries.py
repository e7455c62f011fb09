"""Revisions: how figures of a statement differ between two cutoffs in transaction time, household by household, and the facts
learned in between that made the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from contracts.quantities import Figures
from services.audit.areas import DivisionPrefix
from services.audit.histories.store import ancestors_of, registered_facts
from services.audit.provenance import DatabaseConnection
from services.audit.statements.domain import StatementRow
from services.audit.statements.state import is_relevant
from services.audit.statements.store import NOT_INTERNAL_MOVE, OF_STOCK, POOR, Counted


class StatementColumn(StrEnum):
    """The figures of a period: the stock before it, what changed it, and the stock at its end."""

    OPENING = "opening"
    IDENTIFIED = "identified"
    RETURNED = "returned"
    MOVED_IN = "moved_in"
    TRANSFERRED_IN = "transferred_in"
    SIZE_CHANGE = "size_change"
    EXITED = "exited"
    REMOVED = "removed"
    CANCELLED = "cancelled"
    MOVED_OUT = "moved_out"
    TRANSFERRED_OUT = "transferred_out"
    CLOSING = "closing"


class MonitoringColumn(StrEnum):
    """Those of a statement of monitored households."""

    OPENING = "opening"
    STARTED = "started"
    WITHDRAWN = "withdrawn"
    MOVED_IN = "moved_in"
    TRANSFERRED_IN = "transferred_in"
    SIZE_CHANGE = "size_change"
    ELIMINATED = "eliminated"
    ENDED = "ended"
    MOVED_OUT = "moved_out"
    TRANSFERRED_OUT = "transferred_out"
    CLOSING = "closing"


STOCK_COLUMNS = (StatementColumn.OPENING, StatementColumn.CLOSING)
"""As both statements have them."""


@dataclass(frozen=True, slots=True)
class LearnedFact:
    """About the household, or about one that it split off from."""

    id: str
    type: str
    household_id: UUID
    effective_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, recorded: Recorded, household: UUID) -> "LearnedFact":
        fact = recorded.fact
        about = fact.household_id if isinstance(fact, HouseholdFact) else household
        return cls(recorded.id, fact.type_name, about, fact.effective_on, recorded.recorded_at)


@dataclass(frozen=True, slots=True)
class RevisedHousehold:
    """A household's part of one figure as known before the earlier cutoff and before the later one. ``facts``: those learned
    in between by which it changed."""

    household: UUID
    earlier: Figures
    later: Figures
    facts: Sequence[LearnedFact]


def change(earlier: StatementRow, later: StatementRow) -> StatementRow:
    """What each figure of the period is more in the later answer than in the earlier."""
    return StatementRow(
        later.period,
        later.opening - earlier.opening,
        {line: figures - earlier.changes[line] for line, figures in later.changes.items()},
        later.closing - earlier.closing,
    )


ROWS = {
    "stock": "SELECT household, 1 AS households, persons, known_from, known_to FROM stock_periods"
    f" WHERE {OF_STOCK} AND division >= %(low)s AND division < %(high)s AND valid_from <= %(day)s AND valid_to > %(day)s",
    "movements": "SELECT household, households, persons, known_from, known_to FROM movements"
    f" WHERE {OF_STOCK} AND division >= %(low)s AND division < %(high)s AND {NOT_INTERNAL_MOVE} AND line = %(line)s"
    " AND effective_on >= %(start)s AND effective_on < %(end)s",
}
REVISED = """
WITH versions AS (
    SELECT *, known_from < %(earlier)s AND known_to >= %(earlier)s AS was_known,
           known_from < %(later)s AND known_to >= %(later)s AS is_known
    FROM ({rows}) figures WHERE household > %(after)s
)
SELECT household,
       coalesce(sum(households) FILTER (WHERE was_known), 0), coalesce(sum(persons) FILTER (WHERE was_known), 0),
       coalesce(sum(households) FILTER (WHERE is_known), 0), coalesce(sum(persons) FILTER (WHERE is_known), 0),
       array_agg(known_to) FILTER (WHERE was_known AND NOT is_known) || array_agg(known_from) FILTER (WHERE is_known AND NOT was_known)
FROM versions WHERE was_known OR is_known GROUP BY household
HAVING (coalesce(sum(households) FILTER (WHERE was_known), 0), coalesce(sum(persons) FILTER (WHERE was_known), 0))
    <> (coalesce(sum(households) FILTER (WHERE is_known), 0), coalesce(sum(persons) FILTER (WHERE is_known), 0))
ORDER BY household LIMIT %(limit)s
"""
"""A version of a row begins and ends at the instant of the commit that changed it: so the instants name the facts."""


def revised_households(
    conn: DatabaseConnection,
    division: DivisionPrefix,
    year: int,
    column: StatementColumn | MonitoringColumn,
    cutoffs: tuple[datetime, datetime],
    after: UUID,
    limit: int,
    of: Counted = POOR,
) -> list[RevisedHousehold]:
    """The households whose part of this figure differs between the cutoffs, by id; their differences sum to the figure's."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    is_stock = column in STOCK_COLUMNS
    boundary = start if column == StatementColumn.OPENING else end
    parameters = {
        **division.range, **asdict(of), "earlier": cutoffs[0], "later": cutoffs[1], "after": after, "limit": limit,
        "line": None if is_stock else column.value, "start": start, "end": end, "day": boundary - timedelta(days=1),
    }  # fmt: skip
    found = conn.execute(
        REVISED.format(rows=ROWS["stock" if is_stock else "movements"]).encode(), parameters
    ).fetchall()
    learned = _learned(conn, {household: set(instants or ()) for household, *_, instants in found})
    return [
        RevisedHousehold(household, Figures(*earlier), Figures(*later), learned[household])
        for household, *figures, _ in found
        for earlier, later in ((figures[:2], figures[2:]),)
    ]


def _learned(conn: DatabaseConnection, instants: Mapping[UUID, set[datetime]]) -> dict[UUID, list[LearnedFact]]:
    """Of each household, the register's facts that were recorded at these instants: its own, or, where it has none, those about
    a household that it split off from."""
    own: dict[UUID, list[Recorded]] = {household: [] for household in instants}
    for recorded in registered_facts(conn, list(instants)):
        if isinstance(recorded.fact, HouseholdFact) and recorded.fact.household_id in own:
            own[recorded.fact.household_id].append(recorded)
    learned = {}
    for household, facts in own.items():
        made = [r for r in facts if r.recorded_at in instants[household] and is_relevant(r.fact)] or [
            r for r in ancestors_of(conn, facts)[0] if r.recorded_at in instants[household] and is_relevant(r.fact)
        ]
        learned[household] = [LearnedFact.of(r, household) for r in made]
    return learned
