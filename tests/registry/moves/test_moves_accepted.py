"""Nobody moves a household into an area by their own word: the side that it leaves proposes, the side that it comes to accepts,
and until then nothing changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import TOWNSHIP, member_body, status_and_code
from tests.registry.households.example_villages import (
    TODAY,
    VOTE,
    Village,
    act_of,
    annul,
    done,
    facts_of,
    id_of,
    registry_of_2018,
    step,
)
from tests.support.running import ApiClient, Lika

NOT_FOUND = (404, "not_found")
REASON = {"reason": "该户未迁来"}


def lone_household(village: Village) -> str:
    return village.household("2018-01-10", members=[member_body("head")])


def proposal(household: str, here: Village, there: Village, on: str = "2018-03-01", **more: Any) -> str:
    body = {"effective_on": on, "from_division": here.code, "to_division": there.code, **more}
    return str(done(here.cadre.post(f"{household}/moves", body)).headers["Location"])


def outcome(who: ApiClient, move: str) -> str | None:
    answer = who.get(move)
    assert answer.status_code == 200, answer.text
    found: str | None = answer.json()["outcome"]
    return found


def waiting(who: ApiClient) -> list[tuple[str, str, bool]]:
    entries = who.get("/registry/inbox").json()["items"]
    return [(e["kind"], e["act"]["operation"], e["may"]) for e in entries if "move_id" in e["details"]]


def test_until_the_receiving_side_accepts_nothing_changes(here: Village, there: Village) -> None:
    household = lone_household(here)
    move = proposal(household, here, there)
    assert (here.totals(TODAY), there.totals(TODAY)) == ({"candidate": (1, 1)}, {})
    assert [fact["type"] for fact in facts_of(here.cadre, household)] == ["HouseholdRecorded"]
    assert status_and_code(there.cadre.get(household)) == NOT_FOUND
    assert outcome(here.cadre, move) is outcome(there.cadre, move) is None
    done(here.cadre.post(f"{household}/surveys", {"effective_on": "2018-03-02", "housing_m2": 40}))


def test_an_accepted_household_moved_on_the_day_of_the_paper(here: Village, there: Village) -> None:
    household = lone_household(here)
    move = proposal(household, here, there)
    done(there.cadre.post(f"{move}/acceptances", {}))
    for day, at_home in (("2018-02-28", True), ("2018-03-01", False)):
        assert (here.totals(day), there.totals(day)) == (
            ({"candidate": (1, 1)}, {}) if at_home else ({}, {"candidate": (1, 1)})
        ), day
    moved = facts_of(there.cadre, household)[-1]
    assert (moved["type"], moved["entered_by"], moved["effective_on"]) == (
        "HouseholdMoved", f"cadre-{there.code}", "2018-03-01",
    )  # fmt: skip
    assert outcome(here.cadre, move) == outcome(there.cadre, move) == "accepted"
    assert status_and_code(there.cadre.post(f"{move}/refusals", REASON)) == (409, "move_already_answered")


def test_a_move_that_the_receiving_side_annulled_is_not_restored_by_the_other_alone(
    here: Village, there: Village
) -> None:
    household = lone_household(here)
    done(there.cadre.post(f"{proposal(household, here, there)}/acceptances", {}))
    done(annul(there.cadre, household, act_of(there.cadre, household, "HouseholdMoved")))
    annulling = act_of(here.cadre, household, "FactsAnnulled")
    refused = annul(here.cadre, household, annulling)
    assert status_and_code(refused) == (403, "restored_move_beyond_area")
    assert refused.json()["next"][0]["act"] == "move_household"
    assert here.totals(TODAY) == {"candidate": (1, 1)}
    done(annul(here.township, household, annulling))
    assert there.totals(TODAY) == {"candidate": (1, 1)}


def test_the_receiving_side_says_which_village_it_is(running: Lika, here: Village, there: Village) -> None:
    household, right = lone_household(here), Village(running)
    move = proposal(household, here, there)
    body = {"to_division": right.code}
    assert status_and_code(there.cadre.post(f"{move}/acceptances", body)) == NOT_FOUND  # not theirs to give
    done(there.township.post(f"{move}/acceptances", body))
    assert (there.totals(TODAY), right.totals(TODAY)) == ({}, {"candidate": (1, 1)})


def test_a_declined_household_stays_and_may_be_proposed_again(here: Village, there: Village) -> None:
    household = lone_household(here)
    move = proposal(household, here, there)
    again = {"effective_on": "2018-04-01", "from_division": here.code, "to_division": there.code}
    refused = here.cadre.post(f"{household}/moves", again)
    assert status_and_code(refused) == (409, "move_already_proposed")
    assert [step["act"] for step in refused.json()["next"]] == ["accept_move", "decline_move", "withdraw_move"]
    assert refused.json()["next"][2]["path"] == f"{move}/withdrawals"
    done(there.cadre.post(f"{move}/refusals", REASON))
    assert outcome(here.cadre, move) == "declined"
    assert here.totals(TODAY) == {"candidate": (1, 1)}
    done(here.cadre.post(f"{household}/moves", again))


def test_each_side_answers_for_itself_alone_and_others_see_nothing(
    running: Lika, here: Village, there: Village
) -> None:
    elsewhere = Village(running)
    move = proposal(lone_household(here), here, there)
    accepting = here.cadre.post(f"{move}/acceptances", {})
    assert status_and_code(accepting) == (403, "move_answered_where_it_leads")
    sides = {step["act"]: step["office"]["division"] for step in accepting.json()["next"]}
    assert sides == {"accept_move": there.code, "decline_move": there.code, "withdraw_move": here.code}
    assert status_and_code(here.cadre.post(f"{move}/refusals", REASON)) == (403, "move_answered_where_it_leads")
    assert status_and_code(there.cadre.post(f"{move}/withdrawals", REASON)) == (403, "move_withdrawn_by_proposer")
    for answer in (
        elsewhere.cadre.get(move), elsewhere.cadre.post(f"{move}/acceptances", {}),
        elsewhere.cadre.post(f"{move}/refusals", REASON), elsewhere.cadre.post(f"{move}/withdrawals", REASON),
    ):  # fmt: skip
        assert status_and_code(answer) == NOT_FOUND
    done(here.cadre.post(f"{move}/withdrawals", REASON))
    assert outcome(there.cadre, move) == "withdrawn"


@pytest.mark.parametrize(
    ("act", "became"),
    [("acceptances", "accepted"), ("refusals", "declined"), ("withdrawals", "withdrawn")],
)
def test_an_office_above_both_sides_does_either(here: Village, there: Village, act: str, became: str) -> None:
    move = proposal(lone_household(here), here, there)
    done(here.township.post(f"{move}/{act}", {} if act == "acceptances" else REASON))
    assert outcome(here.township, move) == became


def test_an_office_above_both_sides_moves_a_household_at_once(here: Village, there: Village) -> None:
    household = lone_household(here)
    body = {"effective_on": "2018-03-01", "from_division": here.code, "to_division": there.code}
    assert done(here.township.post(f"{household}/moves", body)).headers["Location"] == household
    assert there.totals(TODAY) == {"candidate": (1, 1)}
    assert here.township.get("/registry/moves", division=there.code).json()["items"] == []


def test_what_could_not_be_recorded_is_not_proposed(here: Village, there: Village) -> None:
    household = lone_household(here)
    for body, code in (
        ({"effective_on": "2018-01-09"}, "household_not_yet_recorded"),
        ({"effective_on": "2018-06-02"}, "future_day"),
        ({"effective_on": "2018-03-01", "from_division": there.code, "to_division": here.code}, "not_in_that_village"),
    ):
        asked = {"from_division": here.code, "to_division": there.code, **body}
        assert status_and_code(here.cadre.post(f"{household}/moves", asked)) == (409, code)


def test_a_proposal_that_was_overtaken_can_still_be_ended(running: Lika, here: Village, there: Village) -> None:
    household, third = lone_household(here), Village(running)
    move = proposal(household, here, there)
    away = {"effective_on": "2018-02-01", "from_division": here.code, "to_division": third.code}
    done(here.township.post(f"{household}/moves", away))
    refused = there.cadre.post(f"{move}/acceptances", {})
    assert status_and_code(refused) == (409, "not_in_that_village")
    assert [step["act"] for step in refused.json()["next"]] == ["move_household", "decline_move", "withdraw_move"]
    done(there.cadre.post(f"{move}/refusals", REASON))


def test_a_case_is_acted_on_by_the_side_that_the_household_is_on(here: Village, there: Village) -> None:
    """Security review: after a move the old village acted on the case, and the new one could not see it."""
    household = lone_household(here)
    case = here.open_case(here.cadre, household, "identification", "2018-02-01")
    move = proposal(household, here, there)
    step(here.cadre, case, "visits", "2018-03-02", confirmed=True)
    vote = {"on": "2018-03-03", **VOTE}
    assert status_and_code(there.cadre.post(f"{case}/appraisals", vote)) == NOT_FOUND
    done(there.cadre.post(f"{move}/acceptances", {}))
    for part, body in (("appraisals", vote), ("withdrawals", {"on": "2018-03-03"})):
        assert status_and_code(here.cadre.post(f"{case}/{part}", body)) == NOT_FOUND
    done(there.cadre.post(f"{case}/appraisals", vote))
    then, now = here.cadre.get(case).json(), there.cadre.get(case).json()
    assert (then["due"], then["division"]) == ("appraisal", here.code)
    assert (now["due"], now["division"]) == ("village_notice", there.code)
    assert here.cadre.get("/registry/cases").json()["items"] == []
    assert status_and_code(here.cadre.get(f"{case}/steps")) == NOT_FOUND


def test_it_waits_in_the_inbox_of_both_sides(here: Village, there: Village) -> None:
    move = proposal(lone_household(here), here, there)
    assert waiting(there.cadre) == [("due", "accept_move", True)]
    assert waiting(here.cadre) == [("waiting", "withdraw_move", True)]
    (listed,) = there.cadre.get("/registry/moves", open="true").json()["items"]
    assert (listed["move_id"], listed["answer_by"]) == (id_of(move), "2018-06-16")
    done(there.cadre.post(f"{move}/acceptances", {}))
    assert waiting(there.cadre) == waiting(here.cadre) == []
    assert there.cadre.get("/registry/moves", open="true").json()["items"] == []


def test_what_is_not_answered_in_time_is_shown_to_one_office_above_after_another(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    with registry_of_2018(database, tmp_path) as running:
        here, there = Village(running), Village(running)
        proposal(lone_household(here), here, there)
        county = running.client_for("cadre-c", TOWNSHIP[:6], Role.CADRE)
        city = running.client_for("cadre-city", TOWNSHIP[:4], Role.CADRE)
        operator = running.client_for("operator-1", "", Role.OPERATOR)
        for day, kinds in (
            ("2018-06-16", ["due", "waiting", "waiting", "waiting"]),
            ("2018-06-17", ["overdue", "escalated", "waiting", "waiting"]),
            ("2018-07-02", ["overdue", "escalated", "escalated", "waiting"]),
            ("2018-07-17", ["overdue", "escalated", "escalated", "escalated"]),
        ):
            done(operator.post("/registry/clock/steps", {"to": f"{day}T00:00:00+08:00"}))
            offices = (there.cadre, there.township, county, city)
            assert [waiting(office)[0][0] for office in offices] == kinds, day
            assert waiting(here.cadre) == [("waiting", "withdraw_move", True)]
