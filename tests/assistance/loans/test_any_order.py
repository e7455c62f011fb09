"""What is true of loans is entered in whatever order it is told, and what is told twice counts once."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.assistance.loans import (
    InterestSubsidyPaid,
    InterestSubsidyReturned,
    LoanAnnulment,
    LoanCompensated,
    LoanContracted,
    LoanExtended,
    LoanFactsAnnulled,
    LoanRateCorrected,
    LoanRecovered,
    LoanRepaid,
)
from contracts.facts import Fact
from services.assistance.loans import commands as c
from services.assistance.loans import rules
from services.assistance.loans.borrowers import loans_open
from services.assistance.loans.eligibility import MOST_MONTHS, Wish, require_lendable
from services.assistance.loans.products import product_from
from services.chassis.ground.refusals import Refused
from tests.assistance.harness import AssistanceHarness
from tests.assistance.loans.example_loans import LOAN, contracted, disbursed, repaid, told
from tests.assistance.loans.example_requests import contract, family, money
from tests.assistance.loans.test_entries import DUE, FIRST, HEAD, LENT, ONE, TODAY, annul, compensate, given, repay
from tests.assistance.loans.test_entries import money as entered

OTHER = UUID(int=77)


def test_a_loss_is_compensated_once_whichever_day_is_told_first() -> None:
    first = DUE + timedelta(days=90)
    borne = LENT.when(compensate(first + ONE)).then_happened(LoanCompensated)
    for on in (first, first + ONE, first + 2 * ONE):
        again = c.Compensate(loan_id=LOAN, on=on, by="bank-1", voucher="C-2")
        borne.when(again).then_refused(rules.COMPENSATED_ALREADY, compensated_on=first + ONE)


def test_a_payment_told_after_the_loss_it_came_before_says_what_is_told_anew() -> None:
    first = DUE + timedelta(days=90)
    lost = LENT.when(compensate(first)).then_happened(LoanCompensated)
    recovered = lost.when(entered(c.Recover, first + ONE, "100.00", "Q-1")).then_happened(LoanRecovered)
    stream = f"assistance/loan-{LOAN}"
    for borne, rest in ((lost, [f"{stream}/3"]), (recovered, [f"{stream}/3", f"{stream}/4"])):
        late = borne.when(repay(first - ONE, "416.88"))
        late.then_refused(rules.COMPENSATED_SINCE, compensated_on=first)
        assert late.refusal is not None
        (step,) = late.refusal.next
        assert (step.act, step.form) == ("annul_loan_entries", {"facts": rest})
        borne.when(repay(first, "416.88")).then_refused(rules.COMPENSATED_ALREADY)
    void = c.Annul(
        loan_id=LOAN, on=first, by="bank-1", facts=(f"{stream}/3", f"{stream}/4"), reason=LoanAnnulment.TYPED_WRONG
    )
    anew = recovered.when(void).then_happened(LoanFactsAnnulled).when(repay(first - ONE, "100.00"))
    again = anew.then_happened(LoanRepaid).when(compensate(first))
    (now,) = again.facts
    (then,) = LENT.when(compensate(first)).facts
    assert isinstance(now, LoanCompensated)
    assert isinstance(then, LoanCompensated)
    assert now.fund_part + now.lender_part < then.fund_part + then.lender_part


def test_what_restates_the_debt_after_it_was_borne_says_what_is_told_anew() -> None:
    """Else what is left of it could neither be repaid nor recovered: a payment that the bank took back, a rate corrected late, a term
    extended late, a part paid out that nobody had entered."""
    first, stream = DUE + timedelta(days=90), f"assistance/loan-{LOAN}"
    parts = given(contracted(), disbursed(FIRST, "40000.00"), repaid(DUE, "100.00"))
    borne = parts.when(compensate(first)).then_happened(LoanCompensated)
    borne = borne.when(entered(c.Recover, first + ONE, "100.00", "Q-1")).then_happened(LoanRecovered)
    rate = c.CorrectRate(loan_id=LOAN, on=DUE, by="bank-1", rate=Decimal("4.0000"))
    longer = c.Extend(loan_id=LOAN, on=DUE + ONE, by="bank-1", final_on=date(2019, 6, 10))
    reversed_ = annul(first + ONE, 3)
    for told_late in (reversed_, rate, entered(c.Disburse, DUE, "10000.00", "D-2")):
        late = borne.when(told_late)
        late.then_refused(rules.COMPENSATED_SINCE, compensated_on=first)
        assert late.refusal is not None
        (step,) = late.refusal.next
        void = (
            [f"{stream}/3", f"{stream}/4", f"{stream}/5"] if told_late is reversed_ else [f"{stream}/4", f"{stream}/5"]
        )
        assert (step.act, step.form) == ("annul_loan_entries", {"facts": void})
    # What changes nothing of that day's debt is told late as ever, and so is what the whole of it was told with.
    borne.when(longer).then_happened(LoanExtended)
    borne.when(c.CorrectRate(loan_id=LOAN, on=first, by="bank-1", rate=Decimal("4.0000"))).then_happened(
        LoanRateCorrected
    )
    void_all = borne.when(annul(first + ONE, 3, 4, 5)).then_happened(LoanFactsAnnulled)
    (then,), (now,) = parts.when(compensate(first)).facts, void_all.when(compensate(first)).facts
    assert isinstance(then, LoanCompensated)
    assert isinstance(now, LoanCompensated)
    assert now.fund_part + now.lender_part > then.fund_part + then.lender_part
    void_all.when(annul(first + ONE, 6)).then_happened(LoanFactsAnnulled)


def test_subsidies_of_two_quarters_are_entered_in_either_order_and_never_beyond_what_is_due_on_their_days() -> None:
    spring, summer = date(2018, 4, 1), date(2018, 7, 1)
    first = entered(c.PaySubsidy, spring, "489.38", "S-1")
    second = entered(c.PaySubsidy, summer, "500.00", "S-2")
    LENT.when(first).then_happened(InterestSubsidyPaid).when(second).then_happened(InterestSubsidyPaid)
    later_first = LENT.when(second).then_happened(InterestSubsidyPaid)
    later_first.when(first).then_happened(InterestSubsidyPaid)
    later_first.when(entered(c.PaySubsidy, spring - ONE, "0.01", "S-3")).then_refused(rules.BEYOND_SUBSIDY)
    # What is left of the summer's is not paid in spring: the later payment would be beyond.
    both = later_first.when(first).then_happened(InterestSubsidyPaid)
    both.when(entered(c.PaySubsidy, spring, "0.01", "S-3")).then_refused(rules.BEYOND_SUBSIDY, on=spring)


def test_what_is_given_back_of_a_subsidy_is_told_in_any_order_and_never_beyond_what_is_overpaid() -> None:
    """89 days of 50,000 yuan at 4 % are 494.44, 489.38 of them paid; at 2 % 225.00 are due. Each day is asked for itself."""
    spring, summer, stream = date(2018, 4, 1), date(2018, 7, 1), f"assistance/loan-{LOAN}"
    pay, lower = entered(c.PaySubsidy, spring, "489.38", "S-1"), c.CorrectRate(
        loan_id=LOAN, on=FIRST, by="bank-1", rate=Decimal(2)
    )  # fmt: skip
    paid = LENT.when(pay).then_happened(InterestSubsidyPaid)
    paid.when(entered(c.ReturnSubsidy, spring, "0.01", "B-1")).then_refused(
        rules.BEYOND_OVERPAID, overpaid=Decimal("0.00")
    )
    over = paid.when(lower).then_happened(LoanRateCorrected)
    for on, yuan, refused in (
        (spring - ONE, "0.01", True), (spring, "264.38", False), (spring, "264.39", True), (summer, "264.38", True),
    ):  # fmt: skip
        outcome = over.when(entered(c.ReturnSubsidy, on, yuan, "B-1"))
        assert (outcome.refusal is not None) is refused, (on, yuan, outcome.refusal)
    back = over.when(entered(c.ReturnSubsidy, spring + ONE, "200.00", "B-1")).then_happened(InterestSubsidyReturned)
    # Told late of the day before, it must leave the one that is told enough of what was overpaid.
    back.when(entered(c.ReturnSubsidy, spring, "64.39", "B-2")).then_refused(rules.BEYOND_OVERPAID)
    both = back.when(entered(c.ReturnSubsidy, spring, "64.38", "B-2")).then_happened(InterestSubsidyReturned)
    both.when(entered(c.ReturnSubsidy, spring + ONE, "0.01", "B-3")).then_refused(rules.BEYOND_OVERPAID)

    def annul(*numbers: int) -> c.Annul:
        facts = tuple(f"{stream}/{number}" for number in numbers)
        return c.Annul(loan_id=LOAN, on=summer, by="bank-1", facts=facts, reason=LoanAnnulment.TYPED_WRONG)

    both.when(annul(3)).then_refused(rules.CONTRACT_STANDS)
    both.when(annul(3, 5, 6)).then_happened(LoanFactsAnnulled)
    # The rate was right after all: what was given back is due again, and what is annulled of it is not brought back.
    right = both.when(annul(4)).then_happened(LoanFactsAnnulled)
    again = right.when(entered(c.PaySubsidy, spring + ONE, "264.38", "S-2")).then_happened(InterestSubsidyPaid)
    again.when(entered(c.ReturnSubsidy, spring + ONE, "0.01", "B-4")).then_refused(rules.BEYOND_OVERPAID)
    undone = right.when(annul(6)).then_happened(LoanFactsAnnulled)
    undone.when(annul(8)).then_refused(rules.BEYOND_OVERPAID)


def test_a_slip_that_is_typed_by_two_hands_is_one() -> None:
    paid = LENT.when(repay(DUE, voucher="R 2018-1")).then_happened(LoanRepaid)
    for typed in ("r2018-1", "R2018 -1", "R 2018-1"):
        paid.when(repay(DUE, voucher=typed)).then_refused(rules.VOUCHER_USED)
    paid.when(repay(DUE, voucher="R 2018-2")).then_happened(LoanRepaid)


def another(on: date, final_on: date) -> LoanContracted:
    return contracted(loan_id=OTHER, effective_on=on, first_due_on=on + timedelta(days=30), final_on=final_on)


@pytest.mark.parametrize(("on", "open_then"), [(DUE - ONE, True), (DUE, False), (DUE + ONE, False)])
def test_what_is_open_is_asked_of_the_contract_s_own_day(on: date, open_then: bool) -> None:
    """Settled on a day, it stands in the way of a contract of the day before, whatever was told since."""
    settled: Sequence[Fact] = [contracted(), disbursed(FIRST), repaid(DUE, "50416.88", prepayment=True)]
    assert bool(loans_open(told(*settled), on, on, TODAY)) is open_then


@pytest.mark.parametrize(("final_on", "in_the_way"), [(FIRST - ONE, False), (FIRST, True), (FIRST + ONE, True)])
def test_a_loan_that_ended_before_the_open_one_began_may_be_told_after_it(final_on: date, in_the_way: bool) -> None:
    running = told(contracted(), disbursed(FIRST))
    assert bool(loans_open(running, date(2016, 1, 4), final_on, TODAY)) is in_the_way


@pytest.mark.parametrize(
    ("months", "refused"), [(MOST_MONTHS - 1, False), (MOST_MONTHS, False), (MOST_MONTHS + 1, True)]
)
def test_no_term_is_of_centuries(months: int, refused: bool) -> None:
    product = product_from({**HEAD, "borrower": "organisation"})
    wish = Wish("x", product.uses[0].use, Decimal(1), months)
    against = None
    try:
        require_lendable(product, wish, None, FIRST, (), ())
    except Refused as why:
        against = why.rule
    assert against == (rules.TERM_TOO_LONG if refused else None)


def test_a_year_that_was_typed_wrong_is_refused(first_day: AssistanceHarness) -> None:
    harness, bank = first_day, first_day.decider
    cooperative: dict[str, Any] = {
        "household_id": None, "person_id": None, "organisation": "远期合作社", "product": "unsecured_farm_finance", "use": "industry",
    }  # fmt: skip
    form = contract(family(harness), **cooperative)
    assert harness.refused(bank, "/loans", {**form, "final_on": "2166-01-20"}) == (409, "loan_term_too_long")
    harness.post(bank, "/loans", {**form, "final_on": "2065-12-20"})


def test_lending_stops_from_the_day_of_the_loss_on_whatever_was_told_first(first_day: AssistanceHarness) -> None:
    """What was contracted and paid out before it is entered still."""
    harness, bank = first_day, first_day.decider
    days = {"effective_on": "2015-02-01", "first_due_on": "2015-03-20"}
    lost = harness.post(bank, "/loans", contract(family(harness), **days))
    harness.post(bank, f"{lost}/disbursements", money("2015-02-01", "24000.00", "D-1"))
    harness.post(bank, f"{lost}/compensations", {"effective_on": "2015-12-01", "voucher": "C-1"})
    try:
        for on, stopped in (("2015-11-30", False), ("2015-12-01", True), ("2015-12-02", True)):
            form = contract(family(harness), effective_on=on, first_due_on="2016-03-20")
            answer = bank.post("/assistance/loans", form)
            assert (answer.status_code == 409) is stopped, answer.text
            if stopped:
                assert answer.json()["code"] == "loan_lending_stopped"
                continue
            before = str(answer.json()["location"]).removeprefix("/assistance")
            harness.post(bank, f"{before}/disbursements", money(on, "1000.00", "D-1"))
            late = money("2015-12-01", "1000.00", "D-2")
            assert harness.refused(bank, f"{before}/disbursements", late) == (409, "loan_lending_stopped")
    finally:  # others lend in this county
        fact = next(e["fact"] for e in harness.get(lost)["entries"] if e["type"] == "LoanCompensated")
        harness.post(
            bank, f"{lost}/annulments", {"effective_on": "2015-12-01", "facts": [fact], "reason": "typed_wrong"}
        )
