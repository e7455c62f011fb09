"""The vault over HTTP: who may ask for what, what is seen of it, and what happens while it is away."""

import socket
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import structlog

from services.chassis.ground import metrics
from services.chassis.ground.refusals import Unavailable
from services.chassis.security import vault_client
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.vault_client import VAULT_AWAY, VAULT_DENIES, VaultClient
from services.chassis.security.vault_messages import AT_ONCE
from services.registry.vault.access import ACCESS, ASKERS
from services.registry.vault.keys import VAULT
from tests.registry.vault.conftest import SERVICES, VaultHouse
from tests.support.security_lines import security_lines
from tests.support.services import peer_client

Refusal = Callable[[str, str, Any], tuple[int, str]]
PERSON = str(uuid4())
REQUESTS: dict[str, tuple[str, Any]] = {
    "make_keys": ("/vault/keys", {"subjects": [PERSON]}),
    "read_keys": ("/vault/keys/readings", {"subjects": [PERSON]}),
    "compare_keys": ("/vault/keys/comparisons", {"keys": [{"subject": PERSON, "id": 1}]}),
    "list_concerns": ("/vault/concerns", {"key": PERSON, "subjects": [PERSON]}),
    "read_concerns": ("/vault/concerns/readings", {"subject": PERSON}),
    "destroy_key": ("/vault/destructions", {"subject": PERSON}),
}


def asked(service: str, kind: str) -> float:
    return metrics.REGISTRY.get_sample_value("lika_vault_keys_total", {"service": service, "kind": kind}) or 0.0


def unavailable(ask: Callable[[], object]) -> Unavailable:
    with pytest.raises(Unavailable) as away:
        ask()
    assert (away.value.rule.status, "Retry-After" in away.value.headers) == (503, True)
    return away.value


@pytest.mark.parametrize("act", REQUESTS)
def test_each_service_may_ask_for_what_the_access_table_says(refused_at: Refusal, act: str) -> None:
    path, body = REQUESTS[act]
    for service in SERVICES:
        status, code = refused_at(service, path, body)
        if service in ASKERS[act]:
            assert status in (200, 204), service
        else:
            assert (status, code) == (403, "not_for_this_service"), service


def test_the_audit_gets_no_key_and_only_the_registry_may_shred() -> None:
    assert not any("audit" in services for services in ASKERS.values())
    assert ASKERS["destroy_key"] == {"registry"}
    assert ASKERS.keys() == {row.act for row in ACCESS.rows.values() if not row.is_public}


def test_a_stranger_and_a_token_without_a_key_of_the_installation_are_refused(vault_house: VaultHouse) -> None:
    stranger = VaultClient(peer_client(ServiceKey.generate("registry"), VAULT, vault_house.url))
    with structlog.testing.capture_logs() as lines:
        assert unavailable(lambda: stranger.keys_for([uuid4()])).rule is VAULT_DENIES
    assert [(line["event"], line["status"]) for line in lines if line["event"] == "vault_denies"] == [
        ("vault_denies", 401)
    ]
    stranger.close()
    assert httpx.post(f"{vault_house.url}/vault/keys", json={"subjects": [PERSON]}).status_code == 401


