"""The dossier of a household: what held on a day, its facts, cases with notices, visits and papers, as known on another."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import TOWNSHIP, member_body
from tests.registry.households.example_villages import (
    MINUTES,
    TODAY,
    Village,
    act_of,
    annul,
    day,
    done,
    registry_of_2018,
)
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_of_2018(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


def dossier(village: Village, household: str, **asked: str) -> dict[str, Any]:
    answer = village.cadre.get(f"{household}/dossier", **asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_it_holds_what_was_so_on_a_day_and_all_that_it_rests_on(running: Lika) -> None:
    village = Village(running)
    household = village.household("2016-01-10", members=[member_body("head", name="王某某")], housing_m2="80")
    village.enrol(household, "2016-02-18")
    body = {"effective_on": "2017-05-01", "seen": {"topic": "routine", "situation": "情况属实"}, "evidence": MINUTES}
    done(village.cadre.post(f"{household}/visits", {**body, "household": {"housing_m2": "90"}}))
    now = dossier(village, household)
    size = {line["name"]: line["text_zh"] for line in now["parts"][0]["lines"]}["housing_m2"]
    assert (now["status"], size) == ("registered", "90")
    assert [fact["type"] for fact in now["facts"]] == ["HouseholdRecorded", "HouseholdEnrolled", "HouseholdSurveyed"]
    (case,) = now["cases"]
    assert (case["outcome"], case["document_no"]) == ("completed", "扶组〔2018〕3号")
    assert [(notice["posted_on"], notice["closed"]) for notice in case["notices"]] == [
        ("2016-02-01", True),
        ("2016-02-09", True),
    ]
    assert [visit["kind"] for visit in now["visits"]] == ["home_visit"]
    assert {paper["kind"] for paper in now["papers"]} == {"minutes"}
    assert now["facts"][2]["id"] in {paper["cited_by"] for paper in now["papers"]}
    assert "王某某" not in str(now)
    before = dossier(village, household, as_of="2017-04-30")
    assert (before["visits"], len(before["facts"]), len(before["cases"])) == ([], 2, 1)
    assert dossier(village, household, as_of="2017-05-01")["visits"] == now["visits"]
    assert [c["outcome"] for c in dossier(village, household, as_of="2016-02-10")["cases"]] == [None]


def test_what_was_annulled_stands_no_more_but_was_known_before(running: Lika) -> None:
    village = Village(running)
    household = village.household("2016-01-10")
    done(village.cadre.post(f"{household}/surveys", {"effective_on": "2017-01-01", "housing_m2": "90"}))
    operator = running.client_for("operator-1", "", Role.OPERATOR)
    tomorrow = day(TODAY, 1)
    done(operator.post("/registry/clock/steps", {"to": f"{tomorrow}T09:00:00+08:00"}))
    wrong = act_of(village.cadre, household, "HouseholdSurveyed")
    done(annul(village.cadre, household, wrong))
    assert "HouseholdSurveyed" not in {fact["type"] for fact in dossier(village, household)["facts"]}
    known_then = dossier(village, household, known_at=TODAY)
    assert "HouseholdSurveyed" in {fact["type"] for fact in known_then["facts"]}


def test_it_is_for_todays_area_alone(running: Lika) -> None:
    village = Village(running)
    household = village.household("2016-01-10")
    elsewhere = running.client_for("cadre-x", f"{TOWNSHIP}299", Role.CADRE)
    assert elsewhere.get(f"{household}/dossier").status_code == 404
    assert village.cadre.get(f"{household}/dossier", as_of="2016-01-09").status_code == 404
    assert dossier(village, household, as_of="2016-01-10")["as_of"] == "2016-01-10"
