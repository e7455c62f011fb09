"""What follows from a correction is shown before it is confirmed, in the register and in every other service, and then each
service follows by itself: nothing is paid twice, and nothing is lost. Over HTTP in the whole house."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from lika.house import BUILDS
from services.chassis.web import cli_client
from services.registry import cli
from tests.journeys.rebuilt_history import wait_until_consumed
from tests.registry.corrections.aided_household import AidedHousehold
from tests.registry.corrections.correction_cases import LINES, CorrectedVillage, house_of_2018
from tests.registry.households.example_requests import member_body, member_ids, status_and_code
from tests.registry.households.example_villages import TODAY, Village, done, id_of
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with house_of_2018(module_database, tmp_path_factory.mktemp("lika"), *BUILDS.values()) as started:
        yield started


def statement(village: Village, auditor: Any) -> dict[tuple[str, str], tuple[int, int]]:
    asked = {"division": village.code, "from": 2016, "to": 2018}
    rows = auditor.get("/audit/statements", **asked).json()["rows"]
    return {(row["period"], line): (row[line]["households"], row[line]["persons"]) for row in rows for line in LINES}


def changes(shown: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(str(c["year"]), c["line"]): (c["households"], c["persons"]) for c in shown["lines"]}


def difference(
    before: dict[tuple[str, str], tuple[int, int]], after: dict[tuple[str, str], tuple[int, int]]
) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        key: (after[key][0] - before[key][0], after[key][1] - before[key][1]) for key in before
        if after[key] != before[key]
    }  # fmt: skip


def test_a_corrected_exit_is_followed_by_aid_and_helper_and_its_consequences_were_shown(running: Lika) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    village.exit(household, "2017-10-10")
    wait_until_consumed(running)
    due = aided.aid()["due"]
    assert (aided.aid()["continued_after_exit_on"], aided.helpers()) == ("2017-10-10", [("staff-1", None)])
    other = village.open_case(village.cadre, household, "return", "2018-03-01", cause="illness")
    exit_ = village.fact(household, "HouseholdExited")
    case = str(done(village.propose(household, {"facts": [exit_]})).headers["Location"])

    shown = aided.consequences(case)
    assert (shown["carried_out"], shown["refused_by"], shown["elsewhere"]) == (False, None, 0)
    (change,) = shown["households"]
    assert [(p["status"], p["valid_from"], p["valid_to"], p["persons"]) for p in change["before"]] == [
        ("candidate", "2016-01-10", "2016-02-18", 2), ("registered", "2016-02-18", "2017-10-10", 2),
        ("exited", "2017-10-10", None, 2),
    ]  # fmt: skip
    assert [(p["status"], p["valid_to"]) for p in change["after"]] == [
        ("candidate", "2016-02-18"),
        ("registered", None),
    ]
    assert changes(shown) == {("2017", "exited"): (-1, -2)}
    assert [(c["case_id"], c["procedure"], c["status"]) for c in shown["cases"]] == [
        (id_of(other), "return", "registered")
    ]
    assert [f["id"] for f in shown["void"]] == [exit_]
    assert ("assistance", "EntitlementContinued", True) in aided.derived(shown)

    before = statement(village, village.auditor)
    done(village.decide(case))
    wait_until_consumed(running)
    assert difference(before, statement(village, village.auditor)) == changes(shown)
    assert aided.consequences(case)["carried_out"]
    assert changes(aided.consequences(case)) == changes(shown)
    # The aid goes on as if there had been no exit, once; the helper stays.
    assert aided.aid()["due"] == due
    assert (aided.aid()["continued_after_exit_on"], aided.aid()["until"]) == (None, None)
    assert aided.helpers() == [("staff-1", None)]
    assert ("assistance", "EntitlementContinued", False) in aided.derived(shown)


def test_a_corrected_enrolment_stops_aid_and_helper_and_its_correction_brings_them_back(running: Lika) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    wrong = village.fact(household, "HouseholdEnrolled")
    entitled = aided.aid()
    other = village.household("2016-01-10", members=[member_body("head")])
    terms = {"decisions": [{"in_place_of": wrong, "household_id": id_of(other)}]}
    case = str(done(village.propose(household, terms)).headers["Location"])
    shown = aided.consequences(case)
    assert {h["household_id"] for h in shown["households"]} == {id_of(household), id_of(other)}
    assert changes(shown) == {("2016", "identified"): (0, -1)}  # one household for another, a person less
    assert (aided.owed(household), aided.owed(other)) == (True, False)
    done(village.decide(case))
    wait_until_consumed(running)
    assert (aided.owed(household), aided.owed(other)) == (False, True)
    stopped = aided.aid()
    assert (stopped["until"], stopped["ending"]) == ("2016-09-10", "not_registered")
    # What was paid meanwhile is looked at, and never clawed back silently.
    assert [line["first"] for line in stopped["review"]["lines"]] == [
        "2016-09-01", "2017-02-15", "2017-09-01", "2018-02-15",
    ]  # fmt: skip
    assert aided.helpers() == [("staff-1", "not_registered")]
    assert aided.aid()["amounts"] == entitled["amounts"]

    # It was right after all.
    made = [f["id"] for f in aided.consequences(case)["entered"] if f["type"] == "FactsAnnulled"]
    act = next(f["act"] for f in village.cadre.get(f"{household}/facts").json() if f["id"] == made[0])
    village.correct(household, acts=[act])
    wait_until_consumed(running)
    assert aided.aid() == entitled
    assert (aided.owed(household), aided.owed(other)) == (True, False)
    assert aided.helpers() == [("staff-1", None)]


def test_what_follows_shows_nothing_of_households_elsewhere_and_why_it_cannot_be_carried_out(running: Lika) -> None:
    village, there = CorrectedVillage(running), Village(running)
    household = village.household("2016-01-10")
    _, spouse, _ = member_ids(village.cadre, household)
    village.enrol(household, "2016-02-18")
    new = village.split(household, "2016-06-01", spouse)
    move = {"effective_on": "2017-01-01", "from_division": village.code, "to_division": there.code}
    done(village.township.post(f"{new}/moves", move))  # whose area covers both
    wrong = village.fact(household, "HouseholdEnrolled")
    case = str(done(village.propose(household, {"facts": [wrong]})).headers["Location"])
    seen = village.cadre.get(f"{case}/consequences").json()
    assert (seen["elsewhere"], [h["household_id"] for h in seen["households"]]) == (1, [id_of(household)])
    everything = village.decider.get(f"{case}/consequences").json()
    assert (everything["elsewhere"], len(everything["households"])) == (0, 2)
    assert status_and_code(there.cadre.get(f"{case}/consequences")) == (404, "not_found")
    village.exit(household, "2017-05-10")
    refused = village.cadre.get(f"{case}/consequences").json()["refused_by"]
    assert refused["code"] == "later_fact_impossible"
    assert village.totals(TODAY) == {"exited": (1, 2)}


def test_what_follows_is_shown_on_the_command_line(running: Lika, monkeypatch: pytest.MonkeyPatch) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    terms = {"facts": [village.fact(household, "HouseholdEnrolled")]}
    case = str(done(village.propose(household, terms)).headers["Location"])
    wait_until_consumed(running)

    def connect(_: str, token: str, __: float) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers)

    monkeypatch.setattr(cli_client, "connect", connect)
    environment = {"LIKA_TOKEN": village.decider.token, "COLUMNS": "200"}
    shown = CliRunner().invoke(cli.app, ["consequences", id_of(case)], env=environment)
    assert shown.exit_code == 0, shown.output
    for expected in ("identified", "-1", "-2", "registered", "logs read up to: ", "assistance="):
        assert expected in shown.output
    as_json = CliRunner().invoke(cli.app, ["consequences", id_of(case), "--json"], env=environment)
    (derived,) = json.loads(as_json.stdout)["derived"]
    assert {log["log"] for log in derived["logs"]} == {"registry", "assistance", "monitoring"}
