"""Of which loans the inbox asks whether more subsidy was paid than is due: those told otherwise after the last payment of it."""

from datetime import date
from decimal import Decimal

import pytest

from contracts.assistance.loans import InterestSubsidyPaid, LoanAnnulment, LoanFactsAnnulled, LoanJobsCreated
from contracts.civil import civil_day
from contracts.facts import Fact
from services.assistance.loans.rates import of_percent
from services.assistance.loans.subsidies import SubsidyTerms, is_lowered, restated_on, shares_of, told_on
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


def test_when_subsidy_was_last_told_of_and_stands() -> None:
    assert told_on(told(*FIRST)) is None
    facts = told(*FIRST, PAID)
    assert told_on(facts) == civil_day(facts[-1].recorded_at)


def terms(on_first: int, *shares: tuple[date, int, date | None]) -> SubsidyTerms:
    return SubsidyTerms(
        shares_of((since, of_percent(Decimal(share)), until) for since, share, until in shares), on_first
    )


@pytest.mark.parametrize(
    ("now", "lowered"),
    [
        (terms(100, (date(2018, 1, 1), 100, None)), False),
        (terms(99, (date(2018, 1, 1), 100, None)), True),
        (terms(100, (date(2018, 1, 2), 100, None)), True),
        (terms(100, (date(2018, 1, 1), 100, date(2018, 3, 31))), True),
        (terms(100, (date(2018, 1, 1), 100, PAID_ON)), False),
        (terms(100, (date(2017, 1, 1), 50, date(2018, 1, 1)), (date(2018, 1, 1), 100, None)), False),
        (terms(0), True),
    ],
)
def test_terms_are_lowered_where_a_day_before_the_end_gets_less(now: SubsidyTerms, lowered: bool) -> None:
    before = terms(100, (date(2018, 1, 1), 100, None))
    assert is_lowered(before, now, PAID_ON) is lowered
    assert not is_lowered(terms(0), now, PAID_ON)
    assert not is_lowered(before, now, date(2018, 1, 1)) or now.on_first < 100
