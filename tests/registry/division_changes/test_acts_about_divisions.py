"""A village is renamed, merged, split, recoded or ended from a day on: its households go with it, nobody moves, and what was known
before is answered as before."""

from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import TOWNSHIP, household_body, member_body, status_and_code
from tests.registry.households.example_villages import (
    TODAY,
    Village,
    act_of,
    annul,
    done,
    facts_of,
    id_of,
)
from tests.support.running import ApiClient, Lika

DECISION = {"organ": "县人民政府", "decided_on": "2018-02-20", "document_no": "县政复〔2018〕7号", "signer": "县长"}
MERGED_ON, DAY_BEFORE, IN_JANUARY = "2018-03-01", "2018-02-28", "2018-01-10"
ONE = {"candidate": (1, 1)}


@pytest.fixture
def operator(running: Lika) -> ApiClient:
    return running.client_for("operator-1", "", Role.OPERATOR)


def act(operator: ApiClient, village: str, what: str, on: str = MERGED_ON, **more: Any) -> Any:
    return operator.post(f"/registry/divisions/{village}/{what}", {"effective_on": on, "decision": DECISION, **more})


def lone(village: Village, on: str = IN_JANUARY) -> str:
    return village.household(on, members=[member_body("head")])


def places(village: Village, other: Village, *days: str) -> list[str]:
    """Which of the two has the household on each of these days."""
    found = []
    for day in days:
        assert sorted((village.totals(day), other.totals(day)), key=bool) == [{}, ONE], day
        found.append("here" if village.totals(day) else "there")
    return found


def test_nothing_is_taken_before_a_village_is_declared(running: Lika, operator: ApiClient) -> None:
    code = f"{TOWNSHIP}288"
    done(
        operator.post(
            "/registry/divisions", {"code": code, "level": "village", "name": "新村", "effective_on": "2018-05-10"}
        )
    )
    cadre = running.client_for("cadre-new", code, Role.CADRE)

    def recorded(on: str) -> Any:
        return cadre.post("/registry/households", household_body(code, effective_on=on, members=[member_body("head")]))

    refused = recorded("2018-05-09")
    assert status_and_code(refused) == (409, "division_not_yet_declared")
    assert refused.json()["facts"]["declared_on"] == "2018-05-10"
    done(recorded("2018-05-10"))


def test_a_merged_village_takes_its_households_along(operator: ApiClient, here: Village, there: Village) -> None:
    household = lone(here)
    done(act(operator, here.code, "mergers", into=there.code))
    assert places(here, there, DAY_BEFORE, MERGED_ON, TODAY) == ["here", "there", "there"]
    assert [f["type"] for f in facts_of(there.cadre, household)] == ["HouseholdRecorded", "HouseholdTransferred"]
    assert here.totals(TODAY, known_at="2018-05-31") == {}  # everything was entered today
    refused = here.cadre.post("/registry/households", household_body(here.code, effective_on=MERGED_ON))
    assert status_and_code(refused) == (409, "division_has_ended")
    assert refused.json()["facts"]["successors"] == [there.code]
    read = operator.get(f"/registry/divisions/{here.code}").json()
    assert (read["ended_on"], read["successors"]) == (MERGED_ON, [there.code])
    assert operator.get(f"/registry/divisions/{there.code}").json()["predecessors"] == [here.code]


def test_whoever_is_entered_late_goes_along_too(operator: ApiClient, here: Village, there: Village) -> None:
    done(act(operator, here.code, "mergers", into=there.code))
    body = household_body(here.code, effective_on=IN_JANUARY, members=[member_body("head")])
    household = str(done(here.township.post("/registry/households", body)).headers["Location"])
    assert places(here, there, DAY_BEFORE, MERGED_ON) == ["here", "there"]
    (record, transfer) = facts_of(there.cadre, household)
    assert (record["type"], transfer["effective_on"]) == ("HouseholdRecorded", MERGED_ON)


@pytest.mark.parametrize("move_first", [True, False])
def test_a_move_and_a_merger_of_one_day_are_told_in_any_order(
    running: Lika, operator: ApiClient, here: Village, there: Village, move_first: bool
) -> None:
    third = Village(running)
    household = lone(here)
    move = {"effective_on": MERGED_ON, "from_division": here.code, "to_division": third.code}
    if move_first:
        done(here.township.post(f"{household}/moves", move))
    done(act(operator, here.code, "mergers", into=there.code))
    if not move_first:
        done(here.township.post(f"{household}/moves", move))
    assert (here.totals(DAY_BEFORE), third.totals(MERGED_ON), there.totals(MERGED_ON)) == (ONE, ONE, {})


