"""Facts about the risk fund behind a loan product in a county (风险补偿金、担保基金): what was paid into it and taken out again.
Stream ``risk-fund-<fund_id>``. What it bore of a loss, and what came back of that, is told of the loan and is not said again here.

Money goes in before it goes out, within a day. No personal field stands here.
"""

from uuid import UUID

from contracts.assistance.loans import LoanAnnulment
from contracts.facts import Fact, published
from contracts.quantities import Yuan


class RiskFundFact(Fact, frozen=True, kw_only=True):
    """``division``: the county; ``product``: whose losses it bears."""

    fund_id: UUID
    product: str
    division: str


@published("RiskFundPaidIn", rank=20)
class RiskFundPaidIn(RiskFundFact, frozen=True, kw_only=True):
    """``voucher``: of the treasury or whoever paid."""

    amount: Yuan
    voucher: str


@published("RiskFundPaidOut", rank=40)
class RiskFundPaidOut(RiskFundFact, frozen=True, kw_only=True):
    """Taken back by who paid it in."""

    amount: Yuan
    voucher: str


@published("RiskFundFactsAnnulled")
class RiskFundFactsAnnulled(RiskFundFact, frozen=True, kw_only=True):
    """The entries in ``annuls`` are void; annulling an annulment restores."""

    reason: LoanAnnulment
