"""A valid request for every operation of the staff directory."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from contracts.roles import Role
from tests.casework.directory.staff_books import book
from tests.casework.directory.staff_books import post as post_row
from tests.contracts.seeded_county import COUNTY, TOWNSHIP, VILLAGE, SeededCounty
from tests.contracts.valid_requests import OCTETS, MakeRequest, ValidRequest, reading


def _staff(county: SeededCounty) -> str:
    """The id of a new member."""
    form = {"name": "王某", "accounts": [f"staff-{uuid4().hex[:12]}"], "effective_on": "2014-01-01"}
    return county.post(county.operator, "/registry/staff", form).rpartition("/")[2]


POST = {"role": "cadre", "title": "村支书", "division": VILLAGE, "appointment": "elected", "effective_on": "2014-01-01"}


def _held_post(county: SeededCounty) -> tuple[str, str]:
    """Ids of a member and of the post they hold."""
    staff = _staff(county)
    county.post(county.operator, f"/registry/staff/{staff}/posts", POST)
    return staff, county.operator.get(f"/registry/staff/{staff}").json()["posts"][0]["post_id"]


def _at_staff(form: Mapping[str, Any]) -> MakeRequest:
    return lambda county: ValidRequest(county.operator, {"staff_id": _staff(county)}, form)


def _leaving(county: SeededCounty) -> ValidRequest:
    staff, post = _held_post(county)
    form = {"effective_on": "2014-05-01", "reason": "lost_election"}
    return ValidRequest(county.operator, {"staff_id": staff, "post_id": post}, form)


def _delegation(county: SeededCounty) -> ValidRequest:
    staff, post = _held_post(county)
    away = {"effective_on": "2014-05-01", "until": "2014-05-31"}
    form = {**away, "post_ids": [post], "deputy": _staff(county), "ordered_by": staff}
    return ValidRequest(county.operator, {"staff_id": staff}, form)


def _account_ending(county: SeededCounty) -> ValidRequest:
    staff = _staff(county)
    (account,) = county.operator.get(f"/registry/staff/{staff}").json()["accounts"]
    return ValidRequest(county.operator, {"staff_id": staff}, {"account": account, "effective_on": "2014-05-01"})


def _staff_correction(county: SeededCounty) -> ValidRequest:
    staff, _ = _held_post(county)
    act = county.operator.get(f"/registry/staff/{staff}/facts").json()[-1]["act"]
    form = {"acts": [act], "reason": "误登", "effective_on": "2014-05-01"}
    return ValidRequest(county.operator, {"staff_id": staff}, form)


def _account(county: SeededCounty) -> ValidRequest:
    (account,) = county.operator.get(f"/registry/staff/{_staff(county)}").json()["accounts"]
    return ValidRequest(county.operator, query={"account": account})


def _staff_list() -> bytes:
    number = uuid4().hex[:12]
    return book([(number, "王某", f"staff-{number}", None)], [post_row(number, title="驻村工作队员", division=VILLAGE)])


def _staff_import(county: SeededCounty) -> ValidRequest:
    operator = county.client_for("operator-c", COUNTY, Role.OPERATOR)
    answer = operator.post("/registry/staff/workbooks", content=_staff_list()).json()
    return ValidRequest(operator, {"batch_id": answer["batch_id"]})


def _recertification(county: SeededCounty) -> ValidRequest:
    _, post = _held_post(county)
    form = {"holds": True, "effective_on": "2014-05-01"}
    return ValidRequest(county.county_reviewer, {"post_id": post}, form)


STAFF: Mapping[str, MakeRequest] = {
    "recertify_post": _recertification,
    "list_duties": reading(division=TOWNSHIP),
    "read_duty_calendar": reading(division=TOWNSHIP),
    "assess_duties": reading(division=TOWNSHIP, missed_in_a_row=2),
    "read_staff_template": lambda county: ValidRequest(county.operator),
    "import_staff_list": lambda county: ValidRequest(county.operator, body=_staff_list(), media_type=OCTETS),
    "annotate_staff_list": lambda county: ValidRequest(county.operator, body=_staff_list(), media_type=OCTETS),
    "read_staff_import": _staff_import,
    "find_staff_imports": lambda county: ValidRequest(county.operator, query={"file_sha256": "0" * 64}),
    "assign_staff_number": lambda county: ValidRequest(
        county.operator, {"staff_id": _staff(county)}, {"staff_no": uuid4().hex[:12], "effective_on": "2014-01-01"}
    ),
    "register_staff": lambda county: ValidRequest(
        county.operator,
        body={"name": "王某", "accounts": [f"staff-{uuid4().hex[:12]}"], "effective_on": "2014-01-01"},
    ),
    "link_account": lambda county: ValidRequest(
        county.operator,
        {"staff_id": _staff(county)},
        {"account": f"staff-{uuid4().hex[:12]}", "effective_on": "2014-01-01"},
    ),
    "unlink_account": _account_ending,
    "revoke_tokens": lambda county: ValidRequest(
        county.operator, body={"account": f"staff-{uuid4().hex[:12]}", "reason": "lost"}
    ),
    "assume_post": _at_staff(POST),
    "leave_post": _leaving,
    "record_absence": _at_staff({"effective_on": "2014-05-01", "until": "2014-05-31"}),
    "delegate_posts": _delegation,
    "correct_staff": _staff_correction,
    "list_posts": reading(division=TOWNSHIP),
    "find_account": _account,
    "compare_token": reading(),
    "read_staff": lambda county: ValidRequest(county.operator, {"staff_id": _staff(county)}),
    "list_staff_facts": lambda county: ValidRequest(county.operator, {"staff_id": _staff(county)}),
}
