"""What whoever works in the register is told when the vault lost a key: neither that it was shredded, nor a failure, and nothing
is sealed under another key."""

from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest
import structlog

from contracts.roles import Role
from services.chassis.following import sealed_subjects
from services.chassis.following.sealed_subjects import KeyComparison, SealedSubjectsView
from services.chassis.ground.refusals import Unavailable
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.security.key_cache import CachedDataKeys
from services.registry.households.domain import stream_of
from services.registry.searches.feed import IdentityDigests
from services.registry.vault.keys import VAULT
from tests.registry.disclosures.asking import ORDER
from tests.registry.households.example_requests import (
    VILLAGE,
    member_body,
    member_ids,
    record_household,
    registry_with_villages,
    status_and_code,
    unused_resident_id,
)
from tests.support.databases import as_superuser
from tests.support.running import ApiClient, Lika

LOST = (409, "data_key_missing")
SURVEY = {"effective_on": "2014-05-21", "phone": "13911111111"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def data_keys(running: Lika) -> CachedDataKeys:
    found = running.services["registry"].environment.open_data_keys()
    assert isinstance(found, CachedDataKeys)
    return found


@pytest.fixture
def lose(running: Lika, data_keys: CachedDataKeys) -> Callable[[UUID], None]:
    """As when the vault was restored from a backup of before; and the minute is over for which keys are at hand."""

    def run(subject: UUID) -> None:
        conninfo = running.services["registry"].environment.conninfo(VAULT)
        with psycopg.connect(as_superuser(conninfo)) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM data_keys WHERE subject = %s", (subject,))
        data_keys._cache.clear()

    return run


def person_and_household(cadre: ApiClient) -> tuple[UUID, str]:
    location = record_household(
        cadre, members=[member_body("head", id_number=unused_resident_id(), phone="13900000000")]
    )
    (person,) = member_ids(cadre, location)
    return UUID(person), location


def survey(cadre: ApiClient, location: str, person: UUID) -> tuple[int, str]:
    answer = cadre.post(f"{location}/members/{person}/surveys", SURVEY)
    return answer.status_code, answer.json().get("code", "")


def test_what_was_sealed_can_be_neither_read_nor_sealed_again(
    running: Lika, cadre: ApiClient, lose: Callable[[UUID], None]
) -> None:
    person, location = person_and_household(cadre)
    other, elsewhere = person_and_household(cadre)
    lose(person)
    tried = cadre.post(f"{location}/members/{person}/surveys", SURVEY, params={"dry_run": "true"})
    assert [each["code"] for each in tried.json()["refused"]] == ["data_key_missing"]
    assert survey(cadre, location, person) == LOST
    assert survey(cadre, elsewhere, other) == (201, "")  # whose key is there
    with psycopg.connect(running.services["registry"].environment.conninfo(VAULT)) as connection:
        assert connection.execute("SELECT FROM data_keys WHERE subject = %s", (person,)).fetchone() is None
    auditor = running.client_for("auditor-1", "", Role.AUDITOR)
    form = {
        "household_ids": [location.rpartition("/")[2]], "purpose": "audit", "fields": ["name"], "order": ORDER,
    }  # fmt: skip
    refused = auditor.post("/registry/disclosures", form)
    assert status_and_code(refused) == LOST
    assert refused.json()["facts"] == {"keys": 1}
    assert "shredded" not in refused.text
    assert "restore" in refused.json()["title_en"]
    assert str(person) not in refused.text


def test_a_log_knows_under_whose_keys_it_is_sealed_and_a_comparison_finds_what_is_lost(
    running: Lika, cadre: ApiClient, data_keys: CachedDataKeys, lose: Callable[[UUID], None]
) -> None:
    person, location = person_and_household(cadre)
    store = running.services["registry"].store
    recorded = store.stream(stream_of(UUID(location.rpartition("/")[2])))[0]
    comparison = KeyComparison(store, data_keys)
    assert sealed_subjects.sealed_under(recorded.fact) == {(person, data_keys.keys_for([person])[person].id)}
    assert not any(
        place == ("registry", recorded.position) for places in comparison.step().values() for place in places
    )
    lose(person)
    with structlog.testing.capture_logs() as lines:
        found = comparison.step()
    assert ("registry", recorded.position) in found["data_key_missing"]
    (told,) = (line for line in lines if line["event"] == "data_keys_unusable")
    assert (told["service"], told["code"], told["log"]) == ("registry", "data_key_missing", "registry")
    assert str(person) not in str(lines)


def test_people_whose_key_is_lost_are_not_searched_for_and_everybody_else_is(
    running: Lika, cadre: ApiClient, lose: Callable[[UUID], None]
) -> None:
    person, location = person_and_household(cadre)
    lose(person)
    service = running.services["registry"]
    household = UUID(location.rpartition("/")[2])
    rows = IdentityDigests(service.environment.open_data_keys, service.environment.sealer(service.store).digest)
    with structlog.testing.capture_logs() as lines:
        assert rows(household, service.store.stream(stream_of(household))) == ([], [])
    assert [line["kind"] for line in lines] == ["DataKeyUnusable"]


def test_a_vault_that_is_away_holds_a_consumer_up_and_parks_nobody() -> None:
    assert issubclass(Unavailable, UNREACHABLE)


def test_only_facts_with_personal_values_are_looked_at() -> None:
    assert {"HouseholdRecorded", "MemberJoined", "StaffRegistered"} <= SealedSubjectsView().types
    assert not {"HouseholdExited", "DivisionDeclared"} & SealedSubjectsView().types
    assert SealedSubjectsView(frozenset({"HouseholdRecorded", "HouseholdExited"})).types == {"HouseholdRecorded"}
