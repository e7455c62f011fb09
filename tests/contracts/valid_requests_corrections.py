"""A valid request for every operation about corrections and reports."""

from collections.abc import Mapping
from typing import Any

from tests.contracts.seeded_county import FIRST_DAY, SeededCounty, member_form
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading
from tests.support.evidence import on_paper, uploaded

CERTIFICATE = {"evidence": on_paper("certificate")}
BIRTH = {"member": member_form("child", 2014), "reason": "birth"}


def _ended(county: SeededCounty) -> tuple[str, str]:
    """Ids of a household that ended on the first day, and of its last member."""
    household = county.household(members=[member_form("head", 1970)])
    (person,) = county.members(household)
    death = {"effective_on": FIRST_DAY, **CERTIFICATE}
    county.post(county.village, f"/registry/households/{household}/members/{person}/deaths", death)
    return household, person


def _of_ended(form: Mapping[str, Any]) -> MakeRequest:
    def make(county: SeededCounty) -> ValidRequest:
        household, person = _ended(county)
        path = {"household_id": household, "person_id": person}
        return ValidRequest(county.village, path, {"effective_on": county.today, **CERTIFICATE, **form})

    return make


def _report_birth(county: SeededCounty) -> ValidRequest:
    household, _ = _ended(county)
    body = {"effective_on": county.today, **CERTIFICATE, **BIRTH}
    return ValidRequest(county.village, {"household_id": household}, body)


def _reported(county: SeededCounty) -> dict[str, str]:
    request = _report_birth(county)
    household = request.path["household_id"]
    location = county.post(county.village, f"/registry/households/{household}/reported-births", request.body)
    return {"household_id": household, "report_id": location.rpartition("/")[2]}


def _record(county: SeededCounty) -> ValidRequest:
    """Once the household has not ended."""
    path = _reported(county)
    household = f"/registry/households/{path['household_id']}"
    acts = {f["type"]: f["act"] for f in county.village.get(f"{household}/facts").json()}
    annulment = {"effective_on": county.today, "acts": [acts["MemberDied"]], "reason": "误登"}
    county.post(county.village, f"{household}/corrections", annulment)
    return ValidRequest(county.village, path)


def _correction_case(county: SeededCounty) -> ValidRequest:
    household = county.household()
    act = county.village.get(f"/registry/households/{household}/facts").json()[0]["act"]
    basis = uploaded(county.village, kind="correction_basis", subjects=[household])
    body = {
        "subject": household, "procedure": "correction", "on": county.today, "grounds": "登记有误",
        "terms": {"acts": [act]}, "evidence": basis,
    }  # fmt: skip
    return ValidRequest(
        county.village, {"case_id": county.post(county.village, "/registry/cases", body).rpartition("/")[2]}
    )


CORRECTIONS: Mapping[str, MakeRequest] = {
    "report_death": _of_ended({}),
    "report_departure": _of_ended({"reason": "marriage"}),
    "report_birth": _report_birth,
    "record_reported": _record,
    "withdraw_report": lambda county: ValidRequest(county.village, _reported(county)),
    "decline_report": lambda county: ValidRequest(county.county_reviewer, _reported(county), {"reason": "查无此事"}),
    "list_reports": reading(state="open"),
    "read_consequences": _correction_case,
}
