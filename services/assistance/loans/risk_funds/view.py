"""The table ``risk_funds``: which there are."""

from collections.abc import Sequence
from uuid import UUID

from contracts.assistance.risk_funds import RiskFundFact
from contracts.facts import PUBLISHED, Recorded
from services.assistance.loans.risk_funds.domain import PREFIX
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

FUNDS = Table("risk_funds", "fund_id", ("fund_id", "product", "division"))


def view() -> View[UUID]:
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, RiskFundFact))
    return view_of_streams("risk_funds", (FUNDS,), types, PREFIX, UUID, _rows)


def _rows(fund_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    told = next((r.fact for r in facts if isinstance(r.fact, RiskFundFact)), None)
    return ([] if told is None else [(fund_id, told.product, told.division)],)
