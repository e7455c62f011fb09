"""Loans through the running service: a poverty micro-loan with a late instalment and a reversal, limits, uses and terms."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.assistance.access import ACCESS
from services.assistance.loans.inbox_source import LoanInbox
from services.casework.inbox.entries import Asked
from services.chassis.security.actor import Actor
from tests.assistance.harness import (
    COUNTY,
    VILLAGE,
    AssistanceHarness,
)
from tests.assistance.loans.example_requests import START, contract, family, money, read

CERTIFICATE = [{"kind": "certificate", "held_on_paper": True}]


def handed_out(harness: AssistanceHarness, loan: str) -> None:
    """The schedule that the household takes home: eight quarters, the first paid but for its 3.26, and on the day before it was."""
    now, before = harness.get(f"{loan}/schedule"), harness.get(f"{loan}/schedule", as_of="2016-03-25")
    rows = now["rows"]
    assert [row["due_on"] for row in rows][-1] == now["final_on"] == "2017-12-20"
    assert [row["principal_after"] for row in rows] == [f"{24000 - n * 3000}.00" for n in range(1, 9)]
    assert all(Decimal(row["to_pay"]) == Decimal(row["principal"]) + Decimal(row["interest"]) for row in rows)
    assert (rows[0]["to_pay"], rows[0]["unpaid"], rows[0]["paid_on"]) == ("3220.40", "3.26", None)
    assert [row["unpaid"] == row["to_pay"] for row in rows] == [False, *[True] * 7]
    assert Decimal(now["unpaid"]) == sum(Decimal(row["unpaid"]) for row in rows) - Decimal(now["advance"])
    assert (before["rows"][0]["unpaid"], before["to_pay"]) == ("3220.40", before["unpaid"])


def named_by_the_reversal(harness: AssistanceHarness, loan: str, paid: str) -> None:
    """What became otherwise of a day that had been read: by the annulment, and not by what was paid later."""
    of: dict[str, Any] = {"as_of": "2016-03-25", "compared_with": "2016-03-25"}
    found = harness.get(f"{loan}/restatement", **of)
    (void,) = found["learned"]
    assert (void["type"], void["annuls"]) == ("LoanFactsAnnulled", [paid])
    figures = {each["figure"]: (each["earlier"], each["later"]) for each in found["figures"]}
    assert figures["arrears"] == ("0.00", "3220.40")
    assert (figures["overdue_since"], figures["overdue_days"]) == ((None, "2016-03-20"), ("0", "5"))
    moved = {(each["on"], each["account"]): (each["earlier"], each["later"]) for each in found["movements"]}
    assert moved["2016-03-19", "cash"] == ("3220.40", "0.00")
    assert {tuple(each["facts"]) for each in found["movements"]} == {(void["id"],)}
    assert found["instalments"] == found["subsidies"] == []
    for known_at, expected in (("2016-03-24", 422), ("2016-03-25", 422), ("2016-03-26", 200)):
        answer = harness.reviewer.get(f"/assistance{loan}/restatement", **of, known_at=known_at)
        assert answer.status_code == expected
        if expected == 422:
            assert answer.json()["code"] == "loan_compared_with_not_earlier"
        else:
            assert answer.json()["learned"] == answer.json()["movements"] == answer.json()["figures"] == []


def offered(harness: AssistanceHarness, loan: str) -> set[str]:
    (found,) = harness.get("/acts", harness.reviewer, subject=f"/assistance{loan}")
    assert found["exists"]
    return {act["act"] for act in found["acts"]}


def test_a_micro_loan_with_a_late_instalment_and_a_reversal(harness: AssistanceHarness) -> None:
    """M165, R30, B44: what is overdue on a day as known on another."""
    bank = harness.reviewer
    loan = harness.post(bank, "/loans", contract(family(harness)))
    assert offered(harness, loan) >= {"disburse_loan", "repay_loan", "annul_loan_entries"}
    harness.post(bank, f"{loan}/disbursements", money(START, "24000.00", "D-1"))
    refused_here = {"disburse_loan", "recover_loan", "pay_loan_dividend", "decide_loan_review", "return_loan_subsidy"}
    assert offered(harness, loan) & refused_here == set()
    assert harness.refused(bank, f"{loan}/disbursements", money(START, "1.00", "D-2")) == (409, "loan_beyond_principal")
    harness.advance_to("2016-03-25")
    # 76 days of 24,000 at 4.35 %: 220.40, with an eighth of the principal
    late = read(harness, loan)
    assert (late["arrears"], late["overdue_since"], late["overdue_days"]) == ("3220.40", "2016-03-20", 5)
    harness.post(bank, f"{loan}/repayments", money("2016-03-19", "3220.40", "R-1"))
    assert harness.refused(bank, f"{loan}/repayments", money("2016-03-19", "3220.40", "R-1")) == (
        409,
        "loan_voucher_used",
    )
    assert read(harness, loan)["overdue_days"] == 0
    harness.advance_to("2016-03-28")
    paid = next(e["fact"] for e in read(harness, loan)["entries"] if e["type"] == "LoanRepaid")
    void = {"effective_on": "2016-03-19", "facts": [paid], "reason": "reversed"}
    harness.post(bank, f"{loan}/annulments", void)
    # Beside what it stands for, an annulment has no entry in the book; it may be annulled.
    told = {each["type"]: each["id"] for each in read(harness, loan)["history"]}
    assert paid not in told.values()
    assert told["LoanFactsAnnulled"] not in {each["fact"] for each in read(harness, loan)["entries"]}
    harness.post(bank, f"{loan}/repayments", money("2016-03-26", "3220.40", "R-2"))

    then = read(harness, loan, as_of="2016-03-25", known_at="2016-03-25")
    now = read(harness, loan, as_of="2016-03-25")
    assert (then["overdue_days"], now["overdue_days"]) == (0, 5)
    assert (then["principal"], now["principal"]) == ("21000.00", "24000.00")
    for each in (then, now, read(harness, loan)):
        assert sum(Decimal(b["balance"]) for b in each["balances"]) == 0
    # Six days of 3,000 at 6.525 % are 3.26, paid first: as much of the instalment is left.
    assert read(harness, loan)["arrears"] == "3.26"
    handed_out(harness, loan)

    def listed(**asked: Any) -> dict[str, Any]:
        contract_no = read(harness, loan)["contract_no"]
        assert harness.get("/loans", contract_no=f"{contract_no}0")["items"] == []
        found = harness.get("/loans", division=COUNTY, contract_no=contract_no, **asked)["items"]
        return next(item for item in found if loan.endswith(item["loan_id"]))

    assert (listed(as_of="2016-03-25")["arrears"], listed(as_of="2016-03-25")["overdue_since"]) == (
        "3220.40",
        "2016-03-20",
    )
    as_then = listed(as_of="2016-03-25", known_at="2016-03-25")
    assert (as_then["arrears"], as_then["overdue_since"], as_then["principal"]) == ("0.00", None, "21000.00")
    assert (listed(as_of="2016-03-20")["arrears"], listed()["arrears"]) == ("0.00", "3.26")
    named_by_the_reversal(harness, loan, paid)
    ages = {row["age"] for row in harness.get("/loans/portfolio", as_of="2016-03-25")}
    assert 1 in ages
    assert 1 not in {row["age"] for row in harness.get("/loans/portfolio", as_of="2016-03-25", known_at="2016-03-25")}


def test_what_is_not_paid_out_falls_due_or_is_overdue_waits_in_the_inbox(harness: AssistanceHarness) -> None:
    one = family(harness)
    loan = harness.post(harness.reviewer, "/loans", contract(one))
    inbox = LoanInbox("assistance", harness.assistance, ACCESS)

    def waits(today: str) -> list[tuple[str, str, str]]:
        harness.get("/loans")  # waits until the view has it
        actor = Actor("reviewer-1", frozenset({Role.REVIEWER}), VILLAGE)
        asked = Asked(actor=actor, division=VILLAGE, kind=None, today=date.fromisoformat(today))
        found = [e for e in inbox.entries(asked, (date.min, ""), 100) if loan.endswith(str(e.details["loan_id"]))]
        assert sum(inbox.counts(asked).values()) == len(inbox.entries(asked, (date.min, ""), 100))
        return [(e.kind, e.why.code, e.act.path.removeprefix(f"/assistance{loan}")) for e in found if e.act]

    assert waits(START) == [("due", "loan_not_disbursed", "/disbursements")]
    harness.post(harness.reviewer, f"{loan}/disbursements", money(START, "24000.00", "D-1"))
    falls_due, overdue = ("due", "loan_falls_due", "/repayments"), ("overdue", "loan_overdue", "/repayments")
    assert [waits(day) for day in ("2016-02-18", "2016-02-19", "2016-03-20", "2016-03-21")] == [
        [], [falls_due], [falls_due], [overdue],
    ]  # fmt: skip
    harness.post(harness.reviewer, f"{loan}/repayments", money(START, "3220.39", "R-1"))
    assert waits("2016-03-21") == [overdue]
    harness.post(harness.reviewer, f"{loan}/repayments", money(START, "0.01", "R-2"))
    assert [waits(day) for day in ("2016-03-21", "2016-05-20", "2016-05-21")] == [[], [], [falls_due]]


@pytest.mark.parametrize(("born", "refused"), [(1950, ["too_old"]), (1951, None), (1998, None), (1999, ["too_young"])])
def test_who_signs_is_between_eighteen_and_sixty_five(
    harness: AssistanceHarness, born: int, refused: list[str] | None
) -> None:
    one = family(harness, born)
    asked: dict[str, Any] = {"person_id": str(one.head.person_id), "product": "poverty_micro_credit", "as_of": START}
    told = harness.get("/loans/eligibility", **asked)
    assert [reason["code"] for reason in told["reasons"]] == (refused or [])
    answer = harness.reviewer.post("/assistance/loans", contract(one))
    assert answer.status_code == (409 if refused else 201)
    if refused:
        assert (answer.json()["code"], answer.json()["facts"]["reasons"]) == ("loan_not_eligible", refused)


def test_limits_uses_and_terms_are_the_products(harness: AssistanceHarness) -> None:
    one, bank = family(harness), harness.reviewer

    def refused(**otherwise: Any) -> str:
        return harness.refused(bank, "/loans", contract(one, **otherwise))[1]

    assert refused(principal="50000.01") == "loan_above_limit"
    assert refused(final_on="2019-01-05") == "loan_term_too_long"
    assert refused(use="industry") == "loan_use_forbidden"
    assert refused(product="nobodys_loan") == "loan_product_not_in_force"
    assert refused(first_due_on="2016-01-04") == "loan_schedule_days"
    agreed = [{"due_on": "2017-01-04", "principal": "12000.00"}, {"due_on": "2017-12-20", "principal": "11999.99"}]
    assert refused(method="agreed", agreed=agreed) == "loan_schedule_not_zero"
    assert refused(organisation="合作社") == refused(person_id=None) == "loan_name_the_borrower"
    loan = harness.post(bank, "/loans", contract(one, contract_no="甲 2016-1"))
    assert refused() == "loan_open_already"
    other = family(harness)
    again = contract(other, contract_no="甲2016-1")
    assert harness.refused(bank, "/loans", again) == (409, "loan_contract_no_used")
    signed = f"assistance/loans-{one.household}/1"
    harness.post(bank, f"{loan}/annulments", {"effective_on": START, "facts": [signed], "reason": "typed_wrong"})
    harness.post(bank, "/loans", again)
    assert refused(contract_no="甲2016-1") == "loan_contract_no_used"


def test_investment_for_dividend_ends_on_its_day(later: AssistanceHarness) -> None:
    """R30: kept apart from production, and forbidden from the day after 25 July 2017."""
    harness = later
    for on, taken in (("2017-07-24", True), ("2017-07-25", True), ("2017-07-26", False)):
        form = contract(
            family(harness),
            effective_on=on,
            use="invested_for_dividend",
            first_due_on="2017-09-20",
            final_on="2018-07-20",
        )
        answer = harness.reviewer.post("/assistance/loans", form)
        assert (answer.status_code == 201) is taken
        if taken:
            loan = str(answer.json()["location"]).removeprefix("/assistance")
            dividend = money(on, "1000.00", "V-1")
            early = harness.refused(harness.reviewer, f"{loan}/dividends", dividend)
            assert early == (409, "loan_before_disbursement")
            harness.post(harness.reviewer, f"{loan}/disbursements", money(on, "24000.00", "D-1"))
            harness.post(harness.reviewer, f"{loan}/dividends", dividend)
            assert read(harness, loan)["dividends"] == "1000.00"
        else:
            assert answer.json()["code"] == "loan_use_forbidden"


def test_nineteen_invest_for_dividend_and_three_borrow_to_produce(later: AssistanceHarness) -> None:
    """M165, B44: twenty-two households, two modes that are never one; a dividend is paid in one of them alone."""
    harness, bank = later, later.reviewer
    days = {"effective_on": "2017-07-24", "first_due_on": "2017-09-20", "final_on": "2018-07-20"}
    loans = [
        harness.post(bank, "/loans", contract(family(harness), use=use, **days))
        for use in (*["invested_for_dividend"] * 19, *["own_production"] * 3)
    ]
    for number, loan in enumerate(loans):
        harness.post(bank, f"{loan}/disbursements", money("2017-07-24", "24000.00", f"D-{number}"))
        paid = money("2017-07-25", "1000.00", f"V-{number}")
        if number < 19:
            harness.post(bank, f"{loan}/dividends", paid)
        else:
            assert harness.refused(bank, f"{loan}/dividends", paid) == (409, "loan_not_for_dividend")
    told = [read(harness, loan) for loan in loans]
    assert len({each["household_id"] for each in told}) == 22
    uses = [each["use"] for each in told]
    assert (uses.count("invested_for_dividend"), uses.count("own_production")) == (19, 3)
    assert sum(Decimal(each["dividends"]) for each in told) == 19_000
    # A dividend pays nothing back.
    assert {each["principal"] for each in told} == {"24000.00"}


def test_nothing_is_entered_for_a_loan_nobody_knows_or_of_another_area(later: AssistanceHarness) -> None:
    harness = later
    paid = money("2017-07-01", "1.00", "R-1")
    assert harness.refused(harness.reviewer, f"/loans/{uuid4()}/repayments", paid)[0] == 404
    loan = harness.post(
        harness.reviewer, "/loans", contract(family(harness), effective_on="2017-07-01", first_due_on="2017-09-20")
    )
    elsewhere = harness.running.client_for("reviewer-9", "990002", Role.REVIEWER)
    assert harness.refused(elsewhere, f"{loan}/disbursements", paid)[0] == 404
    assert harness.refused(harness.reviewer, f"{loan}/repayments", paid) == (409, "loan_before_disbursement")
    paid_out = money("2017-07-01", "1.00", "D-1", currency="USD")
    assert harness.refused(harness.reviewer, f"{loan}/disbursements", paid_out) == (409, "loan_wrong_currency")
