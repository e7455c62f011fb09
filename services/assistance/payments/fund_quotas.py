"""What monitoring's funds grant programmes, and where their use hung: the views ``programme_funds``, ``granted_quotas`` and
``fund_use_notices``, followed in its log."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Recorded
from contracts.monitoring import funds as facts
from contracts.selection import timeline
from services.casework.normalized_texts import normalized
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

MONITORING, FUNDS = "monitoring", "fund-"
TYPES = frozenset(
    kind.type_name
    for kind in (
        facts.FundDeclared, facts.FundUseNoticePosted, facts.QuotaReserved, facts.QuotaReleased, facts.FundActsAnnulled,
    )
)  # fmt: skip
PROGRAMME_FUNDS = Table(
    "programme_funds", "fund_id", ("fund_id", "fact", "told_at", "division", "document_no", "document_key", "year")
)
GRANTED = Table("granted_quotas", "fund_id", ("fund_id", "programme", "on_day", "yuan"))
NEAREST = (
    b"SELECT fund_id FROM programme_funds WHERE starts_with(%s, division) AND document_key = %s"
    b" ORDER BY length(division) DESC, told_at LIMIT 1"
)
NOTICES = Table("fund_use_notices", "fund_id", ("fund_id", "programme", "until"))


def fund_quotas_view() -> View[UUID]:
    """Keeps ``programme_funds``, ``granted_quotas`` and ``fund_use_notices``."""
    tables = PROGRAMME_FUNDS, GRANTED, NOTICES
    return view_of_streams("fund_quotas", tables, TYPES, FUNDS, UUID, _rows, log=MONITORING, edition=2)


def document_key(document_no: str) -> str:
    return normalized((document_no,))


def nearest_fund(cur: Cursor[Any], division: str, document_no: str) -> UUID | None:
    """The fund of the nearest place above whose money has this document."""
    row = cur.execute(NEAREST, (division, document_key(document_no))).fetchone()
    return None if row is None else row[0]


def _rows(fund_id: UUID, of_fund: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row], Iterable[Row]]:
    declared: list[Row] = []
    granted: list[Row] = []
    notices: list[Row] = []
    for recorded in timeline(of_fund):
        match recorded.fact:
            case facts.FundDeclared(division=division, document_no=str(number), year=year):
                declared = [(fund_id, recorded.id, recorded.position, division, number, document_key(number), year)]
            case facts.QuotaReserved(use=use, amount=amount) if use.programme is not None:
                granted.append((fund_id, use.programme, recorded.fact.effective_on, amount))
            case facts.QuotaReleased(use=use, amount=amount) if use.programme is not None:
                granted.append((fund_id, use.programme, recorded.fact.effective_on, -amount))
            case facts.FundUseNoticePosted(use=use, until=until) if use.programme is not None:
                notices.append((fund_id, use.programme, until))
    return (declared, granted, notices) if declared else ((), (), ())
