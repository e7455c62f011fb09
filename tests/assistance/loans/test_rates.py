"""Rates of loans through the running service: the base rate of the day and term, a rate told late, and subsidy that was not due."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import Role
from tests.assistance.harness import COUNTY, AssistanceHarness
from tests.assistance.loans.example_requests import START, adopt, contract, family, money, read, subsidies_to_return


@pytest.mark.parametrize(("on", "most"), [("2015-10-23", "5.0000"), ("2015-10-24", "4.7500"), ("2015-10-25", "4.7500")])
def test_a_contract_fixes_at_most_the_base_rate_of_its_day_and_term(
    harness: AssistanceHarness, on: str, most: str
) -> None:
    """What the People's Bank changed on 24 October 2015 is a document; a contract of before keeps its rate."""
    bank, fraction = harness.reviewer, str(Decimal(most) + Decimal("0.0001"))
    days = {"effective_on": on, "first_due_on": "2016-03-20", "final_on": "2017-10-20"}
    above = bank.post("/assistance/loans", contract(family(harness), rate=fraction, **days))
    assert (above.status_code, above.json()["code"]) == (409, "loan_rate_too_high")
    assert above.json()["facts"] == {"at_most": most}
    loans = [harness.post(bank, "/loans", contract(family(harness), rate=rate, **days)) for rate in (most, None)]
    for loan in loans:
        told = read(harness, loan)
        assert (told["rate"], told["base_rate"]) == (most, most)
    # What was typed wrong is corrected within the ceiling of the contract's day, whatever the base rate is by then.
    within, beyond = ({"effective_on": START, "rate": rate} for rate in (most, fraction))
    assert harness.refused(bank, f"{loans[0]}/rate-corrections", beyond) == (409, "loan_rate_too_high")
    harness.post(bank, f"{loans[0]}/rate-corrections", within)


def test_the_term_decides_which_base_rate_it_is(harness: AssistanceHarness) -> None:
    """Of a year the one, of a day longer the other."""
    for last, rate in (("2017-01-04", "4.3500"), ("2017-01-05", "4.7500")):
        form = contract(family(harness), rate=None, final_on=last)
        assert read(harness, harness.post(harness.reviewer, "/loans", form))["rate"] == rate


def test_a_product_lends_at_the_base_rate_that_its_county_adopted_and_at_none_before(
    harness: AssistanceHarness,
) -> None:
    bank, key, series = harness.reviewer, f"street_{uuid4().hex[:8]}", f"county_{uuid4().hex[:8]}"
    common = {"edition": "1", "zh": "试", "en": "trial", "jurisdiction": COUNTY, "source": "试验"}
    product = {
        "loan_product": key, **common, "in_force": {"from": date(2014, 1, 1), "to": None}, "borrower": "household",
        "uses": [{"use": "own_production", "to": None}],
    }  # fmt: skip

    def adopted(text: dict[str, Any]) -> Any:
        return adopt(harness, text)

    assert adopted(product).status_code == 201
    form = contract(family(harness), product=key, rate=None)
    assert harness.refused(bank, "/loans", form) == (409, "loan_rate_needed")
    assert adopted({**product, "edition": "2", "lends_at": series, "in_force": {
        "from": date(2015, 1, 1), "to": None}}).status_code == 201  # fmt: skip
    for rate in (None, "1.0000"):
        assert harness.refused(bank, "/loans", {**form, "rate": rate}) == (409, "loan_base_rate_not_in_force")
    terms: list[dict[str, Any]] = [
        {"to_months": 12, "percent": "3.1"},
        {"to_months": 12, "percent": "3.6"},
        {"percent": "4"},
    ]
    rates = {
        "base_rate": series, **common, "in_force": {"from": date(2015, 1, 1), "to": None},
        "rates": [{"from": date(2015, 1, 1), "source": "x", "terms": terms}],
    }  # fmt: skip
    assert adopted(rates).status_code == 422
    terms[1]["to_months"] = 60
    assert adopted(rates).status_code == 201
    loan = harness.post(bank, "/loans", form)
    assert read(harness, loan)["rate"] == "3.6000"
    # It is fixed: another edition of another rate is for contracts of its days.
    later = {**rates, "edition": "2", "rates": [{"from": date(2015, 1, 1), "source": "x", "terms": [{"percent": "2"}]}]}
    assert adopted(later).status_code == 201
    assert read(harness, loan)["rate"] == "3.6000"


