"""A loan from the first part paid out to the last recovery."""

from datetime import date
from decimal import Decimal
from typing import Any

from contracts.assistance.loans import (
    InterestSubsidyPaid,
    LoanAnnulment,
    LoanCompensated,
    LoanDividendPaid,
    LoanExtended,
    LoanFactsAnnulled,
    LoanRateCorrected,
    LoanRecovered,
    RepaymentMethod,
)
from services.assistance.loans.subsidies import UNSUBSIDISED, QuarterSubsidy, accounting, subsidies
from services.casework.ledgers.domain import book_of, differences
from tests.assistance.loans.example_loans import COMMON, SUBSIDY, contracted, course, disbursed, repaid, told

FIRST, DUE, FINAL = date(2018, 1, 10), date(2018, 3, 20), date(2019, 1, 10)
LENT = disbursed(FIRST)


def test_interest_falls_due_each_quarter_and_the_principal_last() -> None:
    """69 days of 50,000 at 4.35 %: 416.875 yuan, half up."""
    found = course(date(2018, 3, 20), contracted(), LENT)
    assert [(i.due_on, i.principal, i.interest) for i in found.instalments] == [(DUE, 0, 416_88)]
    assert found.overdue_days() == 0
    found = course(FINAL, contracted(), LENT)
    assert [i.interest for i in found.instalments] == [416_88, 555_83, 555_83, 549_79, 126_88]
    assert (found.due_principal, found.not_due) == (50_000_00, 0)


def test_a_loan_paid_out_in_parts_bears_interest_part_by_part() -> None:
    found = course(DUE, contracted(), disbursed(FIRST, "20000.00"), disbursed(date(2018, 2, 1), "30000.00", "D-2"))
    # 69 days of 20,000 are 166.75, 47 days of 30,000 are 170.375
    assert found.instalments[0].interest == 337_13
    assert found.principal == 50_000_00


def test_what_is_paid_early_waits_and_pays_the_instalment_on_its_day() -> None:
    early = repaid(date(2018, 3, 18), "416.88")
    assert course(date(2018, 3, 19), contracted(), LENT, early).advance == 416_88
    found = course(date(2018, 3, 21), contracted(), LENT, early)
    assert (found.advance, found.overdue_days(), found.due_interest) == (0, 0, 0)


def test_a_prepayment_repays_principal_after_interest_through_its_day() -> None:
    ahead = repaid(date(2018, 2, 9), "10181.25", prepayment=True)
    found = course(date(2018, 2, 9), contracted(), LENT, ahead)
    # 30 days of 50,000: 181.25
    assert (found.principal, found.advance) == (40_000_00, 0)
    assert not found.running
    assert course(DUE, contracted(), LENT, ahead).instalments[-1].interest == 188_50


def test_principal_overdue_bears_the_surcharged_rate() -> None:
    """30 days of 50,000 at 6.525 % are 271.88, without interest on interest."""
    found = course(date(2019, 2, 9), contracted(), LENT)
    assert found.overdue_days() == (date(2019, 2, 9) - DUE).days
    paid = course(date(2019, 2, 9), contracted(), LENT, repaid(date(2019, 2, 9), "300.00"))
    assert paid.penalty_due == 0
    assert paid.instalments[0].interest_left == 416_88 - (300_00 - 271_88)


def test_an_extension_moves_what_is_not_due_yet() -> None:
    longer = LoanExtended(**COMMON, effective_on=FINAL, final_on=date(2019, 7, 10))
    found = course(FINAL, contracted(), LENT, longer)
    assert found.due_principal == 0
    assert [p.on for p in found.planned] == [date(2019, 3, 20), date(2019, 6, 20), date(2019, 7, 10)]
    assert sum(p.principal for p in found.planned) == 50_000_00


def test_an_instalment_due_on_the_day_of_an_extension_stays_due() -> None:
    longer = LoanExtended(**COMMON, effective_on=DUE, final_on=date(2019, 7, 10))
    terms = contracted(method=RepaymentMethod.EQUAL_PRINCIPAL)
    assert course(DUE, terms, LENT, longer).instalments[0].principal == 10_000_00


def test_the_first_fifty_thousand_are_subsidised_by_the_share_of_each_day() -> None:
    terms = contracted(
        date(2023, 12, 1), principal=Decimal("80000.00"), first_due_on=date(2024, 3, 20), final_on=date(2024, 12, 1)
    )  # fmt: skip
    found = course(date(2024, 4, 1), terms, disbursed(date(2023, 12, 1), "80000.00"))
    # 31 days at all of it; 91 days at 70 %
    assert subsidies(found, SUBSIDY) == [
        QuarterSubsidy(date(2023, 12, 31), 187_29), QuarterSubsidy(date(2024, 3, 31), 384_85),
    ]  # fmt: skip
    assert (
        subsidies(course(date(2024, 3, 31), terms, disbursed(date(2023, 12, 1), "80000.00")), SUBSIDY)[-1].amount
        == 187_29
    )


