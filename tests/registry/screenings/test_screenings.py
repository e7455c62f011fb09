"""All rural households are screened once in a round: one record for each group, with those not reached; only a clue leads further, and
a group that nobody screened is a miss, shown and escalated."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.facts import Fact
from contracts.roles import Role
from services.casework.duties.store import stream_of as duty_stream
from tests.registry.intake.import_requests import COUNTY, NEIGHBOUR, VILLAGE, cadre_of, registry_with_villages
from tests.support.running import ApiClient, Lika, all_items

GROUPS, TOWNSHIP = "/registry/village-groups", VILLAGE[:9]
AWAY = {"reason": "working_away", "households": 2, "persons": 7}
DONE: dict[str, Any] = {"on": "2023-03-20", "households": 30, "persons": 101, "not_reached": [AWAY]}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2023, 1, 10)) as started:  # noqa: DTZ001
        yield started


def step(running: Lika, day: str) -> None:
    operator = running.client_for("op-1", "", Role.OPERATOR)
    assert operator.post("/registry/clock/steps", {"to": f"{day}T09:00:00+08:00"}).status_code == 201


def listed(person: ApiClient, name: str, village: str = VILLAGE, **more: str) -> str:
    """The path of the group."""
    form = {"division": village, "name": name, "kind": "village_group", "effective_on": "2023-01-10", **more}
    answer = person.post(GROUPS, form)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code in (403, 404, 409, 422), answer.text
    return str(answer.json()["code"])


def progress(person: ApiClient, **asked: str) -> dict[str, tuple[int, ...]]:
    """Division → groups, screened, households, persons, not reached of both, clues; blank: the total."""
    found = person.get("/registry/screening-progress", **asked).json()
    names = (
        "groups", "groups_screened", "households", "persons", "missed_households", "missed_persons", "clues_found",
    )  # fmt: skip
    areas = {area["division"]: tuple(area[name] for name in names) for area in found["areas"]}
    return {"": tuple(found["total"][name] for name in names), **areas}


def shown(person: ApiClient, group: str) -> list[tuple[str, str]]:
    subject = group.rpartition("/")[2]
    entries = all_items(person, "/registry/inbox")
    return sorted((e["kind"], e["act"]["operation"]) for e in entries if e["subject"] == subject)


def missed(running: Lika, group: str) -> list[type[Fact]]:
    """What is recorded about the duty to screen it."""
    stream = duty_stream(UUID(group.rpartition("/")[2]))
    return [type(recorded.fact) for recorded in running.services["registry"].store.stream(stream)]


def test_the_year_of_a_township(running: Lika) -> None:
    cadre, other = cadre_of(running), cadre_of(running, NEIGHBOUR)
    office = running.client_for("township-office", TOWNSHIP, Role.REVIEWER)
    one, two = listed(cadre, "一组"), listed(cadre, "二组")
    hill = listed(other, "山背", NEIGHBOUR, kind="natural_village")
    step(running, "2023-03-20")

    clue = {"on": "2023-03-18", "division": VILLAGE, "name": "王某", "group": "一组", "statement": "住院花费大"}
    receipt = cadre.post("/registry/clues/screenings", clue).headers["Location"]
    found = cadre.get(receipt).json()["clue_id"]
    households = len(all_items(cadre, "/registry/households"))
    answer = cadre.post(f"{one}/screenings", {**DONE, "clues": [found]})
    assert answer.status_code == 201, answer.text
    assert len(all_items(cadre, "/registry/households")) == households, "only a clue leads to a household"
    again = cadre.post(f"{one}/screenings", DONE)
    assert code_of(again) == "group_screened_already"
    screening = again.json()["facts"]["screening"]
    assert [(s["act"], s["form"]) for s in again.json()["next"]] == [("annul_group_acts", {"facts": [screening]})]

    assert progress(office) == {
        "": (3, 1, 30, 101, 2, 7, 1), VILLAGE: (2, 1, 30, 101, 2, 7, 1), NEIGHBOUR: (1, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    assert progress(office, as_of="2023-03-19")[""] == (3, 0, 0, 0, 0, 0, 0)
    assert progress(office, known_at="2023-03-19")[""] == (3, 0, 0, 0, 0, 0, 0)
    states = {g["name"]: g["screened_on"] for g in all_items(office, GROUPS)}
    assert states == {"1组": "2023-03-20", "2组": None, "山背": None}

    step(running, "2023-03-21")
    assert [each["type"] for each in cadre.get(f"{one}/facts").json()] == ["GroupListed", "GroupScreened"]
    assert cadre.get(f"{one}/facts").json()[1]["id"] == screening
    assert code_of(other.get(f"{one}/facts")) == "not_found"
    wrong = cadre.post(f"{one}/annulments", {"facts": [screening]})
    assert wrong.status_code == 201, wrong.text
    assert progress(office)[""] == (3, 0, 0, 0, 0, 0, 0)
    assert progress(office, known_at="2023-03-20")[""] == (3, 1, 30, 101, 2, 7, 1), "as it was known then"
    assert code_of(cadre.post(f"{one}/annulments", {"facts": [screening]})) == "unknown_group_act"
    assert cadre.post(f"{one}/screenings", {**DONE, "not_reached": []}).status_code == 201

    assert shown(cadre, two) == [("due", "screen_group")]
    step(running, "2024-01-14")
    assert missed(running, two) == []
    step(running, "2024-01-15")
    assert shown(cadre, one) == [("due", "screen_group")]
    assert ("overdue", "screen_group") in shown(cadre, two)
    assert ("overdue", "screen_group") in shown(other, hill)
    assert missed(running, two) == [DutyMissed]
    late = {**DONE, "on": "2024-01-01", "clues": []}
    assert cadre.post(f"{two}/screenings", late).status_code == 201
    assert (shown(cadre, two), missed(running, two)) == ([], [DutyMissed]), "made good by the next round, and missed"
    assert cadre.post(f"{two}/screenings", {**late, "on": "2023-12-31"}).status_code == 201
    assert missed(running, two) == [DutyMissed, DutyMissesAnnulled]
    step(running, "2024-01-16")
    assert shown(office, hill) == [("escalated", "screen_group")]
    assert progress(office, as_of="2023-12-31")[""] == (3, 2, 60, 202, 2, 7, 0)
    assert progress(office)[""] == (3, 1, 30, 101, 2, 7, 0), "a round of its own"

    assert other.post(f"{hill}/delistings", {"effective_on": "2024-01-16"}).status_code == 201
    assert progress(office)[""][0] == 2
    assert progress(office, as_of="2024-01-15")[""][0] == 3


def test_what_is_refused(running: Lika) -> None:
    cadre = cadre_of(running)
    day = {"effective_on": "2023-01-10"}
    group = listed(cadre, "三组")
    again = {"division": VILLAGE, "name": "第三村民小组", "kind": "village_group", **day}
    assert code_of(cadre.post(GROUPS, again)) == "group_listed_already"
    assert code_of(cadre.post(GROUPS, {**again, "division": NEIGHBOUR})) == "not_found"
    assert code_of(cadre_of(running, COUNTY).post(GROUPS, {**again, "division": "990001101299"})) == "unknown_division"
    assert code_of(cadre_of(running, NEIGHBOUR).post(f"{group}/screenings", DONE)) == "not_found"
    assert code_of(cadre.post(f"{group}/screenings", {**DONE, "on": "2023-01-09"})) == "group_not_listed_then"
    few = {**DONE, "on": "2023-01-10", "households": 30, "persons": 29}
    assert code_of(cadre.post(f"{group}/screenings", few)) == "screening_figures_impossible"
    twice = {**DONE, "on": "2023-01-10", "not_reached": [AWAY, AWAY]}
    assert code_of(cadre.post(f"{group}/screenings", twice)) == "screening_figures_impossible"
    round_ = {"on": "2023-01-10", "division": VILLAGE, "name": "李某", "group": "三组"}
    receipt = cadre.post("/registry/clues/rounds", round_).headers["Location"]
    no_screening = {**DONE, "on": "2023-01-10", "clues": [cadre.get(receipt).json()["clue_id"]]}
    assert code_of(cadre.post(f"{group}/screenings", no_screening)) == "screening_names_other_clue"
    assert code_of(cadre.post(f"{group}/screenings", {**DONE, "on": "2099-01-10"})) == "future_day"
    office = running.client_for("township-office", TOWNSHIP, Role.REVIEWER)
    assert code_of(office.get("/registry/screening-progress", as_of="2022-12-31")) == "no_screening_round"
    assert office.get("/registry/screening-progress", as_of="2023-01-01").json()["last"] == "2023-12-31"
