"""What a risk fund holds on every day, whatever the order of telling, and how far it covers what is lent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.assistance.loans import LoanAnnulment
from contracts.assistance.risk_funds import RiskFundFact, RiskFundFactsAnnulled, RiskFundPaidIn, RiskFundPaidOut
from contracts.canonical import encode
from contracts.facts import Recorded
from contracts.registry.members import Sex
from contracts.selection import surviving
from services.assistance.loans.risk_funds.domain import decide, fund_of, held, stream_of
from services.chassis.ground.refusals import Refused
from tests.assistance.harness import COUNTY, AssistanceHarness
from tests.assistance.loans.example_requests import START, contract, family, money

TODAY = date(2016, 3, 31)
FUND = fund_of("990001", "poverty_micro_credit")


def common(on: str) -> dict[str, Any]:
    return {
        "fund_id": FUND, "product": "poverty_micro_credit", "division": "990001", "effective_on": date.fromisoformat(on),
        "entered_by": "r-1",
    }  # fmt: skip


def paid_in(on: str, yuan: str, voucher: str = "I") -> RiskFundPaidIn:
    return RiskFundPaidIn(**common(on), amount=Decimal(yuan), voucher=voucher)


def paid_out(on: str, yuan: str, voucher: str = "O") -> RiskFundPaidOut:
    return RiskFundPaidOut(**common(on), amount=Decimal(yuan), voucher=voucher)


def void(on: str, *numbers: int) -> RiskFundFactsAnnulled:
    annuls = tuple(f"assistance/{stream_of(FUND)}/{n}" for n in numbers)
    return RiskFundFactsAnnulled(**common(on), annuls=annuls, reason=LoanAnnulment.TYPED_WRONG)


def told(*facts: RiskFundFact) -> list[Recorded]:
    began = datetime(2016, 1, 1, tzinfo=UTC)
    return [
        Recorded("assistance", n, stream_of(FUND), n, began + timedelta(minutes=n), UUID(int=n), "r-1", fact, encode(fact))
        for n, fact in enumerate(facts, 1)
    ]  # fmt: skip


def refused(before: list[Recorded], new: RiskFundFact, claimed: str = "0") -> str | None:
    try:
        decide(before, new, Decimal(claimed), TODAY)
    except Refused as why:
        return why.rule.code
    return None


def test_nothing_is_taken_out_before_it_was_paid_in_nor_what_bore_a_loss() -> None:
    fed = told(paid_in("2016-03-10", "1000.00"))
    before, on, after = (paid_out(day, "1000.00") for day in ("2016-03-09", "2016-03-10", "2016-03-11"))
    assert [refused(fed, each) for each in (before, on, after)] == ["risk_fund_beyond_balance", None, None]
    assert refused(fed, paid_out("2016-03-11", "1000.01")) == "risk_fund_beyond_balance"
    assert refused(fed, paid_out("2016-03-11", "200.01"), claimed="800.00") == "risk_fund_beyond_balance"
    assert refused(fed, paid_out("2016-03-11", "200.00"), claimed="800.00") is None
    assert refused([], paid_out("2016-03-11", "0.01")) == "risk_fund_beyond_balance"
    assert refused([], void("2016-03-11", 1)) == "risk_fund_not_its_entry"
    # Told late, of a day on which it was there, it must leave each later day something.
    spent = told(paid_in("2016-01-10", "1000.00"), paid_out("2016-03-10", "900.00"))
    assert refused(spent, paid_out("2016-02-10", "100.00", "O-2")) is None
    assert refused(spent, paid_out("2016-02-10", "100.01", "O-2")) == "risk_fund_beyond_balance"


@pytest.mark.parametrize(("day", "code"), [("2016-03-30", None), ("2016-03-31", None), ("2016-04-01", "future_day")])
def test_nothing_is_told_of_tomorrow(day: str, code: str | None) -> None:
    assert refused([], paid_in(day, "1.00")) == code


def test_a_voucher_is_entered_once_and_again_after_it_was_annulled_and_what_stands_again_fits() -> None:
    first = told(paid_in("2016-01-10", "1000.00", "I 1"))
    assert refused(first, paid_in("2016-01-11", "5.00", "i1")) == "risk_fund_voucher_used"
    assert refused(first, paid_out("2016-01-11", "5.00", "i1")) is None
    assert refused(first, void("2016-01-10", 2)) == "risk_fund_not_its_entry"
    again = told(paid_in("2016-01-10", "1000.00", "I 1"), void("2016-01-10", 1), paid_in("2016-01-10", "100.00", "I1"))
    assert held(surviving(again)).balance == Decimal("100.00")
    assert refused(again, void("2016-01-10", 1)) == "risk_fund_not_its_entry"
    assert refused(again, void("2016-01-10", 2)) == "risk_fund_voucher_used"
    spent = told(*(r.fact for r in again), paid_out("2016-02-01", "60.00"))  # type: ignore[arg-type]
    assert refused(spent, void("2016-01-10", 3)) == "risk_fund_beyond_balance"
    both = void("2016-01-10", 3, 4)
    assert refused(spent, both) is None


def test_a_fund_covers_what_is_lent_bears_its_part_and_is_restated_by_what_is_told_late(
    first_day: AssistanceHarness,
) -> None:
    harness, bank = first_day, first_day.decider
    product = "poverty_micro_credit"

    def fund(on: str, amount: str, voucher: str) -> dict[str, Any]:
        return {"product": product, "division": COUNTY, "effective_on": on, "amount": amount, "voucher": voucher}

    def covered(**asked: Any) -> dict[str, Any]:
        found = harness.get("/loans/coverage", **{"division": COUNTY, **asked})
        return next((row for row in found if row["product"] == product), {})

    before = covered()
    one = family(harness, 1970, Sex.MALE)
    loan = harness.post(bank, "/loans", contract(one))
    harness.post(bank, f"{loan}/disbursements", money(START, "24000.00", "D-1"))
    harness.post(bank, f"{loan}/jobs", {"effective_on": START, "jobs": 3})
    harness.post(bank, f"{loan}/jobs", {"effective_on": START, "jobs": 2})
    harness.post(bank, "/loans/risk-fund-payments-in", fund("2016-01-03", "6000.00", "I-1"))
    assert harness.refused(bank, "/loans/risk-fund-payments-in", fund("2016-01-03", "6000.00", "i-1")) == (
        409, "risk_fund_voucher_used",
    )  # fmt: skip
    assert harness.refused(bank, "/loans/risk-fund-payments-out", fund("2016-01-02", "1.00", "O-1")) == (
        409, "risk_fund_beyond_balance",
    )  # fmt: skip
    now = covered()
    was = {name: before.get(name, 0) for name in ("loans", "households", "persons", "jobs", "principal")}
    assert {name: now[name] - was[name] for name in ("loans", "households", "persons", "jobs")} == {
        "loans": 1, "households": 1, "persons": 1, "jobs": 2,
    }  # fmt: skip
    assert Decimal(now["principal"]) - Decimal(was["principal"]) == 24000
    assert (now["paid_in"], now["paid_out"], now["available"]) == ("6000.00", "0.00", "6000.00")
    assert abs(Decimal(now["coverage"]) - Decimal(600000) / Decimal(now["principal"])) <= Decimal("0.005")
    assert covered(as_of="2016-01-02").get("paid_in", "0.00") == "0.00"
    assert covered(as_of="2016-01-03")["paid_in"] == "6000.00"
    entry = now["entries"][0]["fact"]
    bare = {name: value for name, value in fund(START, "1.00", "").items() if name not in ("amount", "voucher")}
    harness.post(bank, "/loans/risk-fund-annulments", {**bare, "facts": [entry], "reason": "typed_wrong"})
    assert (covered()["paid_in"], covered()["available"]) == ("0.00", "0.00")
    # What stands is there to be annulled: the annulment, which restores.
    (void,) = (each for each in harness.get("/loans/risk-fund-facts", division=COUNTY) if each["product"] == product)
    assert (void["type"], void["amount"], void["on"]) == ("RiskFundFactsAnnulled", None, START)
    harness.post(bank, "/loans/risk-fund-annulments", {**bare, "facts": [void["fact"]], "reason": "typed_wrong"})
    standing = harness.get("/loans/risk-fund-facts", division=COUNTY)
    assert [(each["fact"], each["amount"], each["voucher"]) for each in standing if each["amount"]] == [
        (entry, "6000.00", "I-1")
    ]
    assert void["fact"] not in {each["fact"] for each in standing}
    assert covered()["paid_in"] == "6000.00"
    assert covered(division=one.division)["available"] is None
    assert harness.refused(bank, "/loans/risk-fund-payments-in", {**fund(START, "1.00", "I"), "product": "industry_loan"}) == (
        409, "risk_fund_bears_nothing",
    )  # fmt: skip
