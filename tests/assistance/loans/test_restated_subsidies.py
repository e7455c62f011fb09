"""Of which loans the inbox asks whether more subsidy was paid than is due: those told otherwise after the last payment of it."""

from datetime import date
from decimal import Decimal

import pytest

from contracts.assistance.loans import InterestSubsidyPaid, LoanAnnulment, LoanFactsAnnulled, LoanJobsCreated
from contracts.civil import civil_day
from contracts.facts import Fact
from services.assistance.loans.subsidies import restated_on
from tests.assistance.loans.example_loans import COMMON, LOAN, contracted, disbursed, repaid, told

PAID_ON = date(2018, 4, 1)
FIRST = (contracted(), disbursed(date(2018, 1, 10)))
PAID = InterestSubsidyPaid(**COMMON, effective_on=PAID_ON, amount=Decimal("489.38"), voucher="S-1")


def test_nothing_is_restated_of_what_was_not_subsidised() -> None:
    assert restated_on(told(*FIRST, repaid(date(2018, 2, 1), "1.00"))) is None


@pytest.mark.parametrize(
    ("fact", "restates"),
    [
        (repaid(date(2018, 3, 31), "1.00"), True),
        (repaid(PAID_ON, "1.00"), False),
        (repaid(date(2018, 4, 2), "1.00"), False),
        (LoanJobsCreated(**COMMON, effective_on=date(2018, 2, 1), jobs=1), False),
        (LoanFactsAnnulled(
            **COMMON, effective_on=date(2018, 5, 1), reason=LoanAnnulment.REVERSED, annuls=(f"assistance/loan-{LOAN}/2",)), True),
    ],
)  # fmt: skip
def test_what_bears_interest_before_the_payments_day_restates_it_and_so_does_whatever_is_annulled(
    fact: Fact, restates: bool
) -> None:
    facts = told(*FIRST, PAID, fact)
    assert restated_on(facts) == (civil_day(facts[-1].recorded_at) if restates else None)
    assert restated_on(told(*FIRST, fact, PAID)) is None, "the payment was tried on it"
