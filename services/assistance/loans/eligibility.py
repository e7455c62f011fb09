"""Who may borrow what under a product, and why not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from contracts.assistance.loans import LoanContracted, LoanUse
from contracts.registry.members import Sex
from services.assistance.loans import rules
from services.assistance.loans.commands import Contract
from services.assistance.loans.course import Course
from services.assistance.loans.products import Borrower, LoanProduct
from services.assistance.loans.rates import in_percent
from services.casework.ledgers.money import yuan_of
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import Refused

MOST_MONTHS = 600
"""The longest term of a product whose paper has none: a year that was typed wrong would be a schedule of thousands of parts."""


class LoanReason(StrEnum):
    """Each is labelled (``contracts/labels``)."""

    NO_HOUSEHOLD = "no_household"
    DECEASED = "deceased"
    STATUS_NOT_SERVED = "status_not_served"
    AGE_UNKNOWN = "age_unknown"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    WOMEN_ONLY = "women_only"
    NOT_FOR_ORGANISATIONS = "not_for_organisations"
    FOR_ORGANISATIONS_ONLY = "for_organisations_only"


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """A loan of the borrower that is not settled. ``amount``: yuan contracted and not paid out yet, or owed still."""

    loan_id: UUID
    product: str
    amount: Decimal


def reasons_against(product: LoanProduct, person: PersonState | None, day: date) -> tuple[LoanReason, ...]:
    """``person``: who signs, on that day; ``None`` for an organisation."""
    if person is None or product.borrower is Borrower.ORGANISATION:
        if person is None and product.borrower is Borrower.ORGANISATION:
            return ()
        return (LoanReason.FOR_ORGANISATIONS_ONLY if person else LoanReason.NOT_FOR_ORGANISATIONS,)
    found = _of_the_person(product, person, day)
    if person.household_id is None:
        found.insert(0, LoanReason.NO_HOUSEHOLD)
    elif product.statuses and person.status not in product.statuses:
        found.append(LoanReason.STATUS_NOT_SERVED)
    return tuple(found)


def _of_the_person(product: LoanProduct, person: PersonState, day: date) -> list[LoanReason]:
    found = [] if person.alive else [LoanReason.DECEASED]
    if product.ages is not None:
        age = None if person.birth_year is None else day.year - person.birth_year
        if age is None:
            found.append(LoanReason.AGE_UNKNOWN)
        elif age < product.ages.starts:
            found.append(LoanReason.TOO_YOUNG)
        elif age > product.ages.ends:
            found.append(LoanReason.TOO_OLD)
    if product.women_only and person.sex is not Sex.FEMALE:
        found.append(LoanReason.WOMEN_ONLY)
    return found


def open_loans(courses: Sequence[Course]) -> list[OpenLoan]:
    """``courses``: of every loan of the borrower."""
    found = []
    for course in courses:
        contract = course.contract
        left = contract.principal - yuan_of(course.disbursed)
        owed = yuan_of(max(course.debt, course.fund_claim + course.lender_claim, 0))
        settled = course.disbursed and not owed
        if not settled:
            found.append(OpenLoan(contract.loan_id, contract.product, owed if course.disbursed else left))
    return found


@dataclass(frozen=True, slots=True)
class Wish:
    """What is applied for, or contracted. ``months``: of its term; ``rate``: a year; ``None`` where nothing is said yet; ``base``: the
    base rate that the product lends at, for that term."""

    product: str
    use: LoanUse
    amount: Decimal
    months: int | None = None
    rate: Fraction | None = None
    renews: UUID | None = None
    base: Fraction | None = None


def require_lendable(
    product: LoanProduct,
    wish: Wish,
    person: PersonState | None,
    day: date,
    opened: Sequence[OpenLoan],
    known: Sequence[UUID],
) -> None:
    """Eligibility, use, ceilings and open loans, as of that day. ``known``: every loan that the borrower ever had. Raises
    ``Refused``."""
    if against := reasons_against(product, person, day):
        raise Refused(rules.NOT_ELIGIBLE, reasons=[str(reason) for reason in against])
    use = next((each for each in product.uses if each.use is wish.use), None)
    if use is None or (use.ends is not None and day > use.ends):
        raise Refused(rules.USE_FORBIDDEN, use=wish.use, last_day=None if use is None else use.ends)
    if wish.renews is not None and (
        not product.renewable or wish.renews not in known or any(each.loan_id == wish.renews for each in opened)
    ):
        raise Refused(rules.RENEWS_NOTHING)
    same = [each for each in opened if each.product == wish.product]
    if product.one_at_a_time and same:
        raise Refused(rules.OPEN_LOAN, open=[str(each.loan_id) for each in same])
    owed = sum((each.amount for each in same), Decimal(0))
    if product.limit is not None and owed + wish.amount > product.limit:
        raise Refused(rules.ABOVE_LIMIT, limit=product.limit, open=owed)
    longest = product.term_months or MOST_MONTHS
    if wish.months is not None and wish.months > longest:
        raise Refused(rules.TERM_TOO_LONG, months=longest)
    at_most = product.rate_ceiling(day, wish.base)
    if at_most is not None and wish.rate is not None and wish.rate > at_most:
        raise Refused(rules.RATE_TOO_HIGH, at_most=in_percent(at_most))


def months_of(contract: Contract | LoanContracted) -> int:
    """Of its term: those begun count whole."""
    first = contract.effective_on if isinstance(contract, LoanContracted) else contract.on
    last = contract.final_on
    return (last.year - first.year) * 12 + last.month - first.month + (last.day > first.day)
