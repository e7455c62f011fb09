"""A valid request for every operation on loans. Loans of organisations: whoever borrows is nobody of the register."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

from contracts.roles import Role
from services.chassis.law.content import canonical_text
from tests.assistance.loans.statement_books import book, line
from tests.contracts.seeded_county import COUNTY, VILLAGE, SeededCounty
from tests.contracts.valid_requests import OCTETS, MakeRequest, ValidRequest, reading, reading_at

NUMBERS = count(1)


def _ahead(county: SeededCounty, days: int) -> str:
    return (date.fromisoformat(county.today) + timedelta(days=days)).isoformat()


def _contract(county: SeededCounty, **otherwise: Any) -> dict[str, Any]:
    form = {
        "effective_on": county.today, "product": "unsecured_farm_finance", "organisation": f"合作社 {uuid4()}", "division": VILLAGE,
        "lender": "县农商行", "contract_no": str(uuid4()), "use": "industry", "principal": "1000.00", "rate": "4.35",
        "method": "bullet", "day_count": "actual_360", "first_due_on": _ahead(county, 90), "period_months": 3,
        "final_on": _ahead(county, 360),
    }  # fmt: skip
    return {**form, **otherwise}


def _loan(county: SeededCounty, **otherwise: Any) -> str:
    location = county.post(county.decider, "/assistance/loans", _contract(county, **otherwise))
    return location.rpartition("/")[2]


def _lent(county: SeededCounty) -> str:
    loan = _loan(county)
    county.post(county.decider, f"/assistance/loans/{loan}/disbursements", _money(county))
    return loan


def _money(county: SeededCounty) -> dict[str, Any]:
    return {"effective_on": county.today, "amount": "100.00", "voucher": str(uuid4())}


def _restatement(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.decider, {"loan_id": _lent(county)}, query={"compared_with": _ahead(county, -1)})


def _at(loan: Callable[[SeededCounty], str], form: Callable[[SeededCounty], dict[str, Any]]) -> MakeRequest:
    return lambda county: ValidRequest(county.decider, {"loan_id": loan(county)}, form(county))


def _product(county: SeededCounty, borrower: str = "organisation") -> str:
    """A product of the county under which everything may happen."""
    key = f"everything_{next(NUMBERS)}"
    text = {
        "loan_product": key, "edition": "1", "zh": "试验贷款", "en": "loan for trials", "jurisdiction": COUNTY, "source": "试验",
        "in_force": {"from": date(2010, 1, 1), "to": None}, "borrower": borrower,
        "uses": [{"use": "industry", "to": None}, {"use": "invested_for_dividend", "to": None}],
        "losses": {"after_days": 1, "fund": 8, "lender": 2}, "extension": {"times": 1, "months": 12},
        "subsidy": {"on_first": 1000, "shares": [{"from": date(2010, 1, 1), "to": None, "percent": "100"}]},
    }  # fmt: skip
    other = county.client_for("operator-2", "", Role.OPERATOR)
    number = county.post(other, "/assistance/documents", {"content": canonical_text(text)}).rpartition("/")[2]
    assert county.operator.post(f"/assistance/documents/{number}/confirmations").status_code == 201
    return key


def _overdue(county: SeededCounty, *, compensated: bool = False) -> str:
    """Lent a year and a half ago for a year, invested for dividend, and never repaid."""
    days = {
        "effective_on": _ahead(county, -500),
        "first_due_on": _ahead(county, -400),
        "final_on": _ahead(county, -140),
    }
    loan = _loan(county, product=_product(county), use="invested_for_dividend", **days)
    lent = {**_money(county), "effective_on": days["effective_on"]}
    county.post(county.decider, f"/assistance/loans/{loan}/disbursements", lent)
    if compensated:
        county.post(county.decider, f"/assistance/loans/{loan}/compensations", _compensation(county))
    return loan


def _overpaid(county: SeededCounty) -> str:
    """The subsidy of the months behind was paid; then the rate turned out to be lower."""
    loan = _overdue(county)
    due = county.decider.get(f"/assistance/loans/{loan}").json()["subsidy_due"]
    county.post(county.decider, f"/assistance/loans/{loan}/subsidies", {**_money(county), "amount": due})
    lower = {"effective_on": _ahead(county, -500), "rate": "1"}
    county.post(county.decider, f"/assistance/loans/{loan}/rate-corrections", lower)
    return loan


def _compensation(county: SeededCounty) -> dict[str, Any]:
    return {"effective_on": county.today, "voucher": str(uuid4())}


def _eligibility(county: SeededCounty) -> ValidRequest:
    person = county.pupils[0]
    return ValidRequest(county.decider, query={"person_id": person, "product": "womens_micro_loan"})


def _annulment(county: SeededCounty) -> ValidRequest:
    loan = _lent(county)
    entries = county.decider.get(f"/assistance/loans/{loan}").json()["entries"]
    form = {"effective_on": county.today, "facts": [entries[0]["fact"]], "reason": "typed_wrong"}
    return ValidRequest(county.decider, {"loan_id": loan}, form)


def _review(county: SeededCounty) -> ValidRequest:
    """The borrower, the spouse of the head, died after the contract."""
    household = county.household()
    person = county.members(household)[1]
    county.wait_for_services()
    whose = {"organisation": None, "household_id": household, "person_id": person}
    loan = _loan(county, product=_product(county, "household"), **whose)
    death = {"effective_on": county.today}
    county.post(county.village, f"/registry/households/{household}/members/{person}/deaths", death)
    county.wait_for_services()
    (review,) = county.decider.get(f"/assistance/loans/{loan}").json()["reviews"]
    form = {"effective_on": county.today, "review": review["review"], "outcome": "borne"}
    return ValidRequest(county.decider, {"loan_id": loan}, form)


def _statement(county: SeededCounty) -> bytes:
    """One part is paid out."""
    number = str(uuid4())
    _loan(county, contract_no=number)
    return book(line(number, "放款", "100.00", "D-1", 日期=county.today))


def _statement_import(county: SeededCounty) -> ValidRequest:
    answer = county.decider.post("/assistance/loan-statements/workbooks", content=_statement(county)).json()
    return ValidRequest(county.decider, {"batch_id": answer["batch_id"]})


def _fund(county: SeededCounty, product: str | None = None, amount: str = "100.00") -> dict[str, Any]:
    return {
        "product": product or _product(county), "division": COUNTY, "effective_on": county.today, "amount": amount,
        "voucher": str(uuid4()),
    }  # fmt: skip


def _fed(county: SeededCounty) -> str:
    """A product into whose fund was paid a moment ago."""
    product = _product(county)
    county.post(county.decider, "/assistance/loans/risk-fund-payments-in", _fund(county, product))
    return product


def _paid_out(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.decider, body=_fund(county, _fed(county), "1.00"))


def _fund_annulment(county: SeededCounty) -> ValidRequest:
    product = _fed(county)
    found: list[dict[str, Any]] = county.decider.get(f"/assistance/loans/coverage?division={COUNTY}").json()
    fact = next(row for row in found if row["product"] == product)["entries"][0]["fact"]
    fund = {"product": product, "division": COUNTY, "effective_on": county.today}
    return ValidRequest(county.decider, body={**fund, "facts": [fact], "reason": "typed_wrong"})


LOANS: Mapping[str, MakeRequest] = {
    "contract_loan": lambda county: ValidRequest(county.decider, body=_contract(county)),
    "disburse_loan": _at(_loan, _money),
    "repay_loan": _at(_lent, _money),
    "correct_loan_rate": _at(_lent, lambda county: {"effective_on": county.today, "rate": "4.75"}),
    "extend_loan": _at(
        lambda county: _loan(county, product=_product(county)),
        lambda county: {"effective_on": county.today, "final_on": _ahead(county, 400)},
    ),
    "compensate_loan": _at(_overdue, _compensation),
    "recover_loan": _at(partial(_overdue, compensated=True), lambda county: {**_money(county), "amount": "1.00"}),
    "pay_loan_subsidy": _at(_overdue, lambda county: {**_money(county), "amount": "0.01"}),
    "return_loan_subsidy": _at(_overpaid, lambda county: {**_money(county), "amount": "0.01"}),
    "pay_loan_dividend": _at(_overdue, _money),
    "report_loan_jobs": _at(_lent, lambda county: {"effective_on": county.today, "jobs": 5}),
    "decide_loan_review": _review,
    "annul_loan_entries": _annulment,
    "read_statement_template": lambda county: ValidRequest(county.decider),
    "import_bank_statement": lambda county: ValidRequest(county.decider, body=_statement(county), media_type=OCTETS),
    "annotate_bank_statement": lambda county: ValidRequest(county.decider, body=_statement(county), media_type=OCTETS),
    "find_bank_statements": lambda county: ValidRequest(county.decider, query={"file_sha256": "0" * 64}),
    "read_statement_import": _statement_import,
    "read_loan_eligibility": _eligibility,
    "list_loans": reading(division=COUNTY),
    "read_loan_portfolio": reading(division=COUNTY),
    "pay_into_risk_fund": lambda county: ValidRequest(county.decider, body=_fund(county)),
    "pay_out_of_risk_fund": _paid_out,
    "annul_risk_fund_entries": _fund_annulment,
    "list_risk_fund_facts": reading(division=COUNTY),
    "read_loan_coverage": reading(division=COUNTY),
    "read_loan": reading_at("decider", loan_id=_lent),
    "read_loan_schedule": reading_at("decider", loan_id=_lent),
    "read_loan_restatement": _restatement,
}