def test_keys_are_in_the_body_alone_and_nobody_may_store_it(vault_house: VaultHouse) -> None:
    person = str(uuid4())
    with peer_client(SERVICES["registry"], VAULT, vault_house.url) as client:
        answer = client.post("/vault/keys", json={"subjects": [person]})
    (key,) = answer.json()["keys"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert person not in str(answer.url) + str(answer.headers)
    assert len(key["secret"]) == 44
    assert key["secret"] not in str(answer.headers)


def test_more_at_once_than_agreed_is_refused_and_the_agreed_number_needs_no_slot_for_large_bodies(
    refused_at: Refusal,
) -> None:
    too_many = {"subjects": [str(uuid4()) for _ in range(AT_ONCE + 1)]}
    assert refused_at("registry", "/vault/keys/readings", too_many) == (422, "malformed")


def test_who_asked_for_how_many_is_counted_and_told_without_saying_whose(vault_house: VaultHouse) -> None:
    persons = [uuid4() for _ in range(12)]
    before = asked("assistance", "make_keys"), asked("assistance", "compare_keys"), asked("registry", "destroy_key")
    with security_lines() as lines:
        client = vault_house.over_http("assistance")
        made = client.keys_for(persons)
        client.unusable_among([(key.subject, key.id) for key in made.values()][:5])
        vault_house.over_http().shred(persons[0])
    after = asked("assistance", "make_keys"), asked("assistance", "compare_keys"), asked("registry", "destroy_key")
    assert [now - then for now, then in zip(after, before, strict=True)] == [12, 5, 1]
    told = [(line["event"], line["service"], line["account"], line["count"]) for line in lines if "count" in line]
    assert told == [
        ("data_keys_given", "vault", "service:assistance", 12), ("data_keys_compared", "vault", "service:assistance", 5),
        ("data_key_destroyed", "vault", "service:registry", 1),
    ]  # fmt: skip
    assert not any(str(person) in str(lines) for person in persons)
    assert not any(key.secret.hex() in str(lines) for key in made.values())


def test_while_the_vault_is_away_requests_are_answered_at_once_and_nothing_is_half_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = VaultClient(peer_client(SERVICES["registry"], VAULT, f"http://127.0.0.1:{port}"))
    assert unavailable(lambda: client.keys_for([uuid4()])).rule is VAULT_AWAY
    calls: list[object] = []
    monkeypatch.setattr(client._client, "request", lambda *arguments, **_: calls.append(arguments))
    assert unavailable(lambda: client.keys_for([uuid4()])).rule is VAULT_AWAY
    assert unavailable(lambda: client.shred(uuid4())).rule is VAULT_AWAY
    assert calls == []  # it rests for a moment
    client.close()


def answering(status: int, content: bytes, kind: str = "application/json") -> VaultClient:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content, headers={"Content-Type": kind}))
    return VaultClient(httpx.Client(base_url="http://vault.test", transport=transport))


@pytest.mark.parametrize(
    ("status", "content"),
    [(503, b'{"code": "database_unavailable"}'), (500, b"<html>"), (404, b"{}"), (200, b"not json"), (200, b'{"keys": 1}'),
     (200, b'{"keys": [], "unusable": [{"subject": "00000000-0000-0000-0000-000000000001", "code": "of_tomorrow"}]}')],
)  # fmt: skip
def test_whoever_answers_otherwise_than_the_vault_does_counts_as_away(status: int, content: bytes) -> None:
    assert unavailable(lambda: answering(status, content).keys_for([UUID(int=1)])).rule is VAULT_AWAY


def test_a_connection_that_was_closed_while_idle_is_made_again(vault_house: VaultHouse) -> None:
    client = vault_house.over_http()
    client.keys_for([uuid4()])
    send = client._client._transport.handle_request
    failed: list[httpx.Request] = []

    def closed_once(request: httpx.Request) -> httpx.Response:
        if not failed:
            failed.append(request)
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return send(request)

    client._client._transport.handle_request = closed_once  # type: ignore[method-assign]
    assert len(client.keys_for([uuid4()])) == 1
    assert failed


def test_no_request_waits_longer_than_a_moment_for_the_vault() -> None:
    assert vault_client.TIMEOUT.connect == 1.0
    assert vault_client.TIMEOUT.read is not None
    assert vault_client.TIMEOUT.read <= 10


def test_the_vault_says_whether_it_can_serve(vault_house: VaultHouse) -> None:
    assert httpx.get(f"{vault_house.url}/vault/health/ready").json() == {"status": "up"}
    assert httpx.get(f"{vault_house.url}/vault/health/live").json() == {"status": "up"}
