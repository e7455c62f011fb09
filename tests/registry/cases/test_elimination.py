"""Risk elimination over HTTP: earlier than half a year it needs a reason and becomes a finding, a natural one neither; whoever has
nobody able to work is provisionally not marked, at the application and at the decision."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.roles import Role
from services.registry.service import registry
from tests.registry.cases.monitored_households import elimination_reviewed, monitored_from
from tests.registry.households.example_requests import member_body, status_and_code
from tests.registry.households.example_villages import DOCUMENT, Village, done, id_of, step
from tests.support.running import Lika, lika

TAKEN_IN, DUE = "2023-03-20", "2023-09-20"
"""Half a year later, from when no reason is asked for."""


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with lika(
        [registry], module_database, tmp_path_factory.mktemp("lika"), datetime(2023, 3, 1, tzinfo=UTC)
    ) as started:
        step = {"to": "2023-10-01T09:00:00+08:00"}
        done(started.client_for("operator-1", "", Role.OPERATOR).post("/registry/clock/steps", step))
        yield started


def asked(village: Village, household: str, on: str, **terms: str) -> tuple[int, str]:
    return status_and_code(village.ask_to_open_case(village.cadre, household, "risk_elimination", on, terms=terms))


def found_early(village: Village) -> list[str]:
    found = village.county_reviewer.get("/registry/findings", division=village.code, rule="eliminated_early").json()
    return [item["subject"] for item in found["items"]]


def monitoring(village: Village, household: str) -> tuple[str, str | None, str | None]:
    found: dict[str, Any] = village.cadre.get(household).json()["monitoring"]
    return found["status"], found["manner"], found["early_reason"]


def without_labour(village: Village, household: str, on: str) -> None:
    (head,) = (m["person_id"] for m in village.cadre.get(household).json()["members"])
    done(village.cadre.post(f"{household}/members/{head}/surveys", {"effective_on": on, "labour_skill": "lost"}))


def test_an_early_one_has_a_reason_and_becomes_a_finding_and_on_the_day_itself_it_is_none(running: Lika) -> None:
    village = Village(running)
    early, due = monitored_from(village, TAKEN_IN), monitored_from(village, TAKEN_IN)
    for wrong in ({}, {"early_reason": "in_a_hurry"}):
        assert asked(village, early, "2023-09-19", manner="by_help", **wrong) == (
            409,
            "early_elimination_without_reason",
        )
    cases = {
        household: elimination_reviewed(
            village, household, "2023-09-13", manner="by_help", early_reason="risk_resolved"
        )
        for household in (early, due)
    }
    step(village.decider, cases[early], "decisions", "2023-09-19", **DOCUMENT)
    step(village.decider, cases[due], "decisions", DUE, **DOCUMENT)
    assert monitoring(village, early) == ("eliminated", "by_help", "risk_resolved")
    assert monitoring(village, due) == ("eliminated", "by_help", None)
    assert found_early(village) == [id_of(early)]


def test_without_a_reason_it_is_taken_from_the_day_on_and_a_natural_one_from_the_first(running: Lika) -> None:
    village = Village(running)
    by_help, naturally = monitored_from(village, TAKEN_IN), monitored_from(village, TAKEN_IN)
    assert asked(village, by_help, "2023-09-19", manner="by_help") == (409, "early_elimination_without_reason")
    step(
        village.decider,
        elimination_reviewed(village, by_help, DUE, manner="by_help"),
        "decisions",
        "2023-09-26",
        **DOCUMENT,
    )
    case = elimination_reviewed(village, naturally, "2023-03-21", manner="naturally")
    step(village.decider, case, "decisions", "2023-03-27", **DOCUMENT)
    assert monitoring(village, naturally) == ("eliminated", "naturally", None)
    assert found_early(village) == []


def test_who_was_never_asked_about_labour_is_to_be_asked_before_it_is_said_that_nobody_is_able(running: Lika) -> None:
    village = Village(running)
    household = monitored_from(village, TAKEN_IN, member_body("head"))
    (head,) = village.cadre.get(household).json()["members"]
    assert head["labour_skill"] is None
    opening = village.ask_to_open_case(village.cadre, household, "risk_elimination", DUE, terms={"manner": "by_help"})
    assert status_and_code(opening) == (409, "labour_not_asked")
    told = opening.json()
    assert told["facts"]["members"] == [head["person_id"]]
    assert [step["path"] for step in told["next"]] == [f"{household}/members/{head['person_id']}/surveys"]
    surveys = f"{household}/members/{head['person_id']}/surveys"
    done(village.cadre.post(surveys, {"effective_on": "2023-09-20", "labour_skill": "none"}))
    assert asked(village, household, "2023-09-19", manner="by_help", early_reason="other") == (409, "labour_not_asked")
    assert asked(village, household, DUE, manner="by_help") == (409, "household_without_labour")
    done(village.cadre.post(surveys, {"effective_on": "2023-09-21", "labour_skill": "weak"}))
    terms = {"manner": "by_help"}
    done(village.ask_to_open_case(village.cadre, household, "risk_elimination", "2023-09-21", terms=terms))


def test_whoever_has_nobody_able_to_work_is_not_marked_but_where_the_risk_went_naturally(running: Lika) -> None:
    village = Village(running)
    household, other = monitored_from(village, TAKEN_IN), monitored_from(village, TAKEN_IN)
    case, of_other = (elimination_reviewed(village, each, DUE, manner="by_help") for each in (household, other))
    without_labour(village, household, "2023-09-26")
    without_labour(village, other, "2023-09-27")
    refused = village.decider.post(f"{case}/decisions", {"on": "2023-09-26", **DOCUMENT})
    assert status_and_code(refused) == (409, "effect_cannot_stand")
    assert refused.json()["facts"]["because"]["code"] == "household_without_labour"
    step(village.decider, of_other, "decisions", "2023-09-26", **DOCUMENT)
    assert [monitoring(village, each)[0] for each in (household, other)] == ["monitored", "eliminated"]
    done(village.cadre.post(f"{case}/withdrawals", {"on": "2023-09-27"}))
    # A reason for earliness is no way round.
    for reason in ({}, {"early_reason": "other"}):
        again = asked(village, household, "2023-09-27", manner="by_help", **reason)
        assert again == (409, "household_without_labour")
    case = village.open_case(village.cadre, household, "risk_elimination", "2023-09-27", terms={"manner": "naturally"})
    assert village.cadre.get(case).json()["outcome"] is None
