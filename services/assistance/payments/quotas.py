"""The quota of a programme (资金额度) as a document: how much a place may pay by a programme in the budget year, and by which
paper. Finance reserves of it before anything is handed over; what comes back is free again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from psycopg import Cursor

from contracts.quantities import Yuan
from services.assistance.payments import rules
from services.assistance.payments.domain import Quota
from services.assistance.payments.domain_lines import NOTHING
from services.casework.documents.lookup import Lookup
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.law.parameter_values import Count, Expected

KIND = "payment_quota"
NOTICE_DAYS = "payments.notice_working_days"
CUT_OFF_DAY = "payments.cut_off_day"
PARAMETERS: Expected = {
    NOTICE_DAYS: Count("working_days", least=1, most=60),
    CUT_OFF_DAY: Count("day_of_month", least=1, most=28),
}
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
            raise ValueError("a quota is above zero")
        if self.in_force.ends is None:
            raise ValueError("a quota is of a budget year: it says when that ends")


def quota_from(document: Mapping[str, Any]) -> PaymentQuota:
    """Raises ``msgspec.ValidationError`` and ``ValueError``."""
    return msgspec.convert(document, PaymentQuota)


def quota(cur: Cursor[Any], lookup: Lookup, programme: str, on: date, division: str, list_id: Any) -> Quota:
    """With what other lists hold of it. Raises ``Refused``."""
    try:
        edition = lookup.in_force(KIND, programme, on, division)
    except (NotInForce, UnknownName):
        raise Refused(rules.QUOTA_MISSING) from None
    row = cur.execute(RESERVED, (edition.id, list_id)).fetchone()
    return Quota(edition.id, edition.typed(quota_from).yuan, row[0] if row else NOTHING)


def notice_days(lookup: Lookup, on: date, division: str) -> int:
    return lookup.at(NOTICE_DAYS, on, division).count
