"""Answers about loans. No personal field: a borrower is an id. Money in yuan. The parts of which a statement has many are dataclasses:
what we reckoned ourselves needs no validation."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from contracts.assistance.loans import DayCount, LoanReviewOutcome, LoanReviewReason, LoanUse, RepaymentMethod
from services.assistance.loans.eligibility import LoanReason
from services.casework.standing_facts import StandingFactAnswer
from services.chassis.ground.labels import LABELS


@dataclass(slots=True)
class LoanInstalmentAnswer:
    """``…_left``: not paid yet; ``paid_on``: the day nothing was left."""

    due_on: date
    principal: Decimal
    interest: Decimal
    principal_left: Decimal
    interest_left: Decimal
    paid_on: date | None


@dataclass(slots=True)
class LoanPlannedAnswer:
    """What is to come, as the contract stands; interest at its rate."""

    due_on: date
    principal: Decimal
    interest: Decimal


class LoanAccount(StrEnum):
    """Of a loan's book."""

    CASH = "cash"
    PRINCIPAL = "principal"
    ADVANCES = "advances"
    INTEREST_DUE = "interest_due"
    INTEREST_EARNED = "interest_earned"
    PENALTY_DUE = "penalty_due"
    PENALTY_EARNED = "penalty_earned"
    FUND_CLAIMS = "fund_claims"
    LENDER_CLAIMS = "lender_claims"
    RISK_FUND = "risk_fund"
    SUBSIDIES_GRANTED = "subsidies_granted"
    SUBSIDY_PAYABLE = "subsidy_payable"
    TREASURY = "treasury"
    DIVIDENDS_RECEIVED = "dividends_received"
    DIVIDEND_PAYER = "dividend_payer"


@dataclass(slots=True)
class LoanPostingAnswer:
    """``amount``: a debit above zero, a credit below."""

    account: LoanAccount
    amount: Decimal


@dataclass(slots=True)
class LoanEntryAnswer:
    """``fact``: what it follows from; ``type``: of that fact."""

    on: date
    fact: str
    type: str
    postings: list[LoanPostingAnswer]


@dataclass(slots=True)
class LoanSubsidyAnswer:
    """``quarter``: its last day; the subsidy is due on the day after."""

    quarter: date
    amount: Decimal


@dataclass(slots=True)
class LoanBalanceAnswer:
    account: LoanAccount
    balance: Decimal


@dataclass(slots=True)
class LoanReviewAnswer:
    """``review``: id of the fact that opened it, for its decision; ``outcome``: ``null`` while nobody has decided."""

    review: str
    reason: LoanReviewReason
    opened_on: date
    outcome: LoanReviewOutcome | None
    decided_on: date | None


class LoanStatementAnswer(BaseModel):
    """One loan at the end of ``as_of``, as known at the end of ``known_at``. ``debtor``: who owes it, the signer or by a review
    another; ``debt``: what would settle it on that day; ``advance``: paid and waiting for the next instalment; ``arrears``: what is
    overdue of instalments; ``claims``: compensated and not recovered; ``jobs``: that the business gives, as told last.
    ``subsidy_overpaid``: paid and not returned, and not due any more; ``base_rate``: of the contract's day for its term, percent a
    year, where the product lends at one. ``history``: what was entered and stands, annulments among it."""

    loan_id: UUID
    as_of: date
    known_at: date
    product: str
    household_id: UUID | None
    person_id: UUID | None
    debtor: UUID | None
    organisation: str | None
    division: str
    lender: str
    contract_no: str
    use: LoanUse
    contracted_on: date
    final_on: date
    extended_on: date | None
    amount: Decimal
    rate: Decimal
    base_rate: Decimal | None = None
    method: RepaymentMethod
    day_count: DayCount
    renews: UUID | None
    drawn_in: list[UUID]
    disbursed: Decimal
    principal: Decimal
    debt: Decimal
    arrears: Decimal
    overdue_since: date | None
    overdue_days: int
    penalty: Decimal
    advance: Decimal
    claims: Decimal
    compensated_on: date | None
    subsidy_due: Decimal
    subsidy_paid: Decimal
    subsidy_returned: Decimal
    subsidy_overpaid: Decimal
    dividends: Decimal
    jobs: int
    instalments: list[LoanInstalmentAnswer]
    planned: list[LoanPlannedAnswer]
    subsidies: list[LoanSubsidyAnswer]
    reviews: list[LoanReviewAnswer]
    balances: list[LoanBalanceAnswer]
    entries: list[LoanEntryAnswer]
    history: list[StandingFactAnswer]


class LoanListAnswer(BaseModel):
    """One loan on a day, as known then; ``overdue_since``: the due day of the oldest instalment that is not paid."""

    loan_id: UUID
    household_id: UUID | None
    person_id: UUID | None
    product: str
    lender: str
    contract_no: str
    division: str
    contracted_on: date
    principal: Decimal
    arrears: Decimal
    overdue_since: date | None
    claims: Decimal


class LoanPortfolioAnswer(BaseModel):
    """Loans of one product and age of arrears; ``age``: days overdue at least; ``principal``: outstanding."""

    product: str
    age: int
    loans: int
    principal: Decimal
    arrears: Decimal
    claims: Decimal


class LoanReasonAnswer(BaseModel):
    code: LoanReason
    zh: str
    en: str

    @classmethod
    def of(cls, reason: LoanReason) -> Self:
        label = LABELS.code(reason)
        return cls(code=reason, zh=label.zh, en=label.en)


class LoanEligibilityAnswer(BaseModel):
    """Whether a person may borrow under a product, as of a day. ``limit``: yuan, where the product's paper has one."""

    person_id: UUID
    product: str
    as_of: date
    eligible: bool
    reasons: list[LoanReasonAnswer]
    limit: int | None
