"""What stops, goes on, starts or has to be decided in all services is shown before an act, kept with what was decided, and is what
then happens. Over HTTP in the whole house."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts.roles import Role
from lika.house import BUILDS
from services.chassis.following.foresight import Foretold, Question
from services.chassis.ground.refusals import Unavailable
from services.chassis.web.consequences import asked_elsewhere
from services.chassis.web.positions import NOT_REACHED
from tests.journeys.rebuilt_history import wait_until_consumed
from tests.monitoring.work_list import request_body
from tests.registry.corrections.aided_household import AidedHousehold
from tests.registry.corrections.correction_cases import CorrectedVillage, house_of_2018
from tests.registry.households.example_requests import TOWNSHIP, member_body, member_ids, status_and_code
from tests.registry.households.example_villages import DOCUMENT, VOTE, Village, day, done, id_of, step
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika

Line = tuple[str, str, str, str]
"""Service, effect, what, day."""


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with house_of_2018(module_database, tmp_path_factory.mktemp("lika"), *BUILDS.values()) as started:
        yield started


def preview(who: ApiClient, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    answer = who.post(path, body, key=key, params={"dry_run": True, "consequences": True})
    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"] == []
    return dict(answer.json()["consequences"])


def send(who: ApiClient, path: str, body: dict[str, Any], shown: str) -> Any:
    headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": str(uuid4()), "Lika-Shown": shown}
    return who._client.post(path, json=body, headers=headers)


def lines(shown: dict[str, Any], *services: str) -> list[Line]:
    return [
        (line["service"], line["effect"], line["what"], line["on"])
        for line in shown["lines"] if not services or line["service"] in services
    ]  # fmt: skip


def value(shown: dict[str, Any], what: str, name: str) -> list[str]:
    found = [line for line in shown["lines"] if line["what"] == what]
    return [each["value"] for line in found for each in line["details"] if each["name"] == name]


def up_to_the_decision_of_an_exit(village: Village, household: str, decided_on: str) -> str:
    begun = day(decided_on, -9)
    case = village.open_case(village.cadre, household, "exit", begun)
    step(village.cadre, case, "appraisals", begun, **VOTE)
    step(village.cadre, case, "visits", begun, confirmed=True)
    step(village.cadre, case, "consents", begun, agreed=True)
    step(village.cadre, case, "notices", begun)
    step(village.township_reviewer, case, "reviews", day(decided_on, -1), outcome="passed")
    return case


def recorded_since(running: Lika, household: str, heads: dict[str, int]) -> list[tuple[str, str]]:
    """What the services that follow recorded of a household behind these heads."""
    wait_until_consumed(running)
    found: list[tuple[str, str]] = []
    for name, head in heads.items():
        entries, _ = running.services[name].store.page(head, 100)
        found += [(name, e.type_name) for e in entries if id_of(household) in e.state.decode()]
    return found


def heads(running: Lika) -> dict[str, int]:
    wait_until_consumed(running)
    return {name: running.services[name].store.position() for name in ("assistance", "monitoring")}


@pytest.mark.parametrize("decided_on", ["2017-10-10", "2018-05-31"])
def test_an_exit_shows_what_goes_on_before_it_is_decided_and_is_kept_with_the_decision(
    running: Lika, decided_on: str
) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    target = {
        "division": village.code,
        "year": int(decided_on[:4]),
        "deadline": f"{decided_on[:4]}-12-31",
        "item": village.code,
    }
    done(village.decider.post("/monitoring/targets", request_body("W8", **target)))
    case = up_to_the_decision_of_an_exit(village, household, decided_on)
    body, before = {"on": decided_on, **DOCUMENT}, heads(running)
    shown = preview(village.decider, f"{case}/decisions", body)
    assert (shown["away"], shown["answered"], shown["elsewhere"]) == ([], ["registry", "assistance", "monitoring"], 0)
    assert lines(shown, "registry") == [
        ("registry", "stops", "HouseholdExited", decided_on),
        ("registry", "changes", "statement_line", f"{decided_on[:4]}-12-31"),
    ]
    assert ("assistance", "goes_on", "EntitlementContinued", decided_on) in lines(shown)
    assert lines(shown, "monitoring") == [("monitoring", "starts", "target", decided_on)]
    assert value(shown, "EntitlementContinued", "stage") == ["primary"]
    # Nothing came of it but that it was shown.
    assert recorded_since(running, household, before) == []
    assert village.totals("2018-06-01") == {"registered": (1, 2)}
    done(send(village.decider, f"{case}/decisions", body, shown["shown"]))
    (kept,) = village.decider.get(f"{household}/shown-consequences").json()
    assert (kept["sha256"], kept["lines"], kept["case_id"]) == (shown["sha256"], shown["lines"], id_of(case))
    assert kept["decided_at"] is not None
    assert kept["shown_to"] == "decider-c"
    step(village.county_reviewer, case, "announcements", decided_on)
    followed = recorded_since(running, household, before)
    assert followed == [(s, w) for s, e, w, _ in lines(shown, "assistance") if w != "duty"]


def test_a_removal_stops_aid_and_helper_and_what_was_paid_has_to_be_decided(running: Lika) -> None:
    aided = AidedHousehold(running)
    village, household, decided_on = aided.village, aided.household, "2018-04-10"
    begun = day(decided_on, -9)
    case = village.open_case(village.township, household, "look_back_removal", begun)
    step(village.township, case, "visits", begun, confirmed=True)
    step(village.cadre, case, "appraisals", begun, **VOTE)
    step(village.cadre, case, "notices", begun)
    body, before = {"on": decided_on, **DOCUMENT}, heads(running)
    shown = preview(village.decider, f"{case}/decisions", body)
    followed = lines(shown, "assistance")
    assert ("assistance", "stops", "EntitlementStopped", "2016-09-10") in followed
    assert ("assistance", "to_decide", "OverpaidReviewOpened", "2018-06-01") in followed
    assert ("assistance", "stops", "PairingEnded", "2018-06-01") in followed
    assert value(shown, "OverpaidReviewOpened", "amount") == ["2000.00"]
    done(send(village.decider, f"{case}/decisions", body, shown["shown"]))
    derived = recorded_since(running, household, before)
    assert derived == [(s, w) for s, _, w, _ in followed]


def test_an_exit_ends_the_duty_to_find_a_helper_where_there_is_none(running: Lika) -> None:
    village = CorrectedVillage(running)
    household = village.household("2016-01-10")
    village.enrol(household, "2016-02-18")
    case = up_to_the_decision_of_an_exit(village, household, "2018-05-31")
    shown = preview(village.decider, f"{case}/decisions", {"on": "2018-05-31", **DOCUMENT})
    assert lines(shown, "assistance") == [("assistance", "stops", "duty", "2018-06-01")]
    assert (value(shown, "duty", "last"), value(shown, "duty", "duty_set")) == (["2018-07-01"], ["pairing_helper"])
    rejected = preview(village.decider, f"{case}/decisions", {"on": "2018-05-31", **DOCUMENT, "approved": False})
    assert lines(rejected) == []


def test_a_death_shows_that_the_pupils_aid_stops(running: Lika) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    path, body = f"{household}/members/{aided.pupil}/deaths", {"effective_on": "2018-05-02"}
    shown = preview(village.cadre, path, body)
    assert ("assistance", "stops", "EntitlementStopped", "2018-05-02") in lines(shown)
    assert ("registry", "stops", "MemberDied", "2018-05-02") in lines(shown)
    assert value(shown, "EntitlementStopped", "reason") == ["died"]
    done(send(village.cadre, path, body, shown["shown"]))
    wait_until_consumed(running)
    assert (aided.aid()["until"], aided.aid()["ending"]) == ("2018-05-02", "died")


def test_a_split_takes_helper_and_aid_along(running: Lika) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    head, _ = member_ids(village.cadre, household)
    body = {"effective_on": "2018-03-01", "person_ids": [aided.pupil], "head": aided.pupil}
    shown = preview(village.cadre, f"{household}/splits", body)
    assert {("assistance", "starts", "PairFormed"), ("assistance", "changes", "EntitlementTransferred")} <= {
        line[:3] for line in lines(shown)
    }
    assert shown["elsewhere"] == 0
    assert head != aided.pupil


def test_what_was_shown_to_another_or_for_something_else_is_not_kept(running: Lika) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    path, body = f"{household}/members/{aided.pupil}/deaths", {"effective_on": "2018-05-02"}
    shown = preview(village.cadre, path, body)["shown"]
    other_day = send(village.cadre, path, {"effective_on": "2018-05-01"}, shown)
    assert status_and_code(other_day) == (409, "consequences_not_shown")
    assert status_and_code(send(village.township, path, body, shown)) == (409, "consequences_not_shown")
    nowhere = send(village.cadre, path, body, f"registry/household-{id_of(household)}/1")
    assert status_and_code(nowhere) == (409, "consequences_not_shown")
    assert [each["decided_at"] for each in village.cadre.get(f"{household}/shown-consequences").json()] == [None]
    elsewhere = running.client_for("cadre-x", f"{TOWNSHIP}299", Role.CADRE)
    assert elsewhere.get(f"{household}/shown-consequences").status_code == 404


async def away(_: Question) -> Foretold:
    raise httpx.ConnectError("refused")


async def slow(_: Question) -> Foretold:
    raise Unavailable(NOT_REACHED)


def test_a_service_that_is_away_is_named_and_stops_nothing(running: Lika) -> None:
    aided = AidedHousehold(running)
    village, household = aided.village, aided.household
    registry = running.services["registry"]
    path, body = f"{household}/members/{aided.pupil}/deaths", {"effective_on": "2018-05-02"}
    all_of_them = registry.asks
    try:
        registry.asks = {**all_of_them, "assistance": slow, "monitoring": away}
        shown = preview(village.cadre, path, body)
    finally:
        registry.asks = all_of_them
    assert (shown["answered"], shown["away"]) == (["registry"], ["assistance", "monitoring"])
    assert lines(shown) == lines(shown, "registry") != []
    done(send(village.cadre, path, body, shown["shown"]))
    (kept,) = village.cadre.get(f"{household}/shown-consequences").json()
    assert (kept["away"], kept["decided_at"] is not None) == (["assistance", "monitoring"], True)


def test_the_dossier_says_which_services_were_away_before_a_decision_and_which_are_now(running: Lika) -> None:
    village = CorrectedVillage(running)
    household = village.household("2016-01-10", members=[member_body("head"), member_body("child", 2005)])
    village.enrol(household, "2016-02-18")
    wait_until_consumed(running)
    registry = running.services["registry"]
    path, body = (
        f"{household}/members/{member_ids(village.cadre, household)[1]}/deaths",
        {"effective_on": "2018-05-02"},
    )
    all_of_them = registry.asks
    whole = village.cadre.get(f"{household}/dossier").json()
    assert (whole["away"], whole["decided"]) == ([], [])
    # A helper is owed until there is one.
    assert [(line["service"], line["zh"]) for line in whole["stands"]] == [("assistance", "落实帮扶责任人")]
    try:
        registry.asks = {**all_of_them, "assistance": slow, "monitoring": away}
        shown = preview(village.cadre, path, body)
        incomplete = village.cadre.get(f"{household}/dossier").json()
    finally:
        registry.asks = all_of_them
    assert (incomplete["away"], incomplete["stands"]) == (["assistance", "monitoring"], [])
    # It was looked at, and nothing was decided yet: the dossier keeps what goes with decisions alone.
    assert incomplete["decided"] == []
    done(send(village.cadre, path, body, shown["shown"]))
    now = village.cadre.get(f"{household}/dossier").json()
    (decided,) = now["decided"]
    assert (decided["away"], decided["sha256"], now["away"]) == (
        ["assistance", "monitoring"],
        shown["sha256"],
        [],
    )
    # Of the day before the death it is not, and of another day no other service is asked.
    before = village.cadre.get(f"{household}/dossier", as_of="2018-05-01").json()
    assert (before["decided"], before["stands"], before["away"]) == ([], None, [])
    assert village.cadre.get(f"{household}/dossier", as_of="2018-05-02").json()["decided"] == [decided]


def test_a_service_in_another_process_says_the_same(running: Lika) -> None:
    aided = AidedHousehold(running)
    path, body = f"{aided.household}/members/{aided.pupil}/deaths", {"effective_on": "2018-05-02"}
    here = preview(aided.village.cadre, path, body)
    registry = running.services["registry"]
    all_of_them = registry.asks
    peers = {
        name: httpx.Client(
            transport=running.client._transport, base_url=f"http://testserver/{name}",
            headers={"Authorization": f"Bearer {running.client_for('peer', '', Role.SERVICE).token}"},
        )
        for name in ("assistance", "monitoring")
    }  # fmt: skip
    try:
        registry.asks = {**all_of_them, **{name: asked_elsewhere(peer) for name, peer in peers.items()}}
        there = preview(aided.village.cadre, path, body)
    finally:
        registry.asks = all_of_them
    assert there["lines"] == here["lines"]
    assert (there["away"], there["answered"]) == ([], here["answered"])
    # People are not told so: they ask the register, which knows what they may see.
    asked = {"log": "registry", "position": 0, "facts": []}
    assert status_and_code(aided.village.cadre.post("/assistance/consequences", asked)) == (403, "role_not_allowed")


def test_what_would_be_recorded_otherwise_by_now_has_to_be_shown_anew(running: Lika) -> None:
    village = CorrectedVillage(running)
    household = village.household("2016-01-10", members=[member_body("head"), member_body("spouse")])
    head, spouse = member_ids(village.cadre, household)
    path = f"{household}/members/{spouse}/deaths"
    body = {"effective_on": "2018-05-02", "evidence": on_paper("death_certificate")}
    shown = preview(village.cadre, path, body)["shown"]
    leaving = {"effective_on": "2018-04-30", "reason": "marriage", "successor": spouse}
    done(village.cadre.post(f"{household}/members/{head}/departures", leaving))
    # By now it is the last member's death, which ends the household.
    assert status_and_code(send(village.cadre, path, body, shown)) == (409, "consequences_shown_otherwise")
    anew = preview(village.cadre, path, body)
    assert [line[2] for line in lines(anew, "registry")] == ["MemberDied", "HouseholdCancelled"]
    done(send(village.cadre, path, body, anew["shown"]))
