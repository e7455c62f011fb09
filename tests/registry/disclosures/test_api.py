"""Disclosures over HTTP: values in plain for an allowed purpose that rests on something open, recorded as one fact a request."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.registry.access import MatterKind, PersonalDataRead
from contracts.roles import Role
from services.chassis.ground.limits import Limits
from services.registry.disclosures.api import MOST_ASKED
from tests.registry.disclosures.asking import ORDER, Asking
from tests.registry.households.example_requests import (
    NEIGHBOUR,
    VILLAGE,
    member_body,
    record_household,
    registry_with_villages,
    status_and_code,
)
from tests.support.readings import readings_of
from tests.support.running import ApiClient, Lika

MEMBERS = [member_body("head"), member_body("spouse", name="李某")]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def asking(cadre: ApiClient) -> Asking:
    return Asking(cadre)


def household(cadre: ApiClient, division: str = VILLAGE) -> str:
    return record_household(cadre, division, address="某组 3 号", members=MEMBERS).rpartition("/")[2]


def test_fields_of_many_are_answered_in_plain_and_the_reading_is_one_fact(
    running: Lika, cadre: ApiClient, asking: Asking
) -> None:
    households = [household(cadre) for _ in range(3)]
    answer = cadre.post("/registry/disclosures", asking.form(*households, households[0]))
    assert answer.status_code == 201, answer.text
    opened = answer.json()["households"]
    assert [each["household_id"] for each in opened] == households
    assert [each["household"] for each in opened] == [{"address": "某组 3 号"}] * 3
    assert sorted(m["name"] for m in opened[0]["members"].values()) == ["李某", "王某"]
    fact = readings_of(running.services["registry"].store, "cadre-1")[-1].fact
    assert isinstance(fact, PersonalDataRead)
    assert [str(each.household_id) for each in fact.households] == households
    assert [{*map(str, each.person_ids)} for each in fact.households] == [each["members"].keys() for each in opened]
    assert (fact.area, fact.purpose, fact.fields) == (VILLAGE, "verification", ("name", "address"))
    assert {matter.kind for matter in fact.matters} == {MatterKind.ENTRY}


def test_a_repeated_request_is_answered_without_values(running: Lika, cadre: ApiClient, asking: Asking) -> None:
    form = asking.form(household(cadre))
    cadre.post("/registry/disclosures", form, key="disclosure-1")
    read = len(readings_of(running.services["registry"].store, "cadre-1"))
    repeated = cadre.post("/registry/disclosures", form, key="disclosure-1").json()
    assert (repeated["replayed"], repeated["households"]) == (True, [])
    assert len(readings_of(running.services["registry"].store, "cadre-1")) == read


def test_one_household_elsewhere_closes_the_whole_request(running: Lika, cadre: ApiClient, asking: Asking) -> None:
    here = household(cadre)
    other = running.client_for("cadre-2", NEIGHBOUR, Role.CADRE)
    there = household(other, NEIGHBOUR)
    form = {**asking.form(here), "household_ids": [here, there]}
    answer = cadre.post("/registry/disclosures", form)
    assert status_and_code(answer) == (404, "not_found")
    assert "某组" not in answer.text


def test_more_than_200_at_once_are_malformed(cadre: ApiClient, asking: Asking) -> None:
    form = asking.form(household(cadre))
    answer = cadre.post("/registry/disclosures", {**form, "household_ids": form["household_ids"] * 201})
    assert status_and_code(answer) == (422, "malformed")


def test_as_many_as_may_be_asked_for_their_matters_fit_the_address(cadre: ApiClient) -> None:
    asked = [str(uuid4()) for _ in range(MOST_ASKED + 1)]
    whole = "/registry/disclosures/matters?" + "&".join(f"household_id={each}" for each in asked[:-1])
    assert len(whole) < Limits().target_bytes
    assert cadre.get("/registry/disclosures/matters", household_id=asked[:-1]).json() == []
    assert cadre.get("/registry/disclosures/matters", household_id=asked).status_code == 422


@pytest.mark.parametrize("purpose", ["case", "verification", "correction"])
def test_a_purpose_of_casework_needs_something_open_about_each_household(
    cadre: ApiClient, asking: Asking, purpose: str
) -> None:
    covered, other = household(cadre), household(cadre)
    form = {**asking.form(covered, purpose=purpose), "household_ids": [covered, other]}
    answer = cadre.post("/registry/disclosures", form)
    assert status_and_code(answer) == (409, "disclosure_needs_matter")
    assert answer.json()["facts"] == {"count": 1, "households": [other]}
    assert "某组" not in answer.text


@pytest.mark.parametrize("kind", list(MatterKind))
def test_a_matter_that_is_not_there_is_refused(cadre: ApiClient, asking: Asking, kind: MatterKind) -> None:
    one = household(cadre)
    matter = {"kind": kind, "id": "00000000-0000-4000-8000-000000000001"}
    answer = cadre.post("/registry/disclosures", {**asking.form(one), "matters": [matter]})
    assert status_and_code(answer) == (409, "matter_not_open")


def test_a_case_serves_while_it_is_open(cadre: ApiClient, asking: Asking) -> None:
    one = household(cadre)
    opening = {"subject": one, "procedure": "identification", "on": "2014-05-25", "grounds": "情况属实"}
    case = str(cadre.post("/registry/cases", opening).headers["Location"]).rpartition("/")[2]
    form = {**asking.form(one, purpose="case"), "matters": [{"kind": "case", "id": case}]}
    assert cadre.post("/registry/disclosures", form).status_code == 201
    withdrawn = cadre.post(f"/registry/cases/{case}/withdrawals", {"on": "2014-05-26"})
    assert withdrawn.status_code == 201, withdrawn.text
    assert status_and_code(cadre.post("/registry/disclosures", form)) == (409, "matter_not_open")


def test_an_open_finding_serves_for_its_household(cadre: ApiClient, asking: Asking) -> None:
    one = record_household(cadre, members=[member_body("head", 2010)]).rpartition("/")[2]
    finding = cadre.get("/registry/findings", subject=one).json()["items"][0]
    matter = {"kind": "finding", "id": finding["finding_id"]}
    form = {**asking.form(one, purpose="correction"), "matters": [matter]}
    assert cadre.post("/registry/disclosures", form).status_code == 201
    other = {**form, "household_ids": [household(cadre)]}
    assert status_and_code(cadre.post("/registry/disclosures", other)) == (409, "disclosure_needs_matter")


def test_what_a_disclosure_may_name_the_register_says(running: Lika, cadre: ApiClient, asking: Asking) -> None:
    one = record_household(cadre, members=[member_body("head", 2010)]).rpartition("/")[2]
    opening = {"subject": one, "procedure": "identification", "on": "2014-05-25", "grounds": "情况属实"}
    cadre.post("/registry/cases", opening)
    matters = cadre.get("/registry/disclosures/matters", household_id=[one, household(cadre)]).json()
    mine = [each for each in matters if each["household_id"] == one]
    assert {each["kind"] for each in mine} == {"case", "finding", "entry"}
    assert [each["kind"] for each in matters if each not in mine] == ["entry"]
    assert {each["since"] for each in mine if each["kind"] == "case"} == {"2014-05-25"}
    for each in mine:
        named = {**asking.form(one), "matters": [{"kind": each["kind"], "id": each["id"]}]}
        assert cadre.post("/registry/disclosures", named).status_code == 201, each
    elsewhere = running.client_for("cadre-elsewhere", "990001102201", Role.CADRE)
    assert elsewhere.get("/registry/disclosures/matters", household_id=one).json() == []


@pytest.mark.parametrize(
    ("role", "area", "purpose"),
    [(Role.AUDITOR, "", "audit"), (Role.DECIDER, "990001", "payment"), (Role.CADRE, VILLAGE, "access_request")],
)
def test_a_purpose_without_a_matter_names_its_order(
    running: Lika, cadre: ApiClient, asking: Asking, role: Role, area: str, purpose: str
) -> None:
    one, reader = household(cadre), running.client_for(f"reader-{role}", area, role)
    form = {"household_ids": [one], "purpose": purpose, "fields": ["name"]}
    assert status_and_code(reader.post("/registry/disclosures", form)) == (409, "disclosure_needs_order")
    answer = reader.post("/registry/disclosures", {**form, "order": ORDER})
    assert answer.status_code == 201, answer.text
    fact = readings_of(running.services["registry"].store, f"reader-{role}")[-1].fact
    assert isinstance(fact, PersonalDataRead)
    assert fact.order is not None
    assert fact.order.document_no == ORDER["document_no"]


def test_a_purpose_that_the_role_does_not_have_is_refused(cadre: ApiClient, asking: Asking) -> None:
    answer = cadre.post("/registry/disclosures", asking.form(household(cadre), purpose="payment"))
    assert status_and_code(answer) == (403, "purpose_not_allowed")


def test_a_dry_run_says_what_would_be_recorded_and_opens_nothing(
    running: Lika, cadre: ApiClient, asking: Asking
) -> None:
    form: dict[str, Any] = asking.form(household(cadre))
    read = len(readings_of(running.services["registry"].store, "cadre-1"))
    answer = cadre.post("/registry/disclosures?dry_run=true", form)
    assert answer.status_code == 200
    assert "某组" not in answer.text
    assert len(readings_of(running.services["registry"].store, "cadre-1")) == read
