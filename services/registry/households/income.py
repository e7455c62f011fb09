"""A household's income of a period: net and monitoring reference income, whole and per head. Pure.

    net = wages + business + property + transfers - business costs
    monitoring reference income = net + insurance pay-outs - compliant out-of-pocket spending

Source: domain reference, Income; docs/decisions/0052-who-lives-in-common-is-a-fact.md.
"""

from bisect import bisect_right
from datetime import date
from decimal import Decimal

import msgspec

from contracts.registry.surveys import IncomePeriod, IncomeSurveyed

FEN = Decimal("0.01")

CommonCounts = tuple[tuple[date, int], ...]
"""How many members live in common from each of these days on, in their order."""


class Income(msgspec.Struct, frozen=True, gc=False):
    """As surveyed, in yuan. ``residents``: typed by hand on older forms, which then counts. ``insurance_payouts`` and
    ``compliant_spending``: ``None`` where it was not asked."""

    period_from: date
    period_to: date
    period: IncomePeriod | None
    wages: Decimal
    business: Decimal
    property: Decimal
    transfers: Decimal
    business_costs: Decimal
    insurance_payouts: Decimal | None
    compliant_spending: Decimal | None
    residents: int | None


class IncomeFigures(msgspec.Struct, frozen=True, gc=False):
    """``persons``: the members in common by whom it is divided."""

    income: Income
    persons: int

    @property
    def net(self) -> Decimal:
        of = self.income
        return of.wages + of.business + of.property + of.transfers - of.business_costs

    @property
    def reference(self) -> Decimal | None:
        """Monitoring reference income; ``None`` where a part of it was not asked."""
        insurance, spending = self.income.insurance_payouts, self.income.compliant_spending
        return None if insurance is None or spending is None else self.net + insurance - spending

    @property
    def per_head(self) -> Decimal:
        """Net income per head."""
        return rounded_per_head(self.net, self.persons)

    @property
    def reference_per_head(self) -> Decimal | None:
        reference = self.reference
        return None if reference is None else rounded_per_head(reference, self.persons)


def income_of(fact: IncomeSurveyed) -> Income:
    return Income(**{name: getattr(fact, name) for name in Income.__struct_fields__})


def figures_of(income: Income, counts: CommonCounts) -> IncomeFigures:
    """``counts``: of the household up to the day that is asked about, which is not empty."""
    return IncomeFigures(income, persons_counted(income, counts))


def persons_counted(income: Income, counts: CommonCounts) -> int:
    """By how many an income is divided. Of the twelve months before a procedure: the members in common on the day that is asked
    about, for whoever shares the household's income on the day of the decision is meant (民发〔2021〕57号: 共同生活的家庭成员). Of a
    statistical year: those on its last day."""
    if income.residents is not None:
        return income.residents
    if income.period is IncomePeriod.TWELVE_MONTHS_BEFORE:
        return counts[-1][1]
    place = bisect_right(counts, income.period_to, key=lambda count: count[0])
    return counts[max(place - 1, 0)][1]


def rounded_per_head(amount: Decimal, persons: int) -> Decimal:
    """Down to the fen, so that no line is reached by rounding. Source: the register's own rule; no paper of the field names one."""
    return (amount / persons).quantize(FEN, rounding="ROUND_FLOOR")


def counts_after(counts: CommonCounts, day: date, count: int) -> CommonCounts:
    """The counts once this many live in common from a day on, which is none of the days before the last."""
    before = counts[:-1] if counts and counts[-1][0] == day else counts
    return before if before and before[-1][1] == count else (*before, (day, count))