def test_a_move_entered_late_into_a_village_that_was_merged_leads_to_its_successor(
    running: Lika, operator: ApiClient, here: Village, there: Village
) -> None:
    third = Village(running)
    household = lone(third)
    done(act(operator, here.code, "mergers", into=there.code))
    body = {"effective_on": DAY_BEFORE, "from_division": third.code, "to_division": here.code}
    done(here.township.post(f"{household}/moves", body))
    assert places(here, there, DAY_BEFORE, MERGED_ON) == ["here", "there"]
    done(annul(here.township, household, act_of(here.township, household, "HouseholdMoved")))
    assert (third.totals(TODAY), there.totals(TODAY)) == (ONE, {})


def test_a_part_of_a_village_goes_with_the_households_that_are_named(
    operator: ApiClient, here: Village, there: Village
) -> None:
    stays, goes = lone(here), lone(here)
    parts = [{"code": there.code, "household_ids": [id_of(goes)]}]
    done(act(operator, here.code, "splits", parts=parts))
    assert (here.totals(DAY_BEFORE), here.totals(MERGED_ON), there.totals(MERGED_ON)) == (
        {"candidate": (2, 2)},
        ONE,
        ONE,
    )
    assert here.cadre.get(stays).json()["division"] == here.code
    # The village goes on: who comes back, comes back to it.
    done(
        here.township.post(
            f"{goes}/moves", {"effective_on": "2018-04-01", "from_division": there.code, "to_division": here.code}
        )
    )
    assert here.totals("2018-04-01") == {"candidate": (2, 2)}
    twice = [*parts, {"code": there.code, "household_ids": [id_of(goes)]}]
    assert status_and_code(act(operator, here.code, "splits", parts=twice)) == (409, "split_names_household_twice")


def test_another_code_is_the_same_village(running: Lika, operator: ApiClient, here: Village) -> None:
    lone(here)
    done(
        operator.post(
            f"/registry/divisions/{here.code}/designations", {"grade": "省定贫困村", "effective_on": "2014-05-01"}
        )
    )
    code = f"{TOWNSHIP[:6]}102{here.code[9:]}"
    done(act(operator, here.code, "code-changes", to_code=code))
    read = operator.get(f"/registry/divisions/{code}").json()
    assert (read["name"], read["poor_village"], read["predecessors"]) == ("某村", "省定贫困村", [here.code])
    county = running.client_for("reader-c", TOWNSHIP[:6], Role.REVIEWER)
    totals = [county.get("/registry/totals", division=d, as_of=TODAY).json()["by_status"] for d in (here.code, code)]
    assert [t.get("candidate", {}).get("households") for t in totals] == [None, 1]
    assert status_and_code(act(operator, code, "code-changes", to_code=here.code, on="2018-04-01")) == (
        409,
        "division_already_declared",
    )


def test_a_village_ends_without_successor_once_it_is_empty(operator: ApiClient, here: Village, there: Village) -> None:
    household = lone(here)
    refused = act(operator, here.code, "endings")
    assert (status_and_code(refused), refused.json()["facts"]["households"]) == ((409, "division_has_households"), 1)
    done(
        here.township.post(
            f"{household}/moves", {"effective_on": DAY_BEFORE, "from_division": here.code, "to_division": there.code}
        )
    )
    done(act(operator, here.code, "endings"))
    assert operator.get(f"/registry/divisions/{here.code}").json()["ended_on"] == MERGED_ON


def test_mergers_do_not_go_in_circles_nor_across_levels(operator: ApiClient, here: Village, there: Village) -> None:
    assert status_and_code(act(operator, here.code, "mergers", into=here.code)) == (409, "division_succeeds_itself")
    done(act(operator, here.code, "mergers", into=there.code))
    assert status_and_code(act(operator, there.code, "mergers", into=here.code)) == (409, "division_has_ended")
    assert status_and_code(act(operator, here.code, "mergers", into=there.code, on=DAY_BEFORE)) == (
        409,
        "division_has_ended",
    )
    # It took something over on the first of March, so it did not end before.
    assert status_and_code(act(operator, there.code, "endings", on=DAY_BEFORE)) == (409, "division_act_rested_on")


