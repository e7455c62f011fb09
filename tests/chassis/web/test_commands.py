"""Commands over HTTP: one effect and one answer for each request, whatever becomes of the connection."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from contracts.roles import Role
from services.chassis.log import group_commit
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from tests.chassis.lost_commit_reply import LostReplyPipeline, lose_next_commit_reply
from tests.chassis.sample import rows, sample
from tests.support.running import ApiClient, Lika, lika

BODY = {"effective_on": "2014-06-01"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with lika([sample], module_database, tmp_path_factory.mktemp("sample")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", "990001", Role.CADRE)


@pytest.fixture
def store(running: Lika) -> Store:
    return running.services["sample"].store


@pytest.fixture
def path() -> str:
    return f"/sample/households/{uuid4()}/enrolments"


@pytest.fixture
def key() -> str:
    return str(uuid4())


def effects(store: Store, path: str) -> int:
    return len(store.stream(f"household-{path.split('/')[3]}"))


def test_the_same_request_again_has_the_same_answer_and_no_second_effect(
    cadre: ApiClient, store: Store, path: str, key: str
) -> None:
    first, again = (cadre.post(path, BODY, key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["location"] == first.headers["location"] == path.removesuffix("/enrolments")
    assert again.json() == {**first.json(), "replayed": True}
    assert again.headers["lika-position"] == first.headers["lika-position"]
    assert effects(store, path) == 1


@pytest.mark.parametrize("query", ["", "?trial=true"])
def test_the_key_of_another_request_is_refused(cadre: ApiClient, store: Store, path: str, key: str, query: str) -> None:
    path = path.replace("enrolments", "returns")
    cadre.post(path, BODY, key=key)
    body = BODY if query else {"effective_on": "2014-07-01"}
    other = cadre.post(path + query, body, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert cadre.post(path, BODY, key=key).json()["replayed"]
    assert effects(store, path) == 1


def test_of_two_keys_none_is_taken(running: Lika, cadre: ApiClient, store: Store, path: str) -> None:
    """Which of them is meant, a proxy or a client that sends it again may see otherwise."""
    keys = [("Idempotency-Key", "the-first-key"), ("Idempotency-Key", "the-second-key")]
    answer = running.client.post(path, json=BODY, headers=[("Authorization", f"Bearer {cadre.token}"), *keys])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "repeated_parameter")
    assert effects(store, path) == 0


def test_a_refusal_is_remembered_even_when_it_would_be_accepted_by_now(
    cadre: ApiClient, store: Store, path: str, key: str
) -> None:
    refused = [cadre.post(path, {"trouble": "refused"}, key=key) for _ in range(2)]
    assert [(r.status_code, r.json()["code"]) for r in refused] == [(409, "sample_too_many")] * 2
    assert refused[0].json()["facts"] == {"limit": 3}
    assert refused[0].json()["title"] == refused[1].json()["title"]
    assert effects(store, path) == 0


def test_keys_are_each_caller_s_own_and_each_address_s_own(
    running: Lika, cadre: ApiClient, store: Store, path: str, key: str
) -> None:
    colleague = running.client_for("cadre-2", "990001", Role.CADRE)
    other_path = f"/sample/households/{uuid4()}/enrolments"
    answers = [
        cadre.post(path, BODY, key=key),
        colleague.post(path, BODY, key=key),
        cadre.post(other_path, BODY, key=key),
    ]
    assert [a.json()["replayed"] for a in answers] == [False, False, False]
    assert (effects(store, path), effects(store, other_path)) == (2, 1)


def test_what_is_malformed_or_not_allowed_takes_no_key(running: Lika, cadre: ApiClient, path: str, key: str) -> None:
    auditor = running.client_for("cadre-1", "990001", Role.AUDITOR)
    assert auditor.post(path, BODY, key=key).status_code == 403
    assert cadre.post(path, {"effective_on": "yesterday"}, key=key).status_code == 422
    assert cadre.post(path, BODY, key="short").status_code == 422
    assert cadre.post(path, BODY, key=key).json()["replayed"] is False


def test_a_command_whose_commit_was_not_answered_is_found_and_not_done_again(
    cadre: ApiClient, store: Store, path: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_next_commit_reply(store, monkeypatch)
    answer = cadre.post(path, BODY, key=key)
    assert not LostReplyPipeline.armed
    assert (answer.status_code, answer.json()["position"]) == (201, {"sample": store.position()})
    assert effects(store, path) == 1
    store._leader._hang_up()


def test_a_database_that_stays_away_is_told_with_a_time_to_come_back(
    cadre: ApiClient, store: Store, path: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> psycopg.Connection[tuple[object, ...]]:
        raise psycopg.OperationalError("connection refused")

    with monkeypatch.context() as outage:
        outage.setattr(group_commit, "PATIENCE", 0.1)
        outage.setattr(store._leader, "_connect", away)
        store._leader._hang_up()
        answer = cadre.post(path, BODY, key=key)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.headers["content-type"] == "application/problem+json"
    assert cadre.post(path, BODY, key=key).json()["replayed"] is False
    assert effects(store, path) == 1


def test_reads_survive_the_loss_of_every_connection(
    cadre: ApiClient, store: Store, path: str, cut_off: Callable[[str], int]
) -> None:
    cadre.post(path, BODY)
    assert cut_off(store._conninfo) > 0
    answers = [cadre.get("/sample/households") for _ in range(12)]
    assert {a.status_code for a in answers} <= {200, 503}
    assert all(a.headers["retry-after"] for a in answers if a.status_code == 503)
    assert answers[-1].json()[path.split("/")[3]] == "HouseholdEnrolled"


def test_a_command_records_who_asked_and_what_became_of_it_but_never_the_body(
    cadre: ApiClient, store: Store, path: str, key: str
) -> None:
    cadre.post(path, BODY, key=key)
    (found,) = rows(store, "SELECT principal, route, status, code, digest FROM commands WHERE key = %s", key)
    assert found[:4] == ("cadre-1", f"POST {path}", 201, None)
    assert len(found[4]) == 32
    (fact,) = store.stream(f"household-{path.split('/')[3]}")
    assert rows(store, "SELECT key FROM commands WHERE command_id = %s", fact.command_id) == [(key,)]


def test_a_unit_with_a_defect_is_an_incident_for_its_caller_alone(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    broken: list[object] = ["first"]

    def during(tx: Tx) -> None:
        if broken:
            raise LookupError(broken.pop())

    with lika([lambda env: sample(env, during=during)], database, tmp_path) as started:
        cadre = started.client_for("cadre-1", "990001", Role.CADRE)
        target, key = f"/sample/households/{uuid4()}/enrolments", str(uuid4())
        assert cadre.post(target, BODY, key=key).status_code == 500
        # Nothing was decided, so the same request may be sent again.
        assert cadre.post(target, BODY, key=key).json()["replayed"] is False
