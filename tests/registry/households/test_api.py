"""A household over HTTP: recorded, surveyed, corrected, and read for any day as known on any other."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from contracts.roles import Role
from services.registry.households.resident_id import check_character
from tests.registry.households.example_requests import (
    DEATH_CERTIFICATE,
    NEIGHBOUR,
    VILLAGE,
    move_accepted,
    registry_with_villages,
    status_and_code,
)
from tests.support.running import ApiClient, Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


def resident_id(serial: int, born: str = "19700101") -> str:
    digits = f"990001{born}{serial:03d}"
    return digits + check_character(digits)


def household_body(serial: int, **more: Any) -> dict[str, Any]:
    head = {
        "name": "王某",
        "sex": "male",
        "birth_year": 1970,
        "relation": "head",
        "id_number": resident_id(serial * 2 + 1),
    }
    spouse = {"name": "李某", "sex": "female", "birth_year": 1972, "relation": "spouse"}
    return {
        "division": VILLAGE,
        "effective_on": "2014-05-20",
        "address": "某组 3 号",
        "members": [head, spouse],
        **more,
    }


def record_household(cadre: ApiClient, serial: int, **more: Any) -> str:
    answer = cadre.post("/registry/households", household_body(serial, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def test_a_household_is_read_masked(cadre: ApiClient) -> None:
    read: Mapping[str, Any] = cadre.get(record_household(cadre, 1)).json()
    assert (read["status"], read["division"], len(read["members"])) == ("candidate", VILLAGE, 2)
    assert (read["address"], read["members"][0]["name"], read["members"][0]["id_number"]) == ("***", "***", "***")


def test_no_plaintext_reaches_the_log(running: Lika, cadre: ApiClient) -> None:
    record_household(cadre, 2, address="某组不可见门牌")
    entries = running.services["registry"].store.recorder.select_notifications(1, 10_000)
    assert not [e for e in entries if "不可见门牌".encode() in e.state or b"990001197001" in e.state]


def test_the_same_id_number_is_not_registered_twice(cadre: ApiClient) -> None:
    record_household(cadre, 3)
    assert status_and_code(cadre.post("/registry/households", household_body(3))) == (409, "id_number_on_register")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"division": "990001101299"}, (409, "unknown_village")),
        ({"division": NEIGHBOUR}, (404, "not_found")),
        ({"effective_on": "2014-06-02"}, (409, "future_day")),
        ({"members": []}, (422, "malformed")),
        ({"housing_m2": -1}, (422, "malformed")),
        ({"surprise": 1}, (422, "malformed")),
    ],
)
def test_bad_input_has_a_name(running: Lika, change: dict[str, Any], expected: tuple[int, str]) -> None:
    area = "990001101" if expected[1] == "unknown_village" else VILLAGE
    cadre = running.client_for("cadre-2", area, Role.CADRE)
    assert status_and_code(cadre.post("/registry/households", household_body(4, **change))) == expected


def test_two_heads_and_a_wrong_id_are_refused(cadre: ApiClient) -> None:
    two = household_body(5)
    two["members"][1]["relation"] = "head"
    assert status_and_code(cadre.post("/registry/households", two)) == (409, "household_without_head")
    wrong = household_body(5)
    number = resident_id(11)
    wrong["members"][0]["id_number"] = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert status_and_code(cadre.post("/registry/households", wrong)) == (409, "id_wrong_checksum")


def test_another_village_does_not_see_it(running: Lika, cadre: ApiClient) -> None:
    location = record_household(cadre, 6)
    assert running.client_for("cadre-3", NEIGHBOUR, Role.CADRE).get(location).status_code == 404
    assert running.client_for("reviewer-1", "990001101", Role.REVIEWER).get(location).status_code == 200


def test_households_are_listed_by_their_ids_within_the_caller_s_area(running: Lika, cadre: ApiClient) -> None:
    ids = [record_household(cadre, serial).rsplit("/", 1)[1] for serial in (21, 22, 23)]

    def listed(client: ApiClient, **asked: Any) -> list[str]:
        return [each["household_id"] for each in client.get("/registry/households", **asked).json()["items"]]

    assert listed(cadre, household_id=ids[:2]) == sorted(ids[:2])
    assert listed(cadre, household_id=ids, limit=1) == [min(ids)]
    assert listed(cadre, household_id=ids, status="registered") == []
    assert listed(cadre, household_id=ids, known_at="2014-05-01") == []
    assert listed(running.client_for("cadre-3", NEIGHBOUR, Role.CADRE), household_id=ids) == []
    assert status_and_code(cadre.get("/registry/households", household_id=ids * 34)) == (422, "malformed")
    assert status_and_code(cadre.get("/registry/households", household_id=["one"])) == (422, "malformed")


def test_a_correction_voids_a_fact_and_the_past_knowledge_stays(running: Lika, cadre: ApiClient) -> None:
    location = record_household(cadre, 7)
    body = {"effective_on": "2014-05-25", "attribute": "five_guarantees"}
    assert cadre.post(f"{location}/surveys", body).status_code == 201
    facts = cadre.get(f"{location}/facts").json()
    survey = facts[-1]
    running.client_for("operator-1", "", Role.OPERATOR).post(
        "/registry/clock/steps", {"to": "2014-06-03T09:00:00+08:00"}
    )
    wrong = {"effective_on": "2014-06-03", "acts": [survey["act"]], "reason": "录入错户"}
    assert cadre.post(f"{location}/corrections", wrong).status_code == 201
    assert cadre.get(location).json()["attribute"] == "unclassified"
    assert cadre.get(location, known_at="2014-06-02").json()["attribute"] == "five_guarantees"
    assert status_and_code(cadre.post(f"{location}/corrections", wrong)) == (409, "unknown_act")
    void, annulment = cadre.get(f"{location}/facts").json()[-2:]
    assert (void["id"], void["annulled_by"]) == (survey["id"], annulment["id"])


def test_split_move_and_death_follow_the_persons(running: Lika, cadre: ApiClient) -> None:
    location = record_household(cadre, 8)
    head, spouse = (m["person_id"] for m in cadre.get(location).json()["members"])
    lonely = {"effective_on": "2014-05-28", "person_ids": [head, spouse], "head": head}
    assert status_and_code(cadre.post(f"{location}/splits", lonely)) == (409, "nobody_stays")
    headless = {"effective_on": "2014-05-28", "person_ids": [head], "head": head}
    assert status_and_code(cadre.post(f"{location}/splits", headless)) == (409, "household_without_head")
    formed = cadre.post(f"{location}/splits", {"effective_on": "2014-05-28", "person_ids": [spouse], "head": spouse})
    new = formed.headers["Location"]
    assert [m["relation"] for m in cadre.get(new).json()["members"]] == ["head"]
    moved = {"effective_on": "2014-05-29", "from_division": VILLAGE, "to_division": NEIGHBOUR}
    over_there = running.client_for("cadre-3", NEIGHBOUR, Role.CADRE)
    move_accepted(cadre, over_there, new, moved)
    assert cadre.get(new).status_code == 404
    assert over_there.get(new).json()["division"] == NEIGHBOUR
    died = over_there.post(
        f"{new}/members/{spouse}/deaths", {"effective_on": "2014-05-30", "evidence": DEATH_CERTIFICATE}
    )
    assert died.status_code == 201, died.text
    assert over_there.get(new).json()["status"] == "cancelled"


def test_totals_count_households_and_persons(cadre: ApiClient) -> None:
    before = cadre.get("/registry/totals").json()["by_status"].get("candidate", {"households": 0, "persons": 0})
    record_household(cadre, 10)
    after = cadre.get("/registry/totals").json()["by_status"]["candidate"]
    assert (after["households"] - before["households"], after["persons"] - before["persons"]) == (1, 2)
    assert cadre.get("/registry/totals", as_of="2014-05-19").json()["by_status"] == {}