def test_subsidy_that_is_not_due_any_more_is_given_back_to_the_treasury(later: AssistanceHarness) -> None:
    """The rate was typed too high, then the money turns out never to have gone out: each time the lender owes the treasury."""
    harness, bank = later, later.reviewer
    loan = harness.post(bank, "/loans", contract(family(harness)))
    harness.post(bank, f"{loan}/disbursements", money(START, "24000.00", "D-1"))
    due = read(harness, loan, as_of="2016-07-01")["subsidy_due"]
    harness.post(bank, f"{loan}/subsidies", money("2016-07-01", due, "S-1"))
    back = money("2016-09-01", "0.01", "B-1")
    early = harness.refused(bank, f"{loan}/subsidy-returns", back)
    assert early == (409, "loan_beyond_overpaid_subsidy")

    def waits(today: str) -> list[str]:
        return subsidies_to_return(harness, loan, today)

    def corrected(answer: Any) -> Any:
        assert answer.status_code == 201, answer.text
        return [(each["code"], each["facts"]["amount"]) for each in answer.json()["warnings"]]

    lower = bank.post(
        f"/assistance/loans/{loan.rpartition('/')[2]}/rate-corrections", {"effective_on": START, "rate": "2"}
    )
    assert corrected(lower) == [], "by today more is due than was paid"
    now = read(harness, loan, as_of="2016-09-01")
    over = Decimal(now["subsidy_overpaid"])
    # Until so much more is due of later quarters.
    assert (waits("2016-06-30"), waits("2016-09-01"), waits("2017-07-01")) == ([], [str(over)], [])
    assert over == Decimal(due) - Decimal(now["subsidy_due"]) > 100
    for on, amount in (("2016-06-30", "0.01"), ("2016-07-01", str(over + Decimal("0.01")))):
        beyond = money(on, amount, "B-1")
        assert harness.refused(bank, f"{loan}/subsidy-returns", beyond) == (409, "loan_beyond_overpaid_subsidy")
    harness.post(bank, f"{loan}/subsidy-returns", money("2016-07-01", "100.00", "B-1"))
    assert harness.refused(bank, f"{loan}/subsidy-returns", money("2016-09-01", "1.00", "B-1")) == (
        409,
        "loan_voucher_used",
    )
    harness.post(bank, f"{loan}/subsidy-returns", money("2016-09-01", str(over - 100), "B-2"))
    assert waits("2016-09-01") == []
    told = read(harness, loan, as_of="2016-09-01")
    assert (told["subsidy_overpaid"], Decimal(told["subsidy_returned"])) == ("0.00", over)
    balances = {each["account"]: Decimal(each["balance"]) for each in told["balances"]}
    assert (sum(balances.values()), balances["treasury"]) == (0, -(Decimal(due) - over))
    # What was returned was paid: that payment stands while the return does.
    entries = {each["type"]: each["fact"] for each in told["entries"]}
    void = {"effective_on": "2017-07-01", "reason": "typed_wrong"}
    paid_alone = {**void, "facts": [entries["InterestSubsidyPaid"]]}
    assert harness.refused(bank, f"{loan}/annulments", paid_alone) == (409, "loan_has_entries")
    annulled = bank.post(
        f"/assistance/loans/{loan.rpartition('/')[2]}/annulments", {**void, "facts": [entries["LoanDisbursed"]]}
    )
    left = str(Decimal(due) - over)
    assert corrected(annulled) == [("loan_subsidy_overpaid", left)]
    assert waits("2017-07-02") == [left]
    harness.post(bank, f"{loan}/subsidy-returns", money("2017-07-02", left, "B-3"))
    assert waits("2017-07-02") == []
    last = read(harness, loan)
    assert (last["subsidy_due"], last["subsidy_overpaid"], last["subsidy_returned"]) == ("0.00", "0.00", due)
    assert {Decimal(each["balance"]) for each in last["balances"]} <= {Decimal(0)}


