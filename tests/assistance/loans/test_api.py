"""Loans through the running service: a poverty micro-loan with a late instalment and a reversal, limits, uses and terms."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.assistance.access import ACCESS
from services.assistance.loans.inbox_source import LoanInbox
from services.casework.inbox.entries import Asked
from services.chassis.law.content import canonical_text
from services.chassis.security.actor import Actor
from tests.assistance.harness import (
    COUNTY,
    VILLAGE,
    AssistanceHarness,
    assistance_harness,
)
from tests.assistance.loans.example_requests import START, contract, family, money, read

CERTIFICATE = [{"kind": "certificate", "held_on_paper": True}]


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("loans"), START) as started:
        yield started


@pytest.fixture(scope="module")
def later(harness: AssistanceHarness) -> AssistanceHarness:
    """On the second day after investment for dividend has ended."""
    harness.advance_to("2017-07-27")
    return harness


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


def test_a_micro_loan_with_a_late_instalment_and_a_reversal(harness: AssistanceHarness) -> None:
    """M165, R30, B44: what is overdue on a day as known on another."""
    bank = harness.reviewer
    loan = harness.post(bank, "/loans", contract(family(harness)))
    harness.post(bank, f"{loan}/disbursements", money(START, "24000.00", "D-1"))
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
        found = harness.get("/loans", division=COUNTY, **asked)["items"]
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
        proposed = harness.operator.post("/assistance/documents", {"content": canonical_text(text)})
        if proposed.status_code != 201:
            return proposed
        second = harness.running.client_for("operator-2", "", Role.OPERATOR)
        return second.post(f"{proposed.headers['Location']}/confirmations")

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

    def corrected(answer: Any) -> Any:
        assert answer.status_code == 201, answer.text
        return [(each["code"], each["facts"]["amount"]) for each in answer.json()["warnings"]]

    lower = bank.post(
        f"/assistance/loans/{loan.rpartition('/')[2]}/rate-corrections", {"effective_on": START, "rate": "2"}
    )
    assert corrected(lower) == [], "by today more is due than was paid"
    now = read(harness, loan, as_of="2016-09-01")
    over = Decimal(now["subsidy_overpaid"])
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
    harness.post(bank, f"{loan}/subsidy-returns", money("2017-07-02", left, "B-3"))
    last = read(harness, loan)
    assert (last["subsidy_due"], last["subsidy_overpaid"], last["subsidy_returned"]) == ("0.00", "0.00", due)
    assert {Decimal(each["balance"]) for each in last["balances"]} <= {Decimal(0)}


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