def test_nothing_is_subsidised_overdue_or_after_the_contracts_last_day() -> None:
    longer = LoanExtended(**COMMON, effective_on=FINAL, final_on=date(2019, 7, 10))
    for after in ((), (longer,)):
        found = subsidies(course(date(2019, 7, 1), contracted(), LENT, *after), SUBSIDY)
        assert found[-1] == QuarterSubsidy(date(2019, 3, 31), 54_38)  # nine days of January


def test_fund_and_lender_bear_a_loss_eight_to_two_and_share_what_is_recovered() -> None:
    on = date(2019, 4, 11)
    debt = course(on, contracted(), LENT).debt
    assert debt == 50_000_00 + 416_88 + 555_83 + 555_83 + 549_79 + 126_88 + 824_69
    parts: dict[str, Any] = {"fund_part": Decimal("42423.92"), "lender_part": Decimal("10605.98")}
    borne = LoanCompensated(**COMMON, effective_on=on, **parts, voucher="C-1")
    found = course(on, contracted(), LENT, borne)
    assert (found.debt, found.principal, found.fund_claim, found.lender_claim) == (0, 0, 42_423_92, 10_605_98)
    back = LoanRecovered(
        **COMMON, effective_on=date(2019, 6, 1), fund_part=Decimal("800.00"), lender_part=Decimal("200.00"), voucher="V-1"
    )  # fmt: skip
    later = course(date(2019, 8, 1), contracted(), LENT, borne, back)
    assert (later.fund_claim, later.lender_claim, later.debt) == (41_623_92, 10_405_98, 0)
    balances = book_of(told(contracted(), LENT, borne, back), accounting(date(2019, 8, 1), UNSUBSIDISED)).balances()
    assert balances["risk_fund"] == -41_623_92
    assert balances["principal"] == balances["interest_due"] == balances["penalty_due"] == 0


def test_a_dividend_is_no_repayment() -> None:
    dividend = LoanDividendPaid(**COMMON, effective_on=DUE, amount=Decimal("3000.00"), voucher="V-2")
    found = course(DUE, contracted(), LENT, dividend)
    assert (found.dividends, found.principal, found.due_interest) == (3_000_00, 50_000_00, 416_88)


def test_one_late_rate_restates_every_later_subsidy_and_interest_and_each_difference_is_named() -> None:
    wrong = LoanRateCorrected(**COMMON, effective_on=FIRST, rate=Decimal("4.7500"))
    paid = InterestSubsidyPaid(**COMMON, effective_on=date(2018, 4, 10), amount=Decimal("489.38"), voucher="S-1")
    facts = told(contracted(), LENT, paid, wrong)
    through = date(2018, 7, 1)
    then = book_of(facts, accounting(through, SUBSIDY), as_of=through, known_at=facts[-1].recorded_at)
    now = book_of(facts, accounting(through, SUBSIDY), as_of=through)
    assert [(d.on, d.account, d.before, d.after) for d in differences(then, now)] == [
        (DUE, "interest_due", 416_88, 455_21),
        (DUE, "interest_earned", -416_88, -455_21),
        (date(2018, 4, 1), "subsidies_granted", 489_38, 534_38),
        (date(2018, 4, 1), "subsidy_payable", -489_38, -534_38),
        (date(2018, 6, 20), "interest_due", 555_83, 606_94),
        (date(2018, 6, 20), "interest_earned", -555_83, -606_94),
        (date(2018, 7, 1), "subsidies_granted", 549_79, 600_35),
        (date(2018, 7, 1), "subsidy_payable", -549_79, -600_35),
    ]
    assert now.balances()["subsidy_payable"] == 489_38 - 534_38 - 600_35


def test_a_payment_taken_back_was_never_paid_and_one_restored_was() -> None:
    paid = repaid(DUE, "416.88")

    def void(n: int) -> LoanFactsAnnulled:
        return LoanFactsAnnulled(
            **COMMON, effective_on=DUE, reason=LoanAnnulment.REVERSED, annuls=(f"assistance/loan-{paid.loan_id}/{n}",)
        )

    through = date(2018, 4, 1)
    accounts = accounting(through, UNSUBSIDISED)
    facts = told(contracted(), LENT, paid, void(3), void(4))
    never = told(contracted(), LENT)
    assert book_of(facts[:4], accounts).balances() == book_of(never, accounts).balances()
    assert book_of(facts, accounts) == book_of(facts[:3], accounts)
