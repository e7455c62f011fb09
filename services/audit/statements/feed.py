"""The views that the statements are summed from: whenever a fact of a household arrives, the household is folded again
from all its facts, so late facts and corrections come out right."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from contracts.publishing.catalogue import load, logs_of
from contracts.registry.divisions import DivisionDeclared
from contracts.registry.monitoring import MonitoringStarted
from services.audit.statements.bitemporal import project
from services.audit.statements.domain import StockOf
from services.audit.statements.state import REGISTRY, TRANSITION_FUNCTIONS
from services.audit.statements.store import MOVEMENTS, STOCK_PERIODS, movement_rows, stock_rows
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_households, view_of_streams

DECLARED_DIVISIONS = Table("declared_divisions", "code", ("code",))


def stock_view() -> View[UUID]:
    """Keeps ``stock_periods`` and ``movements``."""
    # It follows every fact about a household, since any may annul another.
    types = frozenset(
        kind.type_name for kind in load().values() if issubclass(kind, HouseholdFact) and REGISTRY in logs_of(kind)
    )
    matters = frozenset(kind.type_name for kind in TRANSITION_FUNCTIONS)
    return view_of_households("stock", (STOCK_PERIODS, MOVEMENTS), types, REGISTRY, _stock_rows, relevant_types=matters)


def divisions_view() -> View[str]:
    """Keeps ``declared_divisions``."""
    types = frozenset({DivisionDeclared.type_name})
    return view_of_streams(
        "declared_divisions", (DECLARED_DIVISIONS,), types, "division-", str, _division_rows, log=REGISTRY
    )


def _stock_rows(household: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    stocks = [StockOf.POVERTY]
    if any(isinstance(recorded.fact, MonitoringStarted) for recorded in facts):
        stocks.append(StockOf.MONITORING)
    projections = [(stock, project(facts, household, stock)) for stock in stocks]
    return (
        [row for stock, projection in projections for row in stock_rows(household, stock, projection)],
        [row for stock, projection in projections for row in movement_rows(household, stock, projection)],
    )


def _division_rows(code: str, _: Sequence[Recorded]) -> tuple[list[Row]]:
    return ([(code,)],)
