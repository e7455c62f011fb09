"""A valid request for every operation on work."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from contracts.roles import Role
from services.chassis.law.content import canonical_text
from tests.contracts.seeded_county import COUNTY, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading, reading_at

NUMBERS = count(1)
EMPLOYMENT_PATH = "/assistance/employment"


def _day(county: SeededCounty, days: int) -> str:
    return (date.fromisoformat(county.today) + timedelta(days=days)).isoformat()


def _kind(county: SeededCounty) -> str:
    """A kind of the county in which everything may happen, as often as one likes."""
    key = f"everything_{next(NUMBERS)}"
    text = {
        "post_kind": key, "edition": "1", "zh": "试验岗位", "en": "post for trials", "jurisdiction": COUNTY, "source": "试验",
        "in_force": {"from": date(2010, 1, 1), "to": None}, "full_time": False, "public_post": True,
    }  # fmt: skip
    other = county.client_for("operator-2", "", Role.OPERATOR)
    number = county.post(other, "/assistance/documents", {"content": canonical_text(text)}).rpartition("/")[2]
    assert county.operator.post(f"/assistance/documents/{number}/confirmations").status_code == 201
    return key


def _person(county: SeededCounty) -> str:
    return county.pupils[0]


def _of_person(county: SeededCounty) -> str:
    return f"{EMPLOYMENT_PATH}/persons/{_person(county)}"


def _offer_form(county: SeededCounty) -> dict[str, Any]:
    return {
        "effective_on": county.today, "post_kind": _kind(county), "division": COUNTY, "employer": "县电机厂", "job_title": "装配工",
        "places": 3,
    }  # fmt: skip


def _offer(county: SeededCounty) -> str:
    return county.post(county.decider, f"{EMPLOYMENT_PATH}/offers", _offer_form(county)).rpartition("/")[2]


def _placement_form(county: SeededCounty) -> dict[str, Any]:
    return {"effective_on": county.today, "post_kind": _kind(county), "employer": "县电机厂"}


def _placed(county: SeededCounty, **otherwise: Any) -> dict[str, Any]:
    """The common fields of what is told of a new placement today."""
    form = {**_placement_form(county), "effective_on": county.today, "destination": "宁波", **otherwise}
    answer = county.decider.post(f"{_of_person(county)}/placements", form)
    assert answer.status_code == 201, answer.text
    found = county.decider.get(_of_person(county)).json()["placements"]
    of_kind = next(p for p in found if p["post_kind"] == form["post_kind"])
    return {"effective_on": county.today, "placement_id": of_kind["placement_id"]}


def _handed_over(county: SeededCounty) -> dict[str, Any]:
    form = _placed(county)
    county.post(county.decider, f"{_of_person(county)}/hand-overs", {**form, "to_organisation": "宁波市总工会"})
    return form


def _telling(placed: Callable[[SeededCounty], dict[str, Any]], **more: Any) -> MakeRequest:
    return lambda county: ValidRequest(county.decider, {"person_id": _person(county)}, {**placed(county), **more})


def _month(county: SeededCounty, **more: Any) -> ValidRequest:
    """The month before this one, of somebody who was placed in it."""
    month = date.fromisoformat(county.today).replace(day=1) - timedelta(days=1)
    form = _placed(county, effective_on=month.replace(day=20).isoformat())
    told = {**form, "month": month.replace(day=1).isoformat(), **more}
    return ValidRequest(county.decider, {"person_id": _person(county)}, told)


def _annulment(county: SeededCounty) -> ValidRequest:
    _placed(county)
    person = _person(county)
    told = county.decider.get(_of_person(county)).json()["placements"]
    form = {"effective_on": county.today, "facts": [f"assistance/work-{person}/{len(told)}"], "reason": "误录入"}
    return ValidRequest(county.decider, {"person_id": person}, form)


def _kept(county: SeededCounty) -> ValidRequest:
    form = _placed(county, effective_on=_day(county, -31))
    return ValidRequest(county.decider, {"person_id": _person(county)}, {**form, "months": 1})


def _worker(county: SeededCounty) -> str:
    _placed(county)
    return _person(county)


EMPLOYMENT: Mapping[str, MakeRequest] = {
    "offer_job": lambda county: ValidRequest(county.decider, body=_offer_form(county)),
    "close_job_offer": lambda county: ValidRequest(
        county.decider, {"offer_id": _offer(county)}, {"effective_on": county.today, "reason": "招满"}
    ),
    "match_job": lambda county: ValidRequest(
        county.decider,
        {"person_id": _person(county)},
        {"effective_on": county.today, "offer_id": _offer(county)},
    ),
    "place_worker": lambda county: ValidRequest(
        county.decider, {"person_id": _person(county)}, _placement_form(county)
    ),
    "end_placement": _telling(_placed, reason="other_job"),
    "start_business": lambda county: ValidRequest(
        county.decider,
        {"person_id": _person(county)},
        {"effective_on": county.today, "business": "刺绣作坊", "trade": "刺绣", "jobs": 2},
    ),
    "annul_work_entries": _annulment,
    "keep_placement": _kept,
    "attend_post": lambda county: _month(county, days=5),
    "report_wage": lambda county: _month(county, amount="2400.00"),
    "assign_work_tutor": _telling(_placed, tutor="高级技工"),
    "hand_worker_over": _telling(_placed, to_organisation="宁波市总工会"),
    "accept_hand_over": _telling(_handed_over, contact="困难职工帮扶中心"),
    "list_placements": reading(division=COUNTY),
    "list_job_offers": reading(division=COUNTY),
    "list_job_candidates": lambda county: ValidRequest(county.decider, {"offer_id": _offer(county)}),
    "list_several_posts": reading(division=COUNTY),
    "read_employment_totals": reading(division=COUNTY),
    "read_household_wages": reading_at("decider", household_id=lambda county: county.registered[0]),
    "read_work": reading_at("decider", person_id=_worker),
}
