"""What is done about a loan. Pure; money in yuan as it was told."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.assistance.loans import (
    AgreedInstalment,
    DayCount,
    LoanAnnulment,
    LoanReviewOutcome,
    LoanUse,
    RepaymentMethod,
)
from contracts.facts import Decision, Evidence

RENMINBI = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    loan_id: UUID
    on: date
    by: str
    evidence: tuple[Evidence, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Command):
    """``household_id`` and ``person_id``, or an ``organisation``. ``rate``: ``None`` for the base rate that the product lends at."""

    product: str
    division: str
    lender: str
    contract_no: str
    use: LoanUse
    principal: Decimal
    rate: Decimal | None
    overdue_surcharge: Decimal
    method: RepaymentMethod
    day_count: DayCount
    first_due_on: date
    period_months: int
    final_on: date
    agreed: tuple[AgreedInstalment, ...] = ()
    household_id: UUID | None = None
    person_id: UUID | None = None
    organisation: str | None = None
    renews: UUID | None = None
    drawn_in: tuple[UUID, ...] = ()
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Command):
    """``currency``: as the bank's slip has it."""

    amount: Decimal
    voucher: str
    currency: str = RENMINBI


class Disburse(Money):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Repay(Money):
    """``parts``: principal, interest and penalty as the slip has them; checked against the total, and no more: what a payment
    goes to follows from the account."""

    prepayment: bool = False
    parts: tuple[Decimal, ...] | None = None


class Recover(Money):
    pass


class PaySubsidy(Money):
    pass


class ReturnSubsidy(Money):
    pass


class PayDividend(Money):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CountJobs(Command):
    jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensate(Command):
    voucher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectRate(Command):
    """From ``on`` to before ``until``."""

    rate: Decimal
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Command):
    final_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideReview(Command):
    """``review``: id of the fact that opened it; ``debtor``: who owes the loan from then on, where another person does."""

    review: str
    outcome: LoanReviewOutcome
    debtor: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annul(Command):
    facts: tuple[str, ...]
    reason: LoanAnnulment
