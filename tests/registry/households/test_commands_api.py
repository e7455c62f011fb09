"""What cadres enter over HTTP: surveys, joins, departures; nothing for strangers, and each command only once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import (
    NEIGHBOUR,
    TOWNSHIP,
    VILLAGE,
    household_body,
    member_body,
    member_ids,
    move_accepted,
    record_household,
    registry_with_villages,
    status_and_code,
    unused_resident_id,
)
from tests.support.running import ApiClient, Lika

ON = {"effective_on": "2014-05-25"}
INCOME = {
    **ON, "period_from": "2013-01-01", "period_to": "2013-12-31", "wages": "9000.10", "business": 0, "property": 0,
    "transfers": "500", "business_costs": "0.10",
}  # fmt: skip
SECURED = {"food": True, "clothing": True, "education": True, "medical": False, "housing": True, "water": True}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("lika")
    with registry_with_villages(module_database, folder) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def neighbour(running: Lika) -> ApiClient:
    return running.client_for("cadre-2", NEIGHBOUR, Role.CADRE)


def test_incomes_are_read_by_period_with_what_they_come_to_per_head(cadre: ApiClient) -> None:
    location = record_household(cadre)
    earlier = {**INCOME, "period_from": "2012-01-01", "period_to": "2012-12-31", "wages": "100", "transfers": 0}
    for form in (INCOME, earlier):
        assert cadre.post(f"{location}/incomes", form).status_code == 201
    read = cadre.get(location).json()["incomes"]
    assert [(i["period_from"], i["net"], i["per_head"]) for i in read] == [
        ("2012-01-01", "99.90", "33.30"),
        ("2013-01-01", "9500.00", "3166.66"),
    ]
    corrected = {**INCOME, "wages": "0", "transfers": "0", "business_costs": "300"}
    assert cadre.post(f"{location}/incomes", corrected).status_code == 201
    assert cadre.get(location).json()["incomes"][1]["per_head"] == "-100.00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"wages": -1}, {"wages": "0.001"}, {"wages": "NaN"}, {"residents": 3}, {"period_to": "2012-12-31"},
        {"period": "calendar_year", "period_to": "2013-11-30"},
        {"wages": 10**10}, {"wages": True}, {"period_from": "2013"},
    ],
)  # fmt: skip
def test_an_income_that_cannot_be_is_malformed(cadre: ApiClient, wrong: dict[str, Any]) -> None:
    assert status_and_code(cadre.post(f"{record_household(cadre)}/incomes", {**INCOME, **wrong})) == (422, "malformed")


def test_conditions_are_read_as_surveyed_last(cadre: ApiClient) -> None:
    """M010; and for any earlier day as they were then."""
    location = record_household(cadre)
    assert cadre.get(location).json()["conditions"] is None
    assert cadre.post(f"{location}/conditions", {**ON, **SECURED}).status_code == 201
    again = {"effective_on": "2014-05-27", **SECURED, "medical": True}
    assert cadre.post(f"{location}/conditions", again).status_code == 201
    medical = [cadre.get(location, as_of=f"2014-05-{d}").json()["conditions"]["medical"] for d in (25, 26, 27, 28)]
    assert medical == [False, False, True, True]


def test_what_a_visit_measures_is_read_back(cadre: ApiClient) -> None:
    location = record_household(cadre, arable_mu="3.5")
    causes = {"main_cause": "illness", "other_causes": ["disability", "no_labour"]}
    assert cadre.post(f"{location}/surveys", {**ON, "housing_m2": "40.25", **causes}).status_code == 201
    read = cadre.get(location).json()
    assert (read["arable_mu"], read["housing_m2"], read["forest_mu"]) == ("3.500", "40.250", None)
    assert {field: read[field] for field in causes} == causes


@pytest.mark.parametrize("causes", [("illness", ["illness"]), ("illness", ["disability"] * 2), (None, ["other"] * 2)])
def test_a_cause_of_poverty_is_named_once(cadre: ApiClient, causes: tuple[str | None, list[str]]) -> None:
    """M011."""
    named: dict[str, Any] = {"main_cause": causes[0], "other_causes": causes[1]}
    assert status_and_code(cadre.post("/registry/households", household_body(**named))) == (422, "malformed")
    assert status_and_code(cadre.post(f"{record_household(cadre)}/surveys", {**ON, **named})) == (422, "malformed")


def test_a_person_the_register_knows_joins_another_household_and_keeps_their_id(cadre: ApiClient) -> None:
    number = unused_resident_id(1990)
    known = member_body("child", 1990, id_number=number)
    old = record_household(cadre, members=[member_body("head", id_number=unused_resident_id()), known])
    new, (_, person) = record_household(cadre), member_ids(cadre, old)
    joining = {**ON, "reason": "marriage", "member": {**known, "relation": "child_in_law"}}
    there = f"{new}/members"
    stranger = cadre.post(there, joining)
    assert status_and_code(stranger) == (409, "id_number_on_register")
    assert stranger.json()["facts"]["holder"] == person
    assert status_and_code(cadre.post(there, {**joining, "person_id": person})) == (409, "member_of_another_household")
    gone = cadre.post(f"{old}/members/{person}/departures", {"effective_on": "2014-05-24", "reason": "marriage"})
    assert gone.status_code == 201
    for unconfirmed in ({"id_number": None}, {"id_number": unused_resident_id(1990)}):
        form = {**joining, "person_id": person, "member": {**joining["member"], **unconfirmed}}  # type: ignore[dict-item]
        assert status_and_code(cadre.post(there, form)) == (409, "person_not_confirmed")
    assert cadre.post(there, {**joining, "person_id": person}).status_code == 201
    assert person in member_ids(cadre, new)
    assert person not in member_ids(cadre, old)


def test_a_disabled_persons_card_is_the_same_number(cadre: ApiClient) -> None:
    number = unused_resident_id()
    record_household(cadre, members=[member_body("head", id_number=number)])
    for card in (number + "43", number + "43B1", number.lower()):
        again = household_body(members=[member_body("head", id_number=card)])
        assert status_and_code(cadre.post("/registry/households", again)) == (409, "id_number_on_register")


def test_the_dead_do_not_join(cadre: ApiClient) -> None:
    mother = member_body("parent", 1940, id_number=unused_resident_id(1940))
    old = record_household(cadre, members=[member_body("head", id_number=unused_resident_id()), mother])
    person = member_ids(cadre, old)[1]
    assert cadre.post(f"{old}/members/{person}/deaths", ON).status_code == 201
    joining = {"effective_on": "2014-05-26", "reason": "returned_home", "member": mother, "person_id": person}
    for there in (old, record_household(cadre)):
        assert status_and_code(cadre.post(f"{there}/members", joining)) == (409, "person_died")


def test_a_head_departs_with_a_successor(cadre: ApiClient) -> None:
    location = record_household(cadre)
    head, spouse, child = member_ids(cadre, location)
    leaving = {**ON, "reason": "moved_away"}
    assert status_and_code(cadre.post(f"{location}/members/{head}/departures", leaving)) == (
        409,
        "household_without_head",
    )
    unasked = cadre.post(f"{location}/members/{child}/departures", {**leaving, "successor": spouse})
    assert status_and_code(unasked) == (409, "successor_not_needed")
    assert cadre.post(f"{location}/members/{head}/departures", {**leaving, "successor": spouse}).status_code == 201
    read = cadre.get(location).json()["members"]
    assert [(m["person_id"], m["relation"]) for m in read] == [(spouse, "head"), (child, "child")]
    assert len(member_ids(cadre, location, as_of="2014-05-24")) == 3


def test_a_household_number_is_given_once_and_is_not_blank(cadre: ApiClient) -> None:
    record_household(cadre, national_no="990001-77")
    again = cadre.post("/registry/households", household_body(national_no="990001-77"))
    assert status_and_code(again) == (409, "household_no_on_register")
    for blank in ("", " ", "户1"):
        assert status_and_code(cadre.post("/registry/households", household_body(national_no=blank))) == (
            422,
            "malformed",
        )


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"effective_on": "2014-05-02", "precision": "month"}, "day_is_not_first_of_period"),
        ({"effective_on": "2014-02-01", "precision": "year"}, "day_is_not_first_of_period"),
        ({"members": [member_body("head", 2015)]}, "member_not_yet_born"),
        ({"effective_on": "2014-06-02"}, "future_day"),
    ],
)
def test_a_day_that_cannot_be_is_refused(cadre: ApiClient, form: dict[str, Any], code: str) -> None:
    assert status_and_code(cadre.post("/registry/households", household_body(**form))) == (409, code)


def test_a_household_known_to_the_year_stands_from_its_first_day(cadre: ApiClient) -> None:
    location = record_household(cadre, effective_on="2014-01-01", precision="year")
    assert [cadre.get(location, as_of=d).status_code for d in ("2013-12-31", "2014-01-01")] == [404, 200]


def test_nobody_is_split_off_twice(cadre: ApiClient) -> None:
    location = record_household(cadre)
    _, spouse, _ = member_ids(cadre, location)
    twice = {**ON, "person_ids": [spouse, spouse], "head": spouse}
    assert status_and_code(cadre.post(f"{location}/splits", twice)) == (422, "malformed")


def test_a_split_before_a_move_does_not_reach_into_the_former_village(cadre: ApiClient, neighbour: ApiClient) -> None:
    location = record_household(cadre)
    _, spouse, _ = member_ids(cadre, location)
    move = {"effective_on": "2014-05-28", "from_division": VILLAGE, "to_division": NEIGHBOUR}
    move_accepted(cadre, neighbour, location, move)
    for on, status in (("2014-05-27", 404), ("2014-05-28", 201)):
        split = {"effective_on": on, "person_ids": [spouse], "head": spouse}
        assert neighbour.post(f"{location}/splits", split).status_code == status


def commands(
    location: str, person: str, other: str, act: str = str(UUID(int=0))
) -> dict[str, tuple[str, dict[str, Any]]]:
    """One of each kind, in an order in which all of them are possible. ``person`` and ``other`` are no heads."""
    moving = {"effective_on": "2014-05-29", "from_division": VILLAGE, "to_division": VILLAGE[:-1] + "2"}
    return {
        "recording": (f"{location}/recordings", household_body()),
        "survey": (f"{location}/surveys", {**ON, "phone": "13800000000"}),
        "income": (f"{location}/incomes", INCOME),
        "conditions": (f"{location}/conditions", {**ON, **SECURED}),
        "member survey": (f"{location}/members/{person}/surveys", {**ON, "school": "某校"}),
        "join": (f"{location}/members", {**ON, "reason": "birth", "member": member_body("child", 2014)}),
        "correction": (f"{location}/corrections", {**ON, "acts": [act], "reason": "录错"}),
        "departure": (f"{location}/members/{person}/departures", {**ON, "reason": "other"}),
        "death": (f"{location}/members/{other}/deaths", ON),
        "split": (f"{location}/splits", {**ON, "person_ids": [other], "head": other}),
        "move": (f"{location}/moves", moving),
    }


KINDS = list(commands("", "", ""))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_absent_and_what_lies_elsewhere_are_refused_alike(
    cadre: ApiClient, neighbour: ApiClient, kind: str
) -> None:
    location = record_household(cadre)
    _, person, other = member_ids(cadre, location)
    path, body = commands(location, person, other)[kind]
    absent_path, absent_body = commands(f"/registry/households/{uuid4()}", person, other)[kind]
    outside, absent = neighbour.post(path, body), neighbour.post(absent_path, absent_body)
    assert status_and_code(outside) == (404, "not_found")
    assert outside.json() == absent.json()
    assert len(cadre.get(f"{location}/facts").json()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_only_cadres_enter(running: Lika, cadre: ApiClient, kind: str) -> None:
    location = record_household(cadre)
    _, person, other = member_ids(cadre, location)
    reviewer = running.client_for("reviewer-1", TOWNSHIP, Role.REVIEWER)
    assert status_and_code(reviewer.post(*commands(location, person, other)[kind])) == (403, "role_not_allowed")


@pytest.mark.parametrize("kind", KINDS)
def test_a_command_sent_again_has_one_effect_and_the_same_answer(running: Lika, cadre: ApiClient, kind: str) -> None:
    location = record_household(cadre)
    _, person, other = member_ids(cadre, location)
    assert cadre.post(f"{location}/surveys", ON).status_code == 201
    log, key = running.services["registry"].store, str(uuid4())
    act = cadre.get(f"{location}/facts").json()[-1]["act"]
    path, body = commands(location, person, other, act)[kind]
    first = cadre.post(path, body, key=key)
    assert first.status_code == 201, first.text
    head = log.head().position
    again = cadre.post(path, body, key=key)
    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    assert again.json() == {**first.json(), "replayed": True}
    assert log.head().position == head
    assert status_and_code(cadre.post(path, {**body, "precision": "month"}, key=key)) == (409, "idempotency_key_reused")


def test_a_household_recorded_twice_with_one_key_is_one(cadre: ApiClient) -> None:
    body, key = household_body(), str(uuid4())
    first, again = (cadre.post("/registry/households", body, key=key) for _ in range(2))
    assert again.json() == {**first.json(), "replayed": True}
    assert len(member_ids(cadre, first.headers["Location"])) == 3


def test_a_refusal_sent_again_is_the_same_refusal_even_when_it_would_now_pass(cadre: ApiClient) -> None:
    location, key = record_household(cadre), str(uuid4())
    _, spouse, _ = member_ids(cadre, location)
    joining = {
        **ON,
        "reason": "returned_home",
        "member": member_body("other", 1960, id_number=unused_resident_id(1960)),
    }
    leaving = {"effective_on": "2014-05-20", "reason": "other", "successor": spouse}
    refused = cadre.post(f"{location}/members/{spouse}/departures", leaving, key=key)
    assert status_and_code(refused) == (409, "successor_not_needed")
    assert cadre.post(f"{location}/members", joining).status_code == 201
    again = cadre.post(f"{location}/members/{spouse}/departures", leaving, key=key)
    assert again.json() == refused.json()


def test_of_a_refusal_sent_again_only_the_figures_are_gone(cadre: ApiClient) -> None:
    """They are not kept; the message is worded so that it stands without them."""
    body, key = household_body(effective_on="2014-06-02"), str(uuid4())
    first, again = (cadre.post("/registry/households", body, key=key).json() for _ in range(2))
    assert first["facts"] == {"day": "2014-06-02", "today": "2014-06-01"}
    assert "今天：2014-06-01" in first["detail"]
    assert again == {**first, "facts": {}, "detail": f"{first['title']}\n{first['title_en']}"}
