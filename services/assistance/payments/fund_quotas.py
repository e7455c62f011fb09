"""What monitoring's funds grant programmes: the views ``programme_funds`` and ``granted_quotas``, followed in its log."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from contracts.facts import Recorded
from contracts.monitoring import funds as facts
from contracts.selection import timeline
from services.casework.normalized_texts import normalized
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

MONITORING, FUNDS = "monitoring", "fund-"
TYPES = frozenset(
    kind.type_name
    for kind in (facts.FundDeclared, facts.QuotaReserved, facts.QuotaReleased, facts.FundActsAnnulled)
)  # fmt: skip
PROGRAMME_FUNDS = Table(
    "programme_funds", "fund_id", ("fund_id", "fact", "told_at", "division", "document_no", "document_key", "year")
)
GRANTED = Table("granted_quotas", "fund_id", ("fund_id", "programme", "on_day", "yuan"))


def fund_quotas_view() -> View[UUID]:
    """Keeps ``programme_funds`` and ``granted_quotas``."""
    return view_of_streams("fund_quotas", (PROGRAMME_FUNDS, GRANTED), TYPES, FUNDS, UUID, _rows, log=MONITORING)


def document_key(document_no: str) -> str:
    return normalized((document_no,))


def _rows(fund_id: UUID, of_fund: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    declared: list[Row] = []
    granted: list[Row] = []
    for recorded in timeline(of_fund):
        match recorded.fact:
            case facts.FundDeclared(division=division, document_no=str(number), year=year):
                declared = [(fund_id, recorded.id, recorded.position, division, number, document_key(number), year)]
            case facts.QuotaReserved(use=use, amount=amount) if use.programme is not None:
                granted.append((fund_id, use.programme, recorded.fact.effective_on, amount))
            case facts.QuotaReleased(use=use, amount=amount) if use.programme is not None:
                granted.append((fund_id, use.programme, recorded.fact.effective_on, -amount))
    return (declared, granted) if declared else ((), ())
