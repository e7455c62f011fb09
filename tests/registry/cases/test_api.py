"""A case over HTTP is where its household is: the area in which that lives today acts on it, whatever becomes of the
household."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import member_body, member_ids, move_accepted, status_and_code
from tests.registry.households.example_villages import (
    DOCUMENT,
    MINUTES,
    TODAY,
    VOTE,
    Village,
    act_of,
    annul,
    done,
    id_of,
    registry_of_2018,
    step,
)
from tests.support.eventually import eventually
from tests.support.running import ApiClient

NOT_FOUND = (404, "not_found")


def visited_case(village: Village, household: str) -> str:
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    step(village.cadre, case, "visits", "2018-02-01", confirmed=True)
    return case


def move(household: str, on: str, former: Village, there: Village) -> None:
    body = {"effective_on": on, "from_division": former.code, "to_division": there.code}
    move_accepted(former.cadre, there.cadre, household, body)


def correct_village(household: str, former: Village, there: Village) -> None:
    members = [member_body("head", 1970, person_id=person) for person in member_ids(former.cadre, household)]
    body = {"division": there.code, "effective_on": "2018-01-10", "members": members}
    done(former.township.post(f"{household}/recordings", body))


def case_of(who: ApiClient, case: str) -> dict[str, Any]:
    answer = who.get(case)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def listed(who: ApiClient, **params: Any) -> list[tuple[str, str]]:
    return [(c["case_id"], c["division"]) for c in who.get("/registry/cases", **params).json()["items"]]


def lone_household(village: Village) -> str:
    return village.household("2018-01-10", members=[member_body("head")])


@pytest.mark.parametrize("how", ["moved", "corrected"])
def test_a_case_goes_on_where_its_household_lives(village: Village, there: Village, how: str) -> None:
    household = lone_household(village)
    case = visited_case(village, household)
    if how == "moved":
        move(household, "2018-03-01", village, there)
    else:
        correct_village(household, village, there)
    vote = {"on": "2018-03-02", **VOTE}
    assert status_and_code(village.cadre.post(f"{case}/appraisals", vote)) == NOT_FOUND
    assert status_and_code(village.cadre.post(f"{case}/withdrawals", {"on": "2018-03-02"})) == NOT_FOUND
    done(there.cadre.post(f"{case}/appraisals", vote))
    step(there.cadre, case, "notices", "2018-03-02")
    step(there.township_reviewer, case, "reviews", "2018-03-10", outcome="passed")
    step(there.township, case, "notices", "2018-03-10")
    step(there.county_reviewer, case, "comparisons", "2018-03-18", clean=True, departments=["民政局"])
    step(there.decider, case, "decisions", "2018-03-19", **DOCUMENT)
    step(there.county_reviewer, case, "announcements", "2018-03-20")
    assert there.totals(TODAY) == {"registered": (1, 1)}
    assert village.totals(TODAY) == {}


def test_a_case_is_listed_where_its_household_lives_and_read_elsewhere_as_it_was_then(
    village: Village, there: Village
) -> None:
    household = lone_household(village)
    case = visited_case(village, household)
    move(household, "2018-03-01", village, there)
    done(there.cadre.post(f"{case}/appraisals", {"on": "2018-03-02", **VOTE}))
    assert (listed(village.cadre), listed(there.cadre)) == ([], [(id_of(case), there.code)])
    assert listed(there.township, division=there.code) == [(id_of(case), there.code)]
    then, now = case_of(village.cadre, case), case_of(there.cadre, case)
    assert (then["division"], then["due"], then["latest_on"]) == (village.code, "appraisal", "2018-02-01")
    assert (now["division"], now["due"], now["latest_on"]) == (there.code, "village_notice", "2018-03-02")


def test_the_list_is_narrowed_to_what_is_asked_and_read_page_by_page(village: Village, there: Village) -> None:
    ended, moved, stays = (visited_case(village, lone_household(village)) for _ in range(3))
    step(village.cadre, ended, "withdrawals", "2018-02-02")
    move(f"/registry/households/{case_of(village.cadre, moved)['household_id']}", "2018-03-01", village, there)
    here = {id_of(case) for case in (ended, stays)}
    for asked, found in (
        ({"open": "true"}, {id_of(stays)}),
        ({"open": "false"}, {id_of(ended)}),
        ({"procedure": "identification"}, here),
        ({"procedure": "exit"}, set()),
    ):
        assert {case for case, _ in listed(village.cadre, **asked)} == found, asked
    pages, cursor = list[str](), None
    while cursor is not None or not pages:
        page = village.cadre.get("/registry/cases", limit=1, **({"cursor": cursor} if cursor else {})).json()
        pages, cursor = [*pages, *(c["case_id"] for c in page["items"])], page["next"]
    assert pages == sorted(here)


def test_an_area_that_the_household_left_before_the_case_was_opened_does_not_read_it(
    village: Village, there: Village
) -> None:
    household = lone_household(village)
    move(household, "2018-01-20", village, there)
    case = visited_case(there, household)
    assert status_and_code(village.cadre.get(case)) == NOT_FOUND


def test_a_new_household_s_case_follows_it_out_of_the_village_of_the_old_one(village: Village, there: Village) -> None:
    household = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    new = village.split(household, "2018-01-20", spouse, child)
    case = visited_case(village, new)
    move(household, "2018-01-15", village, there)  # before the split: the new household came along
    assert status_and_code(village.cadre.post(f"{case}/withdrawals", {"on": "2018-03-02"})) == NOT_FOUND
    assert listed(there.cadre) == [(id_of(case), there.code)]
    assert case_of(village.cadre, case)["due"] == "appraisal"
    step(there.cadre, case, "withdrawals", "2018-03-02")


def test_the_case_of_a_household_none_of_whose_facts_stands_is_where_that_lived_last(
    village: Village, there: Village
) -> None:
    household = lone_household(village)
    case = visited_case(village, household)
    move(household, "2018-03-01", village, there)
    acts = [act_of(there.cadre, household, kind) for kind in ("HouseholdRecorded", "HouseholdMoved")]
    done(annul(there.cadre, household, *acts))
    assert (listed(village.cadre), listed(there.cadre)) == ([], [(id_of(case), there.code)])
    assert status_and_code(village.cadre.post(f"{case}/withdrawals", {"on": "2018-03-02"})) == NOT_FOUND
    step(there.cadre, case, "withdrawals", "2018-03-02")
    assert case_of(there.cadre, case)["outcome"] == "withdrawn"
    assert case_of(village.cadre, case)["outcome"] is None


def test_the_case_of_a_household_none_of_whose_facts_stands_is_returned_objected_to_and_withdrawn(
    village: Village,
) -> None:
    household = lone_household(village)
    recording = act_of(village.cadre, household, "HouseholdRecorded")
    case = visited_case(village, household)
    step(village.cadre, case, "appraisals", "2018-02-02", **VOTE)
    step(village.cadre, case, "notices", "2018-02-02")
    done(annul(village.cadre, household, recording))
    step(village.cadre, case, "objections", "2018-02-03", text="查无此户")
    step(village.township, case, "objections/1/resolutions", "2018-02-04", upheld=False, finding="待核实")
    review = {"on": "2018-02-12", "outcome": "passed"}
    refused = village.township_reviewer.post(f"{case}/reviews", review)
    assert status_and_code(refused) == (409, "subject_not_on_record")
    step(village.township_reviewer, case, "returns", "2018-02-12", back_to="appraisal", reason="重新评议")
    assert case_of(village.cadre, case)["due"] == "appraisal"
    step(village.cadre, case, "withdrawals", "2018-02-13")
    done(annul(village.cadre, household, act_of(village.cadre, household, "FactsAnnulled")))
    village.enrol(household, "2018-03-20")  # no case is open any more
    assert village.totals(TODAY) == {"registered": (1, 1)}


def test_a_decided_case_whose_effect_is_refused_as_things_are_is_closed_by_the_county(village: Village) -> None:
    """Else it could be neither announced nor ended, and no other case were ever opened for the household."""
    household = lone_household(village)
    case = visited_case(village, household)
    step(village.cadre, case, "appraisals", "2018-02-01", **VOTE)
    step(village.cadre, case, "notices", "2018-02-01")
    step(village.township_reviewer, case, "reviews", "2018-02-09", outcome="passed")
    step(village.township, case, "notices", "2018-02-09")
    step(village.county_reviewer, case, "comparisons", "2018-02-17", clean=True, departments=["民政局"])
    step(village.decider, case, "decisions", "2018-02-17", **DOCUMENT)
    withdrawal = {"on": "2018-02-20"}
    assert status_and_code(village.cadre.post(f"{case}/withdrawals", withdrawal)) == (409, "case_already_decided")
    # It turns out that the household came later than it was decided about.
    members = [member_body("head", 1970, person_id=person) for person in member_ids(village.cadre, household)]
    corrected = {"division": village.code, "effective_on": "2018-02-18", "members": members}
    done(village.township.post(f"{household}/recordings", corrected))
    announced = village.county_reviewer.post(f"{case}/announcements", {"on": "2018-02-20"})
    assert status_and_code(announced) == (409, "effect_cannot_stand")
    assert announced.json()["facts"]["because"]["code"] == "household_not_yet_recorded"
    assert [step["act"] for step in announced.json()["next"]] == ["correct_recording", "close_case"]
    assert status_and_code(village.cadre.post(f"{case}/withdrawals", withdrawal)) == (409, "case_already_decided")
    step(village.decider, case, "closings", "2018-02-20", reason="建档日期有误", evidence=MINUTES)
    village.open_case(village.cadre, household, "identification", "2018-02-20")


def test_a_notice_ends_by_the_calendar_though_none_of_the_household_s_facts_stands(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    with registry_of_2018(database, tmp_path) as running:
        village = Village(running)
        household = lone_household(village)
        case = village.open_case(village.cadre, household, "identification", "2018-05-30")
        step(village.cadre, case, "visits", "2018-05-30", confirmed=True)
        step(village.cadre, case, "appraisals", "2018-05-30", **VOTE)
        step(village.cadre, case, "notices", "2018-05-30")
        done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
        assert case_of(village.cadre, case)["notice_ends"] == "2018-06-07"
        clock = {"to": "2018-06-07T00:00:00+08:00"}
        done(running.client_for("operator-1", "", Role.OPERATOR).post("/registry/clock/steps", clock))
        eventually(lambda: case_of(village.cadre, case)["due"] == "township_review")
        assert running.services["registry"].timers.failing == 0
        step(village.cadre, case, "withdrawals", "2018-06-07")
