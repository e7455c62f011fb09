"""Each rule of an entry, on the day before, the day and the day after where it has a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from contracts.assistance.loans import (
    InterestSubsidyPaid,
    LoanAnnulment,
    LoanCompensated,
    LoanDisbursed,
    LoanExtended,
    LoanFactsAnnulled,
    LoanRateCorrected,
    LoanRecovered,
    LoanRepaid,
    LoanUse,
)
from contracts.facts import Fact, Recorded
from services.assistance.loans import commands as c
from services.assistance.loans import rules
from services.assistance.loans.account import Account
from services.assistance.loans.decision_context import DecisionContext
from services.assistance.loans.domain import decide
from services.assistance.loans.products import LoanProduct, product_from
from services.assistance.loans.rates import of_percent
from services.assistance.loans.subsidies import UNSUBSIDISED
from services.chassis.ground.refusals import Refused
from tests.assistance.loans.example_loans import LOAN, SUBSIDY, contracted, disbursed, repaid, told
from tests.support.given import specification

FIRST, DUE, FINAL = date(2018, 1, 10), date(2018, 3, 20), date(2019, 1, 10)
TODAY = date(2019, 12, 31)
ONE = timedelta(days=1)
HEAD: dict[str, Any] = {
    "loan_product": "poverty_micro_credit", "edition": "t", "zh": "小额信贷", "en": "micro-credit", "jurisdiction": "CN",
    "source": "test", "in_force": {"from": date(2014, 1, 1), "to": None}, "borrower": "household",
    "uses": [{"use": "own_production", "to": None}],
}  # fmt: skip
PRODUCT = product_from(
    {
        **HEAD,
        "losses": {"after_days": 90, "fund": 8, "lender": 2, "stop_at_percent": "3"},
        "extension": {"times": 1, "months": 12},
        "subsidy": {"on_first": 50000, "shares": [{"from": date(2015, 1, 1), "to": None, "percent": "100"}]},
    }
)


def _decide(
    command: c.Command, facts: Sequence[Recorded], product: LoanProduct | None = PRODUCT, bad: Fraction | None = None
) -> Sequence[Fact]:
    account = Account(told(*(r.fact for r in facts)))
    terms = UNSUBSIDISED if product is None else product.subsidy_terms
    return decide(DecisionContext(command, account, lambda _: product, lambda _: terms, TODAY, bad))


given = specification(_decide)
LENT = given(contracted(), disbursed(FIRST))


def repay(on: date, yuan: str = "100.00", voucher: str = "R-9", **more: Any) -> c.Repay:
    return c.Repay(loan_id=LOAN, on=on, by="bank-1", amount=Decimal(yuan), voucher=voucher, **more)


def money(kind: type[c.Money], on: date, yuan: str, voucher: str = "X-1") -> c.Money:
    return kind(loan_id=LOAN, on=on, by="bank-1", amount=Decimal(yuan), voucher=voucher)


def test_a_payment_is_recorded_as_told() -> None:
    LENT.when(repay(DUE, "416.88")).then(repaid(DUE, "416.88", voucher="R-9"))


def test_nothing_is_repaid_before_it_was_paid_out() -> None:
    LENT.when(repay(FIRST - ONE)).then_refused(rules.BEFORE_CONTRACT)
    late = given(contracted(), disbursed(FIRST + ONE))
    late.when(repay(FIRST)).then_refused(rules.BEFORE_DISBURSEMENT)
    for on in (FIRST + ONE, FIRST + 2 * ONE):
        late.when(repay(on)).then_happened(LoanRepaid)
    given(contracted()).when(repay(FIRST)).then_refused(rules.BEFORE_DISBURSEMENT)


def test_a_voucher_is_entered_once_and_again_after_it_was_reversed() -> None:
    paid = LENT.when(repay(DUE)).then_happened(LoanRepaid)
    paid.when(repay(DUE)).then_refused(rules.VOUCHER_USED)
    void = c.Annul(
        loan_id=LOAN, on=DUE, by="bank-1", facts=(f"assistance/loan-{LOAN}/3",), reason=LoanAnnulment.REVERSED
    )
    paid.when(void).then_happened(LoanFactsAnnulled).when(repay(DUE)).then_happened(LoanRepaid)


def test_nothing_is_entered_for_tomorrow() -> None:
    LENT.when(repay(TODAY)).then_happened(LoanRepaid)
    LENT.when(repay(TODAY + ONE)).then_refused(rules.FUTURE_DAY)


def test_only_renminbi_and_a_sum_that_adds_up() -> None:
    LENT.when(repay(DUE, currency="USD")).then_refused(rules.WRONG_CURRENCY, currency="USD")
    LENT.when(repay(DUE, "100.00", parts=(Decimal(60), Decimal("39.99"), Decimal(0)))).then_refused(rules.WRONG_SUM)
    LENT.when(repay(DUE, "100.00", parts=(Decimal(60), Decimal(40), Decimal(0)))).then_happened(LoanRepaid)


def test_nobody_pays_more_than_the_whole_debt_on_its_day_or_with_what_was_paid_since() -> None:
    whole = "50416.88"
    LENT.when(repay(DUE, "50416.89", prepayment=True)).then_refused(rules.BEYOND_DEBT, debt=Decimal(whole))
    settled = LENT.when(repay(DUE, whole, prepayment=True)).then_happened(LoanRepaid)
    settled.when(repay(DUE - ONE, "0.01", "R-8")).then_refused(rules.BEYOND_DEBT)
    settled.when(repay(DUE + ONE, "0.01", "R-8")).then_refused(rules.BEYOND_DEBT)


def test_a_prepayment_reaches_the_principal() -> None:
    LENT.when(repay(DUE, "416.88", prepayment=True)).then_refused(
        rules.PREPAYMENT_TOO_SMALL, due_amount=Decimal("416.88")
    )
    LENT.when(repay(DUE, "416.89", prepayment=True)).then_happened(LoanRepaid)


def test_no_more_is_paid_out_than_was_contracted() -> None:
    part = given(contracted(), disbursed(FIRST, "30000.00"))
    part.when(money(c.Disburse, DUE, "20000.01", "D-2")).then_refused(rules.BEYOND_PRINCIPAL)
    part.when(money(c.Disburse, DUE, "20000.00", "D-2")).then(disbursed(DUE, "20000.00", "D-2"))


@pytest.mark.parametrize(("percent", "refused"), [("2.99", False), ("3", True), ("3.01", True)])
def test_lending_stops_at_the_tolerance(percent: str, refused: bool) -> None:
    outcome = given(contracted()).when(money(c.Disburse, FIRST, "1.00"), PRODUCT, of_percent(Decimal(percent)))
    assert (outcome.refusal is not None and outcome.refusal.rule is rules.LENDING_STOPPED) is refused


def test_a_rate_is_corrected_once_for_a_day() -> None:
    def correct(since: date, until: date | None) -> c.CorrectRate:
        return c.CorrectRate(loan_id=LOAN, on=since, by="bank-1", rate=Decimal("4.75"), until=until)

    once = LENT.when(correct(FIRST, DUE)).then_happened(LoanRateCorrected)
    once.when(correct(DUE - ONE, None)).then_refused(rules.RATES_OVERLAP, since=FIRST, until=DUE)
    once.when(correct(DUE, None)).then_happened(LoanRateCorrected)
    for until in (DUE - ONE, DUE):
        LENT.when(correct(DUE, until)).then_refused(rules.RATE_ENDS_FIRST, on=DUE, until=until)
    LENT.when(correct(DUE, DUE + ONE)).then_happened(LoanRateCorrected)


@pytest.mark.parametrize(("rate", "refused"), [("4.3499", False), ("4.3500", False), ("4.3501", True)])
def test_no_rate_is_corrected_beyond_the_ceiling_of_the_contracts_day(rate: str, refused: bool) -> None:
    """A ceiling that ended with that day counts, and the one that came after it does not."""
    ceilings = [
        {"from": date(2014, 1, 1), "to": FIRST, "percent": "4.3500"},
        {"from": FIRST + ONE, "to": None, "percent": "3"},
    ]
    capped = product_from({**HEAD, "rate_at_most": ceilings})
    command = c.CorrectRate(loan_id=LOAN, on=DUE, by="bank-1", rate=Decimal(rate))
    facts = told(contracted(), disbursed(FIRST))
    against = None
    try:
        _decide(command, facts, capped)
    except Refused as why:
        against = why.rule
    assert against == (rules.RATE_TOO_HIGH if refused else None)


def test_an_extension_comes_before_the_end_once_and_within_its_months() -> None:
    def extend(on: date, final_on: date) -> c.Extend:
        return c.Extend(loan_id=LOAN, on=on, by="bank-1", final_on=final_on)

    longer = date(2020, 1, 10)
    LENT.when(extend(FINAL + ONE, longer)).then_refused(rules.EXTENDED_TOO_LATE, final_on=FINAL)
    for on in (FINAL - ONE, FINAL):
        extended = LENT.when(extend(on, longer)).then_happened(LoanExtended)
        extended.when(extend(on, longer)).then_refused(rules.EXTENSION_NOT_ALLOWED, times=1)
    LENT.when(extend(FINAL, longer + ONE)).then_refused(rules.EXTENSION_NOT_ALLOWED, months=12)
    LENT.when(extend(FINAL, FINAL)).then_refused(rules.NOT_LATER)
    LENT.when(extend(FINAL, longer), None).then_refused(rules.EXTENSION_NOT_ALLOWED, times=0)


def test_what_is_settled_is_renewed_and_not_extended() -> None:
    settled = given(contracted(), disbursed(FIRST), repaid(DUE, "50416.88", prepayment=True))
    for on, refused in ((DUE - ONE, False), (DUE, True), (DUE + ONE, True)):
        outcome = settled.when(c.Extend(loan_id=LOAN, on=on, by="bank-1", final_on=date(2019, 7, 10)))
        assert (outcome.refusal is not None and outcome.refusal.rule is rules.SETTLED_ALREADY) is refused
        if outcome.refusal is not None:
            (renewal,) = outcome.refusal.next
            assert (renewal.act, renewal.form["renews"]) == ("contract_loan", str(LOAN))
    undisbursed = given(contracted())
    undisbursed.when(c.Extend(loan_id=LOAN, on=DUE, by="bank-1", final_on=date(2019, 7, 10))).then_happened(
        LoanExtended
    )


def compensate(on: date) -> c.Compensate:
    return c.Compensate(loan_id=LOAN, on=on, by="bank-1", voucher="C-1")


def test_a_loss_is_compensated_from_the_ninetieth_day_overdue_on_and_once() -> None:
    first = DUE + timedelta(days=90)
    LENT.when(compensate(first - ONE)).then_refused(rules.NOT_OVERDUE_ENOUGH, first_day=first)
    for on in (first, first + ONE):
        borne = LENT.when(compensate(on)).then_happened(LoanCompensated)
        borne.when(compensate(on + ONE)).then_refused(rules.VOUCHER_USED)
        borne.when(repay(on + ONE)).then_refused(rules.COMPENSATED_ALREADY)
    LENT.when(compensate(first), product_from(HEAD)).then_refused(rules.NO_LOSSES_SHARED)


def test_what_is_recovered_goes_back_to_who_bore_it_to_the_last_fen() -> None:
    on = date(2019, 4, 11)
    LENT.when(money(c.Recover, on, "1.00")).then_refused(rules.NOT_COMPENSATED)
    borne = LENT.when(compensate(on)).then_happened(LoanCompensated)
    part = borne.when(money(c.Recover, on, "1000.00", "V-1")).then_happened(LoanRecovered)
    part.when(money(c.Recover, on, "52029.91", "V-2")).then_refused(rules.BEYOND_CLAIM, claim=Decimal("52029.90"))
    all_of_it = part.when(money(c.Recover, on, "52029.90", "V-2")).then_happened(LoanRecovered)
    course = Account(told(*all_of_it.facts)).through(TODAY)
    assert course is not None
    assert (course.fund_claim, course.lender_claim) == (0, 0)


def test_no_more_subsidy_is_paid_than_is_due_by_its_day() -> None:
    due_on = date(2018, 4, 1)
    pay = money(c.PaySubsidy, due_on, "489.38")
    LENT.when(money(c.PaySubsidy, due_on - ONE, "489.38")).then_refused(
        rules.BEYOND_SUBSIDY, subsidy_due=Decimal("0.00")
    )
    paid = LENT.when(pay).then_happened(InterestSubsidyPaid)
    paid.when(money(c.PaySubsidy, due_on + ONE, "0.01", "X-2")).then_refused(
        rules.BEYOND_SUBSIDY, subsidy_due=Decimal("489.38")
    )
    assert PRODUCT.subsidy_terms.on_first == SUBSIDY.on_first


def test_only_what_was_invested_for_dividend_bears_one() -> None:
    dividend = money(c.PayDividend, DUE, "3000.00")
    LENT.when(dividend).then_refused(rules.NOT_FOR_DIVIDEND)
    invested = contracted(use=LoanUse.INVESTED_FOR_DIVIDEND)
    given(invested).when(dividend).then_refused(rules.BEFORE_DISBURSEMENT)
    for on, refused in ((DUE - ONE, False), (DUE, False), (DUE + ONE, True)):
        outcome = given(invested, disbursed(on)).when(dividend)
        assert (outcome.refusal is not None and outcome.refusal.rule is rules.BEFORE_DISBURSEMENT) is refused


def test_what_others_rest_on_is_not_annulled_alone() -> None:
    void = partial(annul, DUE)
    paid = LENT.when(repay(DUE)).then_happened(LoanRepaid)
    paid.when(void(2)).then_refused(rules.CONTRACT_STANDS)
    paid.when(void(1)).then_refused(rules.CONTRACT_STANDS)
    paid.when(void(9)).then_refused(rules.NOT_ITS_ENTRY)
    paid.when(void(2, 3)).then_happened(LoanFactsAnnulled).when(void(1)).then_happened(LoanFactsAnnulled)


def annul(on: date, *versions: int) -> c.Annul:
    void = tuple(f"assistance/loan-{LOAN}/{version}" for version in versions)
    return c.Annul(loan_id=LOAN, on=on, by="bank-1", facts=void, reason=LoanAnnulment.TYPED_WRONG)


def test_what_an_annulment_of_an_annulment_restores_fits_as_if_it_were_entered_anew() -> None:
    paid = LENT.when(repay(DUE, "416.88")).then_happened(LoanRepaid)
    void = paid.when(annul(DUE, 3)).then_happened(LoanFactsAnnulled)
    void.when(annul(DUE, 4)).then_happened(LoanFactsAnnulled)
    again = void.when(repay(DUE, "416.88")).then_happened(LoanRepaid)
    again.when(annul(DUE, 4)).then_refused(rules.VOUCHER_USED)
    settled = void.when(repay(DUE, "50416.88", "R-8", prepayment=True)).then_happened(LoanRepaid)
    settled.when(annul(DUE, 4)).then_refused(rules.BEYOND_DEBT)
    parts = given(contracted(), disbursed(FIRST, "30000.00")).when(annul(FIRST, 2)).then_happened(LoanFactsAnnulled)
    other = parts.when(money(c.Disburse, FIRST, "20000.01", "D-2")).then_happened(LoanDisbursed)
    other.when(annul(FIRST, 3)).then_refused(rules.BEYOND_PRINCIPAL)
    corrected = LENT.when(c.CorrectRate(loan_id=LOAN, on=DUE, by="bank-1", rate=Decimal("4.75"))).then_happened(
        LoanRateCorrected
    )
    twice = corrected.when(annul(DUE, 3)).then_happened(LoanFactsAnnulled)
    twice = twice.when(c.CorrectRate(loan_id=LOAN, on=DUE, by="bank-1", rate=Decimal(5))).then_happened(
        LoanRateCorrected
    )
    twice.when(annul(DUE, 4)).then_refused(rules.RATES_OVERLAP, since=DUE)


def test_a_compensation_is_restored_only_while_the_debt_is_what_it_shared() -> None:
    on = DUE + timedelta(days=90)
    void = LENT.when(compensate(on)).then_happened(LoanCompensated).when(annul(on, 3)).then_happened(LoanFactsAnnulled)
    void.when(annul(on, 4)).then_happened(LoanFactsAnnulled)
    paid = void.when(repay(on, "100.00")).then_happened(LoanRepaid)
    paid.when(annul(on, 4)).then_refused(rules.RESTORED_OTHERWISE)


def test_nothing_is_recovered_of_what_was_not_compensated_nor_repaid_of_what_was_not_lent() -> None:
    on = DUE + timedelta(days=90)
    back = (
        LENT.when(compensate(on))
        .then_happened(LoanCompensated)
        .when(money(c.Recover, on, "1.00"))
        .then_happened(LoanRecovered)
    )
    back.when(annul(on, 3)).then_refused(rules.CONTRACT_STANDS)
    back.when(annul(on, 3, 4)).then_happened(LoanFactsAnnulled)
    parts = given(contracted(), disbursed(FIRST, "20000.00"), disbursed(FIRST, "30000.00", "D-2"))
    paid = parts.when(repay(DUE, "40000.00", prepayment=True)).then_happened(LoanRepaid)
    part = parts.when(repay(DUE, "10000.00", prepayment=True)).then_happened(LoanRepaid)
    part.when(annul(DUE, 3)).then_happened(LoanFactsAnnulled)
    paid.when(annul(DUE, 3)).then_refused(rules.CONTRACT_STANDS)
