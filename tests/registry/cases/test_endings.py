"""No case is a dead end: nothing is decided whose effect could not stand, and what cannot go on is closed by the county, with a
reason and a paper."""

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import TOWNSHIP, member_body, status_and_code
from tests.registry.households.example_villages import (
    DOCUMENT,
    MINUTES,
    VOTE,
    Village,
    act_of,
    annul,
    done,
    step,
)
from tests.support.running import ApiClient, Lika

CLOSING = {"reason": "无法继续办理", "evidence": MINUTES}


def registered(village: Village) -> str:
    household = village.household("2017-01-10", members=[member_body("head")])
    village.enrol(household, "2017-02-20")
    return household


def close(who: ApiClient, case: str, on: str) -> None:
    step(who, case, "closings", on, **CLOSING)


def acts_next(answer: object) -> list[str]:
    return [each["act"] for each in answer.json()["next"]]  # type: ignore[attr-defined]


def exit_before_its_decision(village: Village, household: str, begun: str, reviewed: str) -> str:
    case = village.open_case(village.cadre, household, "exit", begun)
    step(village.cadre, case, "appraisals", begun, **VOTE)
    step(village.cadre, case, "visits", begun, confirmed=True)
    step(village.cadre, case, "consents", begun, agreed=True)
    step(village.cadre, case, "notices", begun)
    step(village.township_reviewer, case, "reviews", reviewed, outcome="passed")
    return case


def test_an_exit_is_not_decided_with_days_before_a_later_exit(village: Village) -> None:
    """Else every step were accepted, the announcement refused, and the household could never be handled again."""
    household = registered(village)
    village.exit(household, "2018-03-20")
    case = exit_before_its_decision(village, household, "2018-01-02", "2018-01-10")
    decision = {"on": "2018-01-11", **DOCUMENT}
    tried = village.decider.post(f"{case}/decisions", decision, params={"dry_run": True}).json()["refused"]
    refused = village.decider.post(f"{case}/decisions", decision)
    assert status_and_code(refused) == (409, "effect_cannot_stand")
    assert [no["code"] for no in tried] == ["effect_cannot_stand"]
    assert refused.json()["facts"]["because"]["code"] == "later_fact_impossible"
    assert "原因：如此追溯更正后" in refused.json()["detail"]
    assert acts_next(refused)[-3:] == ["decide_case", "withdraw_case", "close_case"]
    assert [each["act"] for each in tried[0]["next"]] == acts_next(refused)
    close(village.decider, case, "2018-01-11")
    ended = village.decider.get(case).json()
    assert (ended["outcome"], ended["due"], ended["waits_for_role"]) == ("closed", None, None)
    assert village.totals("2018-06-01") == {"exited": (1, 1)}


@pytest.mark.parametrize(("division", "role", "status"), [
    (TOWNSHIP[:6], Role.DECIDER, 201), (TOWNSHIP[:4], Role.DECIDER, 201), ("99", Role.DECIDER, 201),
    (TOWNSHIP, Role.DECIDER, 403), (TOWNSHIP[:6], Role.REVIEWER, 403),
])  # fmt: skip
def test_the_county_s_decider_closes_a_case_or_whoever_decides_above(
    running: Lika, village: Village, division: str, role: Role, status: int
) -> None:
    case = village.open_case(village.cadre, village.household("2018-01-10"), "identification", "2018-02-01")
    closed = running.client_for(f"closer-{len(division)}", division, role).post(
        f"{case}/closings", {"on": "2018-02-02", **CLOSING}
    )
    assert closed.status_code == status
    if status == 403:
        (only,) = closed.json()["next"]
        assert (only["act"], only["office"]["roles"]) == ("close_case", ["decider"])
        assert only["office"]["levels"] == ["county", "city", "province"]


def test_a_step_of_another_office_names_that_office_and_out_of_turn_the_step_that_is_due(village: Village) -> None:
    case = village.open_case(village.cadre, village.household("2018-01-10"), "identification", "2018-02-01")
    visit = {"on": "2018-02-01", "confirmed": True}
    for path, body in (("visits", visit), ("announcements", {"on": "2018-02-01"})):
        refused = village.township_reviewer.post(f"{case}/{path}", body)
        assert status_and_code(refused) == (403, "office_not_allowed")
        (due,) = refused.json()["next"]
        assert (due["act"], due["office"]["levels"], due["office"]["roles"]) == ("make_visit", ["village"], ["cadre"])


def test_a_case_is_closed_with_a_paper(village: Village) -> None:
    case = village.open_case(village.cadre, village.household("2018-01-10"), "identification", "2018-02-01")
    refused = village.decider.post(f"{case}/closings", {"on": "2018-02-02", "reason": "无法继续"})
    assert status_and_code(refused) == (409, "closing_paper_missing")


def test_a_case_is_closed_while_an_objection_is_open_and_its_notice_ends_no_more(village: Village) -> None:
    case = village.open_case(village.cadre, village.household("2018-01-10"), "identification", "2018-02-01")
    step(village.cadre, case, "visits", "2018-02-01", confirmed=True)
    step(village.cadre, case, "appraisals", "2018-02-01", **VOTE)
    step(village.cadre, case, "notices", "2018-02-02")
    step(village.cadre, case, "objections", "2018-02-03", text="不符合条件")
    close(village.decider, case, "2018-02-04")
    ended = village.decider.get(case).json()
    assert (ended["outcome"], ended["notice_ends"]) == ("closed", None)
    again = village.decider.post(f"{case}/closings", {"on": "2018-02-05", **CLOSING})
    assert (status_and_code(again), acts_next(again)) == ((409, "case_closed"), ["open_case"])


def test_a_case_of_which_nothing_stands_any_more_says_who_ends_it(village: Village) -> None:
    household = village.household("2018-01-10")
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
    refused = village.cadre.post(f"{case}/visits", {"on": "2018-02-02", "confirmed": True})
    assert status_and_code(refused) == (409, "subject_not_on_record")
    assert acts_next(refused) == ["withdraw_case", "close_case"]
    (entry,) = village.decider.get("/registry/inbox", division=village.code).json()["items"]
    assert (entry["act"]["operation"], entry["may"], entry["why"]["code"]) == (
        "close_case",
        True,
        "case_without_subject",
    )
    close(village.decider, case, "2018-02-02")
    assert village.decider.get("/registry/inbox", division=village.code).json()["items"] == []


def test_a_case_whose_standing_has_changed_is_rejected_or_closed(village: Village) -> None:
    household = registered(village)
    case = exit_before_its_decision(village, household, "2018-04-01", "2018-04-10")
    # The only other way to another standing, while a case is open, is the household's end.
    members = village.cadre.get(household).json()["members"]
    death = {"effective_on": "2018-04-10", "evidence": MINUTES}
    done(village.cadre.post(f"{household}/members/{members[0]['person_id']}/deaths", death))
    refused = village.decider.post(f"{case}/decisions", {"on": "2018-04-11", **DOCUMENT})
    assert status_and_code(refused) == (409, "status_does_not_allow_procedure")
    assert acts_next(refused) == ["decide_case", "withdraw_case", "close_case"]
    close(village.decider, case, "2018-04-11")


def test_what_was_completed_is_not_closed(village: Village) -> None:
    household = registered(village)
    case = village.decide_exit(household, "2018-03-20")
    step(village.county_reviewer, case, "announcements", "2018-03-20")
    assert status_and_code(village.decider.post(f"{case}/closings", {"on": "2018-03-21", **CLOSING})) == (
        409, "case_closed",
    )  # fmt: skip
