"""What was received while a notice was hanging is entered after the timer has closed it, over HTTP."""

from typing import Any

from tests.registry.households.example_requests import member_body, status_and_code
from tests.registry.households.example_villages import VOTE, Village, step
from tests.support.eventually import eventually

HEARD = {"upheld": False, "finding": "查无此事"}


def closed_by_the_timer(village: Village, case: str) -> bool:
    return eventually(lambda: bool(village.cadre.get(case).json()["due"] == "township_review"))


def notice_of_second_february(village: Village) -> str:
    """Its last day is the 9th; entered in June, so that the timer closes it as soon as it is told."""
    household = village.household("2018-01-10", members=[member_body("head")])
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    step(village.cadre, case, "visits", "2018-02-01", confirmed=True)
    step(village.cadre, case, "appraisals", "2018-02-01", **VOTE)
    step(village.cadre, case, "notices", "2018-02-02")
    assert closed_by_the_timer(village, case)
    return case


def review(village: Village, case: str, on: str) -> Any:
    return village.township_reviewer.post(f"{case}/reviews", {"on": on, "outcome": "passed"})


def object_(village: Village, case: str, on: str) -> Any:
    return village.cadre.post(f"{case}/objections", {"on": on, "text": "收入不实"})


def test_an_objection_of_the_last_day_reopens_the_notice_and_the_timer_closes_it_again(village: Village) -> None:
    case = notice_of_second_february(village)
    acts = {act["act"] for act in village.cadre.get(f"{case}/steps").json()["acts"]}
    assert "raise_objection" in acts
    assert status_and_code(object_(village, case, "2018-02-10")) == (409, "objection_after_notice")
    assert object_(village, case, "2018-02-09").status_code == 201
    found = village.cadre.get(case).json()
    assert (found["due"], found["notice_ends"], found["objections"]) == ("village_notice", None, 1)
    step(village.township, case, "objections/1/resolutions", "2018-02-09", **HEARD)
    assert closed_by_the_timer(village, case)
    assert status_and_code(review(village, case, "2018-02-09")) == (409, "day_before_former_step")
    assert review(village, case, "2018-02-10").status_code == 201


def test_a_notice_posted_anew_on_the_day_of_the_first_ends_on_the_same_day(village: Village) -> None:
    case = notice_of_second_february(village)
    step(village.cadre, case, "returns", "2018-02-02", back_to="village_notice", reason="名单有误")
    step(village.cadre, case, "notices", "2018-02-02")
    assert closed_by_the_timer(village, case)
    assert review(village, case, "2018-02-10").status_code == 201


def test_once_the_review_is_taken_the_case_goes_back_to_the_notice(village: Village) -> None:
    case = notice_of_second_february(village)
    assert review(village, case, "2018-02-10").status_code == 201
    refused = object_(village, case, "2018-02-09")
    assert status_and_code(refused) == (409, "objection_overtaken")
    back = refused.json()["next"][0]
    assert (back["act"], back["path"], back["form"]) == (
        "return_case",
        f"{case}/returns",
        {"back_to": "village_notice"},
    )
    step(village.township, case, "returns", "2018-02-10", reason="公示期内有异议", **back["form"])
    step(village.cadre, case, "notices", "2018-02-11")
    assert object_(village, case, "2018-02-11").status_code == 201
