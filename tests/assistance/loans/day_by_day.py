"""A loan calculated another way: every day by itself, in decimals of forty digits, with balances that are moved and never derived.
For bullet loans and equal principal, at any convention of actual days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

CENT, EXACT_ENOUGH = Decimal("0.01"), Decimal("1E-20")


def rounded(yuan: Decimal) -> Decimal:
    """Half up; what a third or a ninth left out at the fortieth digit is no less than half a fen."""
    return yuan.quantize(EXACT_ENOUGH, ROUND_HALF_UP).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Ledger:
    """Yuan. ``open_``: what fell due and is not paid, oldest first, as [principal, interest]."""

    not_due: Decimal = Decimal(0)
    open_: list[list[Decimal]] = field(default_factory=list)
    running: Decimal = Decimal(0)
    penalty_running: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)
    advance: Decimal = Decimal(0)
    subsidies: dict[date, Decimal] = field(default_factory=dict)

    @property
    def principal(self) -> Decimal:
        return self.not_due + sum((p for p, _ in self.open_), Decimal(0))


def walk(
    first: date, through: date, *, principal: Decimal, rates: Mapping[date, Decimal], dues: Mapping[date, Decimal],
    payments: Sequence[tuple[date, Decimal]], share: Mapping[date, Decimal], most: Decimal, year: int = 360,
    surcharge: Decimal = Decimal("0.5"),
) -> Ledger:  # fmt: skip
    """``rates`` and ``share``: the value from each day on; ``dues``: principal by due day, the whole on the last one."""
    with localcontext() as context:
        context.prec = 40
        return _walk(first, through, principal, rates, dues, payments, share, most, year, surcharge)


def _walk(
    first: date, through: date, principal: Decimal, rates: Mapping[date, Decimal], dues: Mapping[date, Decimal],
    payments: Sequence[tuple[date, Decimal]], share: Mapping[date, Decimal], most: Decimal, year: int, surcharge: Decimal,
) -> Ledger:  # fmt: skip
    ledger, day, quarter = Ledger(not_due=principal), first, Decimal(0)
    while True:
        if day in dues:
            part = min(dues[day], ledger.not_due)
            ledger.open_.append([part, rounded(ledger.running)])
            ledger.not_due -= part
            ledger.running = Decimal(0)
            ledger.advance = _settle(ledger, ledger.advance)
        for on, yuan in payments:
            if on == day:
                ledger.penalty += rounded(ledger.penalty_running)
                ledger.penalty_running = Decimal(0)
                of_penalty = min(yuan, ledger.penalty)
                ledger.penalty -= of_penalty
                ledger.advance += _settle(ledger, yuan - of_penalty)
        if day == through:
            return ledger
        rate = max((since, value) for since, value in rates.items() if since <= day)[1] / 100
        overdue = sum((p for p, _ in ledger.open_), Decimal(0))
        ledger.running += ledger.not_due * rate / year
        ledger.penalty_running += overdue * rate * (1 + surcharge) / year
        shared = max(((since, value) for since, value in share.items() if since <= day), default=(day, Decimal(0)))[1]
        if day < max(dues):
            quarter += min(ledger.not_due, most) * rate * shared / year
        day += timedelta(days=1)
        if day.day == 1 and day.month in (1, 4, 7, 10):
            if quarter:
                ledger.subsidies[day - timedelta(days=1)] = rounded(quarter)
            quarter = Decimal(0)


def _settle(ledger: Ledger, yuan: Decimal) -> Decimal:
    """Oldest first, interest before principal; what is left over."""
    for each in ledger.open_:
        for part in (1, 0):
            taken = min(yuan, each[part])
            each[part] -= taken
            yuan -= taken
    return yuan
