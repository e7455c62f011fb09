"""Disclosures over HTTP: values in plain for an allowed purpose, recorded as a fact, and only once per request."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.registry.access import PersonalDataRead
from contracts.roles import Role
from tests.registry.households.example_requests import (
    VILLAGE,
    member_body,
    record_household,
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


@pytest.fixture
def request_body(cadre: ApiClient) -> dict[str, Any]:
    members = [member_body("head"), member_body("spouse", name="李某")]
    location = record_household(cadre, address="某组 3 号", members=members)
    return {"household_id": location.rpartition("/")[2], "purpose": "case", "fields": ["name", "address"]}


def test_fields_are_answered_in_plain_and_the_reading_is_a_fact(
    running: Lika, cadre: ApiClient, request_body: dict[str, Any]
) -> None:
    answer = cadre.post("/registry/disclosures", request_body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["household"] == {"address": "某组 3 号"}
    assert sorted(m["name"] for m in answer.json()["members"].values()) == ["李某", "王某"]
    fact = running.services["registry"].store.stream("access-cadre-1")[-1].fact
    assert isinstance(fact, PersonalDataRead)
    assert (fact.purpose, fact.fields) == ("case", ("name", "address"))


def test_a_repeated_request_is_answered_without_values(cadre: ApiClient, request_body: dict[str, Any]) -> None:
    cadre.post("/registry/disclosures", request_body, key="disclosure-1")
    repeated = cadre.post("/registry/disclosures", request_body, key="disclosure-1").json()
    assert (repeated["replayed"], repeated["household"], repeated["members"]) == (True, {}, {})


def test_a_purpose_that_the_role_does_not_have_is_refused(cadre: ApiClient, request_body: dict[str, Any]) -> None:
    answer = cadre.post("/registry/disclosures", {**request_body, "purpose": "payment"})
    assert status_and_code(answer) == (403, "purpose_not_allowed")
