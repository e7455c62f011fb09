"""What a risk fund holds, and the decisions about it. Pure; sums in yuan."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from uuid import UUID, uuid5

from contracts.assistance.risk_funds import RiskFundFact, RiskFundFactsAnnulled, RiskFundPaidIn, RiskFundPaidOut
from contracts.facts import Fact, Recorded
from contracts.roles import Role
from contracts.selection import surviving
from services.assistance.loans.account import Account, number_of
from services.assistance.loans.risk_funds import rules
from services.casework.dates import require_not_future
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused

PREFIX = "risk-fund-"
FUNDS = UUID("51d9a7c4-5c0c-5d3e-9f1e-7a4a2f0b6c83")
"""Namespace of the ids of funds: of county and product."""
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Held:
    """Paid in and taken out through a day."""

    paid_in: Decimal = NOTHING
    paid_out: Decimal = NOTHING

    @property
    def balance(self) -> Decimal:
        return self.paid_in - self.paid_out


def fund_of(county: str, product: str) -> UUID:
    return uuid5(FUNDS, f"{county}\n{product}")


def stream_of(fund_id: UUID) -> str:
    return f"{PREFIX}{fund_id}"


def held(timeline: Iterable[Recorded]) -> Held:
    """``timeline``: the facts that count, through the day."""
    paid_in = paid_out = NOTHING
    for recorded in timeline:
        match recorded.fact:
            case RiskFundPaidIn() as fact:
                paid_in += fact.amount
            case RiskFundPaidOut() as fact:
                paid_out += fact.amount
    return Held(paid_in, paid_out)


def decide(told: Sequence[Recorded], new: RiskFundFact, claimed: Decimal, today: date) -> RiskFundFact:
    """``told``: of the fund, by position; ``claimed``: what it bore of losses and has not got back. Raises ``Refused``."""
    require_not_future(new.effective_on, today)
    standing = surviving(told)
    if isinstance(new, RiskFundFactsAnnulled):
        unknown = sorted({*new.annuls} - {r.id for r in standing})
        if unknown:
            raise Refused(rules.NOT_ITS_ENTRY, unknown=unknown)
    if not told:
        _require_covered(NOTHING, _amount(new))
        return new
    after = Account(told).with_(new).standing
    # What an annulment brings back may have been entered anew meanwhile.
    numbers = [(type(r.fact), _number(r.fact)) for r in after if isinstance(r.fact, RiskFundPaidIn | RiskFundPaidOut)]
    if len({*numbers}) < len(numbers):
        raise Refused(rules.VOUCHER_USED).advising(NextStep("annul_risk_fund_entries", Office((Role.DECIDER,))))
    available = held(standing).balance - claimed
    _require_covered(available, min(_balances(after), default=NOTHING))
    if isinstance(new, RiskFundPaidOut):
        _require_covered(available, held(after).balance - claimed)
    return new


def _require_covered(available: Decimal, left: Decimal) -> None:
    if left < NOTHING:
        step = NextStep("pay_into_risk_fund", Office((Role.REVIEWER, Role.DECIDER)))
        raise Refused(rules.BEYOND_FUND, available=available).advising(step)


def _balances(standing: Iterable[Recorded]) -> Iterator[Decimal]:
    """After each entry, in the order of the timeline."""
    return accumulate(_amount(recorded.fact) for recorded in standing)


def _amount(fact: Fact) -> Decimal:
    """What it adds to the fund."""
    match fact:
        case RiskFundPaidIn():
            return fact.amount
        case RiskFundPaidOut():
            return -fact.amount
    return NOTHING


def _number(fact: object) -> str:
    return number_of(str(getattr(fact, "voucher", "")))
