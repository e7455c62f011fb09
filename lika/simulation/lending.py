"""The micro-credits of a township year by year: interest every quarter, the principal on the last day, the interest paid back by the
treasury once a year (R30); some instalments are late, some payments are taken back by the bank."""

from datetime import date, timedelta
from decimal import Decimal

from lika.simulation import rates
from lika.simulation.context import SimulationContext
from lika.simulation.families import Family
from lika.simulation.loans import PRODUCT, LoanDesk, SimulatedLoan
from lika.simulation.schedule import Process
from services.assistance.loans.account import Review
from services.assistance.loans.borrowers import product_in_force
from services.assistance.loans.course import Course
from services.assistance.loans.subsidies import subsidies
from services.casework.ledgers.money import yuan_of

FIRST_YEAR = 2015
"""The product is of December 2014."""


def yearly_loans(context: SimulationContext, desk: LoanDesk) -> Process:
    """Some of the followed families borrow in spring."""
    for year in range(max(FIRST_YEAR, context.plan.first + 1), context.plan.last + 1):
        yield date(year, 3, 1)
        for family in families_of(context, desk.township.code):
            if context.rng.random() < rates.BORROWING_RATE:
                day = context.rng.day_in(date(year, 3, 5), 100)
                desk.schedule.add(_loan(context, desk, family, day), day)


def families_of(context: SimulationContext, township: str) -> list[Family]:
    """Followed, and there still."""
    return [f for f in context.families.values() if not f.root.ended and f.root.division.township == township]


def _loan(context: SimulationContext, desk: LoanDesk, family: Family, day: date) -> Process:
    yield from ()
    rng, adults = context.rng, family.adults(day.year)
    principal, months = Decimal(rng.randint(2, 10) * 5000), rng.choice((12, 12, 24))
    loan = SimulatedLoan(context, desk, family)
    if not adults or not loan.contract(day, adults[0].id, principal, months):
        return
    yield (paid_out := rng.day_after(day, 1, 10))
    loan.disburse(paid_out, principal)
    fate = rng.random()
    late, reversed_ = fate < rates.LATE_INSTALMENT_RATE, rates.LATE_INSTALMENT_RATE <= fate < rates.REVERSAL_LIMIT
    desk.schedule.add(_reviews(context, desk, loan), paid_out)
    wrong = rng.randint(1, months // 3)
    for number, due_on in enumerate(_due_days(loan, paid_out), start=1):
        paid_on = due_on + timedelta(rng.randint(12, 70)) if late and number == wrong else due_on
        yield paid_on
        owed = _owed(loan, paid_on)
        if not owed:
            continue
        payment = loan.pay(paid_on, owed)
        if reversed_ and number == wrong:
            yield (taken_back := rng.day_after(paid_on, 3, 9))
            loan.reverse(taken_back, payment)
            yield (again := rng.day_after(taken_back, 1, 8))
            loan.pay(again, _owed(loan, again))
        if number % 4 == 0:
            yield (subsidised := rng.day_after(context.recorded_on, 5, 40))
            _subsidise(context, loan, subsidised)


def _reviews(context: SimulationContext, desk: LoanDesk, loan: SimulatedLoan) -> Process:
    """Whatever the register's facts have opened about the loan is looked at within two months."""
    while True:
        for review, opened in loan.new_reviews().items():
            day = context.rng.day_after(context.recorded_on, 8, 50)
            desk.schedule.add(_decide(loan, day, review, opened), day)
        yield context.recorded_on + timedelta(1)


def _decide(loan: SimulatedLoan, day: date, review: str, opened: Review) -> Process:
    yield from ()
    loan.decide_review(day, review, opened)


def _due_days(loan: SimulatedLoan, paid_out: date) -> list[date]:
    """As the schedule had them when the loan was paid out."""
    course = loan.course(paid_out)
    assert course is not None
    return [planned.on for planned in course.planned]


def _owed(loan: SimulatedLoan, day: date) -> Decimal:
    """What is due by that day and not paid, with the penalty."""
    course = loan.course(day)
    assert course is not None
    return yuan_of(_due(course))


def _due(course: Course) -> int:
    return course.due_principal + course.due_interest + course.penalty_now


def _subsidise(context: SimulationContext, loan: SimulatedLoan, day: date) -> None:
    """What the treasury owes of the interest so far."""
    course, lookup = loan.course(day), context.regulations.assistance
    assert course is not None
    product = product_in_force(lookup, PRODUCT, day, course.contract.division)
    if product is None:
        return
    due = sum(quarter.amount for quarter in subsidies(course, product.subsidy_terms)) - course.subsidy_paid
    if due > 0:
        loan.subsidise(day, yuan_of(due))
