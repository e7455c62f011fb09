"""Answers about risk funds. Nothing here is personal. Money in yuan."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel


class RiskFundEntryAnswer(BaseModel):
    """``amount``: paid in above zero, taken out below; ``fact``: for its annulment."""

    on: date
    fact: str
    type: str
    amount: Decimal
    voucher: str


class RiskFundFactAnswer(BaseModel):
    """What was entered of a fund and stands, to be annulled: money moved, or an annulment, which has no amount."""

    fact: str
    type: str
    on: date
    amount: Decimal | None
    voucher: str | None
    product: str
    division: str
    entered_by: str


class LoanCoverageAnswer(BaseModel):
    """Of one product in one county, on a day as known then: who borrowed since the product began, and what stands open. ``jobs``:
    that the businesses give, as told last; ``drawn_in``: poor households that borrowers named, each once; ``fund_claims``: borne by the
    fund and not recovered; ``available``: paid in, less what was taken out and borne; ``coverage`` and ``arrears_coverage``: percent of
    the principal outstanding, and of what is overdue, where there is any. ``null``: not known until the view is rebuilt, and of the fund
    where only a part of its county is asked for."""

    product: str
    division: str
    fund_id: UUID | None
    loans: int
    households: int
    persons: int
    drawn_in: int | None
    jobs: int | None
    principal: Decimal
    arrears: Decimal
    claims: Decimal
    fund_claims: Decimal | None
    paid_in: Decimal | None
    paid_out: Decimal | None
    available: Decimal | None
    coverage: Decimal | None
    arrears_coverage: Decimal | None
    entries: list[RiskFundEntryAnswer]
