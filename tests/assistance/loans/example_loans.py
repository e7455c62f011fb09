"""Loans of nobody, and their facts as the log holds them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from contracts.assistance.loans import (
    DayCount,
    LoanContracted,
    LoanDisbursed,
    LoanRepaid,
    LoanUse,
    RepaymentMethod,
)
from contracts.facts import Fact, Recorded
from services.assistance.loans.course import Course, course_of
from services.assistance.loans.subsidies import SubsidyTerms, shares_of
from tests.support.recorded import recorded

LOAN = UUID("10a50000-0000-4000-8000-000000000001")
VILLAGE = "990001101201"
COMMON: dict[str, Any] = {"loan_id": LOAN, "entered_by": "bank-1"}
SHARES = shares_of(
    [(date(2015, 1, 1), Fraction(1), date(2024, 1, 1)), (date(2024, 1, 1), Fraction(7, 10), date(2026, 1, 1))]
)
SUBSIDY = SubsidyTerms(SHARES, on_first=50_000_00)
"""As one county's paper has it: all of the interest to 2023, 70 % in 2024 and 2025, on the first 50,000 yuan."""


def contracted(on: date = date(2018, 1, 10), **otherwise: Any) -> LoanContracted:
    """50,000 yuan at 4.35 % for a year, interest quarterly, principal at the end."""
    fields: dict[str, Any] = {
        "product": "poverty_micro_credit", "division": VILLAGE, "lender": "rural-bank", "contract_no": "2018-001",
        "use": LoanUse.OWN_PRODUCTION, "principal": Decimal("50000.00"), "rate": Decimal("4.3500"),
        "overdue_surcharge": Decimal("50.0000"), "method": RepaymentMethod.BULLET, "day_count": DayCount.ACTUAL_360,
        "first_due_on": date(2018, 3, 20), "period_months": 3, "final_on": date(2019, 1, 10),
    }  # fmt: skip
    return LoanContracted(**COMMON, effective_on=on, **{**fields, **otherwise})


def disbursed(on: date, yuan: str = "50000.00", voucher: str = "D-1") -> LoanDisbursed:
    return LoanDisbursed(**COMMON, effective_on=on, amount=Decimal(yuan), voucher=voucher)


def repaid(on: date, yuan: str, *, voucher: str = "R-1", prepayment: bool = False) -> LoanRepaid:
    return LoanRepaid(**COMMON, effective_on=on, amount=Decimal(yuan), voucher=voucher, prepayment=prepayment)


def told(*facts: Fact) -> tuple[Recorded, ...]:
    return recorded(*facts, log="assistance", stream=f"loan-{LOAN}")


def course(through: date, *facts: Fact) -> Course:
    found = course_of(sorted(told(*facts), key=lambda r: (r.fact.effective_on, r.fact.rank, r.position)), through)
    assert found is not None
    return found
