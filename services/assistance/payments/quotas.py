"""The quota of a programme (资金额度): how much a place may pay by it. A fund grants it by reserving for the programme (monitoring's
facts); a programme without a fund has it by a document, for the budget year. Finance reserves of it before anything is handed
over; what comes back is free again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from contracts.quantities import Yuan
from services.assistance.payments.domain_lines import NOTHING
from services.assistance.payments.domain_quotas import Fund, ProgrammeQuotas, Quota, counts
from services.assistance.payments.fund_quotas import nearest_fund
from services.casework.documents.lookup import Lookup
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.law.parameter_values import Count, Expected

KIND = "payment_quota"
NOTICE_DAYS = "payments.notice_working_days"
CUT_OFF_DAY = "payments.cut_off_day"
PARAMETERS: Expected = {
    NOTICE_DAYS: Count("working_days", least=1, most=60),
    CUT_OFF_DAY: Count("day_of_month", least=1, most=28),
}
NO_LIST = UUID(int=0)
FUNDS = b"""
SELECT f.fund_id, f.fact, f.document_no, f.year, g.moves, (
    SELECT coalesce(sum(p.reserved - p.returned), 0) FROM pay_lists p
    WHERE p.programme = %(programme)s AND p.document_key = f.document_key AND starts_with(p.division, f.division)
      AND p.stage <> 'withdrawn' AND p.list_id <> %(list_id)s AND f.fund_id = (
        SELECT n.fund_id FROM programme_funds n
        WHERE starts_with(p.division, n.division) AND n.document_key = p.document_key
        ORDER BY length(n.division) DESC, n.told_at LIMIT 1))
FROM programme_funds f CROSS JOIN LATERAL (
    SELECT json_agg(json_build_array(on_day, yuan::text) ORDER BY on_day) AS moves FROM granted_quotas q
    WHERE q.fund_id = f.fund_id AND q.programme = %(programme)s
) g WHERE starts_with(%(division)s, f.division) AND g.moves IS NOT NULL ORDER BY f.division, f.told_at
"""
"""Of each fund above what it granted the programme, and what lists hold of it: those to which it is the nearest of their document."""
RESERVED = (
    b"SELECT coalesce(sum(reserved - returned), 0) FROM pay_lists WHERE quota = %s AND stage <> 'withdrawn'"
    b" AND list_id <> %s"
)


class PaymentQuota(DocumentPart, frozen=True, kw_only=True):
    """Its key is the programme's. ``yuan``: for as long as it is in force, which is a budget year."""

    payment_quota: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    yuan: Yuan

    def __post_init__(self) -> None:
        if self.yuan <= 0:
            raise DocumentError((), "额度须大于零", "a quota is above zero")
        if self.in_force.ends is None:
            raise DocumentError(
                (),
                "额度属于一个预算年度，须在 in_force 的 to 写明何日为止",
                "a quota is of a budget year: it says when that ends",
            )


def quota_from(document: Mapping[str, Any]) -> PaymentQuota:
    """Raises ``msgspec.ValidationError`` and ``DocumentError``."""
    return msgspec.convert(document, PaymentQuota)


def quotas(
    cur: Cursor[Any], lookup: Lookup, programme: str, on: date, division: str, list_id: UUID = NO_LIST
) -> ProgrammeQuotas:
    """With what all lists but this one hold of each."""
    granted = _granted(cur, programme, on, division, list_id)
    has_fund = any(counts(fund, quota, on) for fund, quota in granted)
    return ProgrammeQuotas(
        granted, None if has_fund else _of_document(cur, lookup, programme, on, division, list_id), on
    )


def quota(known: ProgrammeQuotas, cur: Cursor[Any], division: str, fund_document: str) -> Quota:
    """Of a release that names this document. Raises ``Refused``."""
    return known.of_money(fund_document, nearest_fund(cur, division, fund_document))


def _granted(
    cur: Cursor[Any], programme: str, on: date, division: str, list_id: UUID
) -> tuple[tuple[Fund, Quota], ...]:
    asked = {"programme": programme, "division": division, "list_id": list_id}
    found = []
    for fund_id, declared_by, number, year, told, held in cur.execute(FUNDS, asked).fetchall():
        moves = tuple((date.fromisoformat(day), Decimal(yuan)) for day, yuan in told)
        fund = Fund(fund_id, declared_by, number, year, moves)
        if fund.granted_anything_by(on):
            found.append((fund, Quota(fund.declared_by, fund.granted_on(on), held, fund.document_no)))
    return tuple(found)


def _of_document(
    cur: Cursor[Any], lookup: Lookup, programme: str, on: date, division: str, list_id: UUID
) -> Quota | None:
    try:
        edition = lookup.in_force(KIND, programme, on, division)
    except (NotInForce, UnknownName):
        return None
    row = cur.execute(RESERVED, (edition.id, list_id)).fetchone()
    return Quota(edition.id, edition.typed(quota_from).yuan, row[0] if row else NOTHING)


def notice_days(lookup: Lookup, on: date, division: str) -> int:
    return lookup.at(NOTICE_DAYS, on, division).count