def test_an_act_that_was_wrong_is_annulled_with_what_followed(
    running: Lika, operator: ApiClient, here: Village, there: Village
) -> None:
    household = lone(here)
    done(act(operator, here.code, "mergers", into=there.code))
    assert there.totals(TODAY) == ONE
    (wrong,) = [
        a["act"] for a in operator.get(f"/registry/divisions/{here.code}/acts").json() if a["type"] == "DivisionMerged"
    ]
    assert [f["act"] for f in facts_of(there.cadre, household)][1] == wrong
    done(act(operator, here.code, "annulments", acts=[wrong]))
    assert places(here, there, MERGED_ON, TODAY) == ["here", "here"]
    read = operator.get(f"/registry/divisions/{here.code}").json()
    assert (read["ended_on"], read["successors"]) == (None, [])
    assert operator.get(f"/registry/divisions/{there.code}").json()["predecessors"] == []
    assert status_and_code(act(operator, here.code, "annulments", acts=[wrong])) == (409, "unknown_division_act")
    third = Village(running)
    done(act(operator, here.code, "mergers", into=third.code))
    assert (here.totals(TODAY), there.totals(TODAY), third.totals(TODAY)) == ({}, {}, ONE)


def test_a_name_holds_from_its_day_and_the_former_one_is_found_still(operator: ApiClient, here: Village) -> None:
    path = f"/registry/divisions/{here.code}"
    done(operator.post(f"{path}/names", {"name": "青龙咀村", "effective_on": MERGED_ON}))
    done(operator.post(f"{path}/aliases", {"aliases": ["青龙嘴村"]}))
    names = [operator.get(path, as_of=day).json()["name"] for day in (DAY_BEFORE, MERGED_ON)]
    assert names == ["某村", "青龙咀村"]
    assert operator.get(path).json()["aliases"] == ["青龙嘴村"]


def test_a_county_is_graded_by_its_list_in_each_edition_and_a_township_is_not(operator: ApiClient) -> None:
    county, township = "/registry/divisions/990007", "/registry/divisions/990007101"
    for code, level in (("990007", "county"), ("990007101", "township")):
        body = {"code": code, "level": level, "name": "某地", "effective_on": "2014-01-01"}
        done(operator.post("/registry/divisions", body))
    regional = {"grade": "区定贫困县", "listed_in": "区定名单 2011年版", "effective_on": "2014-01-01"}
    national = {"grade": "国定贫困县", "listed_in": "国家名单 2012年版", "effective_on": "2014-05-01"}
    for said in (regional, national, national, {**national, "listed_in": None}):
        done(operator.post(f"{county}/designations", said))
    assert operator.get(county).json()["poor_village"] == "国定贫困县"
    assert [act["listed_in"] for act in operator.get(f"{county}/acts").json()] == [
        None,
        "区定名单 2011年版",
        "国家名单 2012年版",
    ]
    assert operator.get(county, as_of="2014-04-30").json()["poor_village"] == "区定贫困县"
    refused = operator.post(f"{township}/designations", national)
    assert status_and_code(refused) == (409, "division_level_not_graded")
    done(operator.post(f"{county}/list-exits", {"effective_on": "2014-06-01", "decision": DECISION}))
    assert operator.get(county).json()["exited_on"] == "2014-06-01"


def test_a_village_leaves_the_list_of_poor_villages_by_a_decision(operator: ApiClient, here: Village) -> None:
    path = f"/registry/divisions/{here.code}"
    leaves = {"effective_on": MERGED_ON, "decision": DECISION}
    assert status_and_code(operator.post(f"{path}/list-exits", leaves)) == (409, "village_not_designated")
    done(operator.post(f"{path}/designations", {"grade": "省定贫困村", "effective_on": "2014-05-01"}))
    done(operator.post(f"{path}/list-exits", leaves))
    read = operator.get(path).json()
    assert (read["poor_village"], read["exited_on"]) == ("省定贫困村", MERGED_ON)
    assert operator.get(path, as_of=DAY_BEFORE).json()["exited_on"] is None
