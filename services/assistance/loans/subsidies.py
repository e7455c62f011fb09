"""Subsidised interest (贴息) by quarter: the treasury's share of each day, on the first part of the principal. Pure.

Nothing is subsidised on principal that is overdue, nor after the day on which the contract was to end: what is extended bears
its own interest. A quarter's subsidy is rounded once, and is due when the quarter is over.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from contracts.assistance import loans as facts
from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from contracts.selection import surviving
from services.assistance.loans.course import Course, course_of
from services.assistance.loans.day_counts import quarter_end
from services.assistance.loans.rates import DatedValue, ValuesByDay, interest
from services.casework.ledgers.domain import Accounting, Entry, entry
from services.casework.ledgers.money import rounded

BEARING: tuple[type[Fact], ...] = (
    facts.LoanDisbursed, facts.LoanRateCorrected, facts.LoanExtended, facts.LoanRepaid, facts.LoanCompensated,
)  # fmt: skip
"""Facts that change on what interest, and so subsidy, is counted."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SubsidyTerms:
    """``shares``: of the interest, by day; ``on_first``: fen of principal that is subsidised at the most."""

    shares: ValuesByDay
    on_first: int


UNSUBSIDISED = SubsidyTerms(ValuesByDay(), 0)


@dataclass(frozen=True, slots=True)
class QuarterSubsidy:
    """``quarter``: its last day; ``amount``: fen, due on the day after."""

    quarter: date
    amount: int

    @property
    def due_on(self) -> date:
        return self.quarter + ONE_DAY


def subsidies(course: Course, terms: SubsidyTerms) -> list[QuarterSubsidy]:
    """Of every quarter that is over by the course's day."""
    if not terms.on_first:
        return []
    found: dict[date, Fraction] = defaultdict(Fraction)
    for each in course.lent:
        end = min(each.until, course.contract.final_on)
        for since, until in _quarters(each.since, end):
            principal = min(each.principal, terms.on_first)
            for first, last, share in terms.shares.periods(since, until):
                if share:
                    counted = interest(principal, course.rates, first, last, course.contract.day_count)
                    found[quarter_end(since)] += share * counted
    return [QuarterSubsidy(q, rounded(fen)) for q, fen in sorted(found.items()) if q < course.day]


def overpaid(course: Course, granted: Iterable[QuarterSubsidy]) -> int:
    """Fen that were paid, not given back, and are not due."""
    return max(course.subsidy_paid - course.subsidy_returned - sum(q.amount for q in granted), 0)


def is_lowered(before: SubsidyTerms, now: SubsidyTerms, end: date) -> bool:
    """Whether less of the interest of some day before ``end`` is subsidised than was."""
    if now.on_first < before.on_first:
        return True
    first = min((each.since for each in before.shares.values), default=end)
    return first < end and any(
        least < share
        for since, until, share in before.shares.periods(first, end)
        for _, _, least in now.shares.periods(since, until)
    )


def told_on(told: Sequence[Recorded]) -> date | None:
    """The civil day on which a payment of subsidy was last told of that stands."""
    paid = [r.recorded_at for r in surviving(told) if isinstance(r.fact, facts.InterestSubsidyPaid)]
    return civil_day(max(paid)) if paid else None


def restated_on(told: Sequence[Recorded]) -> date | None:
    """The civil day on which a loan was first told otherwise after the last payment of subsidy was told: of days before a payment, or
    something was annulled. ``told``: the facts of one loan."""
    paid = [r for r in surviving(told) if isinstance(r.fact, facts.InterestSubsidyPaid)]
    if not paid:
        return None
    last, through = max(r.position for r in paid), max(r.fact.effective_on for r in paid)
    found = [
        r.recorded_at for r in told
        if r.position > last and (r.fact.annuls or (isinstance(r.fact, BEARING) and r.fact.effective_on < through))
    ]  # fmt: skip
    return civil_day(min(found)) if found else None


def _quarters(first: date, end: date) -> Iterator[tuple[date, date]]:
    while first < end:
        until = min(end, quarter_end(first) + ONE_DAY)
        yield first, until
        first = until


def entries_of(course: Course, granted: Iterable[QuarterSubsidy]) -> list[Entry]:
    """All entries of the loan's book: what was told and fell due, and the subsidy due for each quarter."""
    booked = (
        entry(q.due_on, course.cause, {"subsidies_granted": q.amount, "subsidy_payable": -q.amount}) for q in granted
    )
    return [*course.entries, *(each for each in booked if each is not None)]


def accounting(through: date, terms: SubsidyTerms) -> Accounting:
    """How a loan's facts through that day are told as entries."""
    return partial(_told, through=through, terms=terms)


def _told(facts: Sequence[Recorded], *, through: date, terms: SubsidyTerms) -> Iterable[Entry]:
    course = course_of(facts, through)
    return () if course is None else entries_of(course, subsidies(course, terms))


def shares_of(values: Iterable[tuple[date, Fraction, date | None]]) -> ValuesByDay:
    """From a day the share of the interest that is subsidised, to before another."""
    return ValuesByDay(tuple(DatedValue(since, share, until) for since, share, until in values))