def test_one_late_rate_restates_every_later_subsidy_instalment_and_arrears_and_names_itself(
    later: AssistanceHarness,
) -> None:
    harness, bank = later, later.reviewer
    loan = harness.post(bank, "/loans", contract(family(harness)))
    harness.post(bank, f"{loan}/disbursements", money(START, "24000.00", "D-1"))
    harness.post(bank, f"{loan}/repayments", money("2016-03-20", "3220.40", "R-1"))
    before = read(harness, loan)
    harness.advance_to("2017-07-28")
    correction = {"effective_on": START, "rate": "4.7500"}
    for until in ("2016-01-03", START):
        wrong = {**correction, "until": until}
        assert harness.refused(bank, f"{loan}/rate-corrections", wrong) == (409, "loan_rate_ends_before_it_begins")
    harness.post(bank, f"{loan}/rate-corrections", correction)
    found = harness.get(f"{loan}/restatement", as_of="2017-07-27", compared_with="2017-07-27")
    (rate,) = found["learned"]
    assert (rate["type"], found["terms_changed"]) == ("LoanRateCorrected", False)
    figures = {each["figure"]: (each["earlier"], each["later"]) for each in found["figures"]}
    now = read(harness, loan, as_of="2017-07-27")
    assert figures["rate"] == ("4.3500", "4.7500")
    # 76 days of 24,000 at 4.75 % are 240.67: of the first instalment, once paid, 20.27 are overdue since.
    assert (before["overdue_since"], figures["overdue_since"]) == ("2016-06-20", ("2016-06-20", "2016-03-20"))
    for figure in ("arrears", "debt", "penalty", "subsidy_due"):
        assert figures[figure] == (before[figure], now[figure])
        assert Decimal(now[figure]) > Decimal(before[figure])
    assert "subsidy_paid" not in figures
    assert [each["on"] for each in found["instalments"]] == [
        "2016-03-20", "2016-06-20", "2016-09-20", "2016-12-20", "2017-03-20", "2017-06-20", "2017-09-20", "2017-12-20",
    ]  # fmt: skip
    assert found["instalments"][0] == {"on": "2016-03-20", "earlier": "3220.40", "later": "3240.67"}
    quarters = {each["quarter"]: each["amount"] for each in now["subsidies"]}
    assert {each["on"]: each["later"] for each in found["subsidies"]} == quarters
    assert all(Decimal(each["later"]) > Decimal(each["earlier"]) for each in found["subsidies"])
    assert {tuple(each["facts"]) for each in found["movements"]} == {(rate["id"],)}
    elsewhere = harness.running.client_for("reviewer-9", "990002", Role.REVIEWER)
    assert elsewhere.get(f"/assistance{loan}/restatement", compared_with="2017-07-27").status_code == 404


def test_a_paper_that_comes_to_give_less_makes_subsidy_of_the_days_before_overpaid(later: AssistanceHarness) -> None:
    harness, bank, product = later, later.reviewer, f"county_credit_{uuid4().hex[:8]}"

    def paper(edition: str, *shares: tuple[date, date | None, str]) -> dict[str, Any]:
        of = [{"from": first, "to": last, "percent": percent} for first, last, percent in shares]
        return {
            "loan_product": product, "edition": edition, "zh": "试", "en": "trial", "jurisdiction": COUNTY, "source": "试验",
            "in_force": {"from": date(2015, 1, int(edition)), "to": None}, "borrower": "household",
            "uses": [{"use": "own_production", "to": None}], "subsidy": {"on_first": 50_000, "shares": of},
        }  # fmt: skip

    assert adopt(harness, paper("1", (date(2015, 1, 1), date(2016, 12, 31), "100"))).status_code == 201
    loan = harness.post(bank, "/loans", contract(family(harness), product=product))
    harness.post(bank, f"{loan}/disbursements", money(START, "24000.00", "D-1"))
    due = read(harness, loan)["subsidy_due"]
    harness.post(bank, f"{loan}/subsidies", money("2017-07-26", due, "S-1"))
    today = "2017-08-28"
    harness.advance_to(today)
    # More from now on is no less for the days before; less of them is, whoever has been told of it.
    longer = (date(2015, 1, 1), date(2016, 12, 31), "100"), (date(2017, 8, 1), None, "50")
    assert adopt(harness, paper("2", *longer)).status_code == 201
    assert subsidies_to_return(harness, loan, today) == []
    assert adopt(harness, paper("3", (date(2015, 1, 1), date(2016, 6, 30), "100"))).status_code == 201
    now = read(harness, loan)
    over = now["subsidy_overpaid"]
    assert Decimal(over) == Decimal(due) - Decimal(now["subsidy_due"]) > 100
    assert subsidies_to_return(harness, loan, today) == [over]
    harness.post(bank, f"{loan}/subsidy-returns", money(today, over, "B-1"))
    assert subsidies_to_return(harness, loan, today) == []
