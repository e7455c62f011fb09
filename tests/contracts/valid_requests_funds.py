"""A valid request for every operation on funds. They are used for a programme, which needs no project."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contracts.seeded_county import COUNTY, SeededCounty
from tests.contracts.seeded_projects import DECIDED
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading, reading_at
from tests.support.evidence import on_paper

USE = {"programme": "yulu"}
SOME = {"sum": "1000", "money_unit": "yuan"}
POSTED = {"use": USE, "place": "村务公开栏", "evidence": on_paper("notice_photo")}


def _fund_form(county: SeededCounty, year: int = 2014) -> dict[str, Any]:
    return {
        "effective_on": f"{year}-04-20", "division": COUNTY, "title": "雨露计划资金", "source": "county", "source_label": "县财政",
        "level": "county", "document_no": f"县财〔2014〕{county.new_item_code()}号", "year": year, "purposes": ["yulu"],
        "promised": {"sum": "10", "money_unit": "wan_yuan"}, "due_on": f"{year}-12-31", "village_fund": True,
    }  # fmt: skip


def _voucher(county: SeededCounty) -> str:
    return f"记-{county.new_item_code()}"


def _fund(county: SeededCounty, *acts: str) -> str:
    """A new fund with these acts; its id."""
    fund = county.post(county.decider, "/monitoring/funds", _fund_form(county))
    for act in ("receipts", *acts):
        form = {"effective_on": "2014-04-20", **ACTS[act](county)}
        county.post(county.decider, f"{fund}/{act}", form)
    return fund.rpartition("/")[2]


def _of_last_year(county: SeededCounty) -> str:
    """A fund of 2013; its id."""
    return county.post(county.decider, "/monitoring/funds", _fund_form(county, 2013)).rpartition("/")[2]


def _moved(county: SeededCounty) -> dict[str, Any]:
    return {"moved": SOME, "use": USE}


def _by_voucher(county: SeededCounty) -> dict[str, Any]:
    return {**_moved(county), "voucher": _voucher(county)}


def _allocated(county: SeededCounty) -> dict[str, Any]:
    decision = {**DECIDED, "decided_on": "2014-04-20"}
    return {"moved": {"sum": "5000", "money_unit": "yuan"}, "use": USE, "decision": decision}


ACTS: Mapping[str, Callable[[SeededCounty], dict[str, Any]]] = {
    "receipts": lambda county: {"moved": {"sum": "9000", "money_unit": "yuan"}, "voucher": _voucher(county)},
    "allocations": _allocated,
    "use-notices": lambda _: {**POSTED, "until": "2014-04-25"},
    "reservations": lambda _: {"moved": {"sum": "4000", "money_unit": "yuan"}, "use": USE},
    "payments": lambda county: {
        "effective_on": "2014-05-02", **_by_voucher(county), "retained": {"sum": "100", "money_unit": "yuan"},
    },
}  # fmt: skip
TO_PAY = ("allocations", "use-notices", "reservations")
PAID = (*TO_PAY, "payments")


def _act(form: Callable[[SeededCounty], dict[str, Any]], *before: str) -> MakeRequest:
    return lambda county: ValidRequest(
        county.decider, {"fund_id": _fund(county, *before)}, {"effective_on": "2014-05-05", **form(county)}
    )


def _annulment(county: SeededCounty) -> ValidRequest:
    fund = _fund(county)
    form = {"effective_on": "2014-05-05", "annuls": [f"monitoring/fund-{fund}/2"], "reason": "误填"}
    return ValidRequest(county.decider, {"fund_id": fund}, form)


FUNDS: Mapping[str, MakeRequest] = {
    "declare_fund": lambda county: ValidRequest(county.decider, body=_fund_form(county)),
    "receive_fund": _act(lambda county: {"moved": SOME, "voucher": _voucher(county)}),
    "allocate_fund": _act(_allocated),
    "withdraw_allocation": _act(_moved, "allocations"),
    "post_fund_use": _act(lambda _: {**POSTED, "until": "2014-06-30"}),
    "reserve_quota": _act(_moved, "allocations"),
    "release_quota": _act(_moved, "allocations", "reservations"),
    "pay_from_fund": _act(_by_voucher, *TO_PAY),
    "pay_retention": _act(
        lambda county: {**_by_voucher(county), "moved": {"sum": "100", "money_unit": "yuan"}}, *PAID
    ),
    "return_payment": _act(
        lambda county: {**_by_voucher(county), "moved": {"sum": "500", "money_unit": "yuan"}}, *PAID
    ),
    "cut_pledge": _act(lambda _: {"moved": SOME, "reason": "上级核减"}),
    "return_fund": _act(lambda county: {"moved": SOME, "voucher": _voucher(county)}),
    "close_fund_year": lambda county: ValidRequest(
        county.decider, {"fund_id": _of_last_year(county)}, {"effective_on": county.today, "year": 2013}
    ),
    "post_fund_accounts": lambda county: ValidRequest(
        county.decider, {"fund_id": _of_last_year(county)},
        {
            "effective_on": county.today, "year": 2013, "half": "second", "checked_by": "理财小组", "until": "2014-06-30",
            "evidence": on_paper("minutes"),
        },
    ),
    "report_treasury_voucher": _act(lambda county: {"moved": SOME, "voucher": _voucher(county)}),
    "annul_fund_acts": _annulment,
    "file_fund_report": lambda county: ValidRequest(
        county.decider, {"fund_id": _of_last_year(county)},
        {
            "effective_on": county.today, "period_from": "2013-10-01", "period_to": "2013-12-31", "reported_to": "县扶贫办",
            "evidence": on_paper("minutes"),
        },
    ),
    "list_village_fund_floors": reading(year=2014),
    "list_missing_fund_reports": reading(division=COUNTY),
    "list_funds": reading(division=COUNTY),
    "read_fund": reading_at("auditor", fund_id=_fund),
    "read_trial_balance": reading(division=COUNTY),
    "list_execution": reading(by="fund"),
    "list_programme_payments": reading(only_waiting=True),
    "list_fund_floors": reading(year=2014),
    "read_matching": reading_at("auditor", project_id=lambda county: county.projects.at_work()),
}  # fmt: skip
