"""What of the principal falls due when. Pure; sums in fen.

Equal principal is rounded half up to the fen and equal instalments likewise; the last one takes what is left, so that every
schedule ends at zero.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import msgspec

from contracts.assistance.loans import LoanContracted, RepaymentMethod
from services.assistance.loans.day_counts import MONTHS, due_days
from services.casework.ledgers.money import fen_of, rounded, rounded_quotient


class Planned(msgspec.Struct, frozen=True, gc=False):
    """``principal``: due on that day; ``instalment``: of equal instalments, of which interest is paid first."""

    on: date
    principal: int = 0
    instalment: int | None = None


def plan(contract: LoanContracted, principal: int, rate: Fraction, after: date, final: date) -> list[Planned]:
    """How the principal that is not due yet falls due after a day. ``rate``: a year. Days that are past come no more; where
    all of them are, the last one still does."""
    if contract.method is RepaymentMethod.AGREED:
        return _agreed(contract, principal, after, final)
    days = [day for day in due_days(contract.first_due_on, contract.period_months, final) if day > after]
    days = days or [max(final, after)]
    match contract.method:
        case RepaymentMethod.BULLET:
            parts = [0] * (len(days) - 1)
        case RepaymentMethod.EQUAL_PRINCIPAL:
            parts = [rounded_quotient(principal, len(days))] * (len(days) - 1)
        case _:
            paid = instalment(principal, rate * contract.period_months / MONTHS, len(days))
            return [*(Planned(day, instalment=paid) for day in days[:-1]), Planned(days[-1], principal)]
    return [Planned(day, part) for day, part in zip(days, [*parts, principal - sum(parts)], strict=True)]


def instalment(principal: int, rate: Fraction, count: int) -> int:
    """The equal instalment that repays so much in so many periods; ``rate``: of one period."""
    if rate == 0:
        return rounded_quotient(principal, count)
    grown: Fraction = (1 + rate) ** count
    return rounded(principal * rate * grown / (grown - 1))


def _agreed(contract: LoanContracted, principal: int, after: date, final: date) -> list[Planned]:
    """What is less than agreed is taken from the last parts, what is more comes with the last one."""
    parts = [(part.due_on, fen_of(part.principal)) for part in contract.agreed if part.due_on > after]
    days = [day for day, _ in parts[:-1]] + [max(final, after)]
    found, left = [], principal
    for day, fen in zip(days, [fen for _, fen in parts] or [principal], strict=True):
        found.append(Planned(day, min(fen, left)))
        left -= found[-1].principal
    return [*found[:-1], Planned(found[-1].on, found[-1].principal + left)]


def ends_at_zero(contract_principal: int, parts: Sequence[int]) -> bool:
    """Whether these parts repay exactly this principal."""
    return all(part > 0 for part in parts) and sum(parts) == contract_principal
