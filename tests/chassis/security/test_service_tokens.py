"""Services know one another by keys of their own; neither kind of key stands in for the other."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from joserfc import jwt

from contracts.roles import Role
from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.settings import Settings
from services.chassis.security.actor import Actor
from services.chassis.security.service_keys import ServiceKey, ServiceKeyUnusable, public_set
from services.chassis.security.service_tokens import LIFE, TYPE, ServiceAuth, service_token
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.security.verifier import Unauthenticated, Verifier
from tests.support.services import services_set

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
REGISTRY, AUDIT = ServiceKey.generate("registry"), ServiceKey.generate("audit")
SECOND = timedelta(seconds=1)


class Here:
    """The vault, asked at moments of the test's choice."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW
        self.settings = Settings(data_dir=folder, services_jwks_file=services_set(folder, [REGISTRY, AUDIT]))
        self.verifier = Verifier.of(self.settings, now=lambda: self.now, here=["vault"])

    def actor(self, token: str) -> Actor:
        return anyio.run(self.verifier.actor, token)

    def refusal(self, token: str) -> str:
        with pytest.raises(Unauthenticated) as refused:
            self.actor(token)
        assert refused.value.rule.status == 401
        return refused.value.rule.code


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    # The set is looked at for every token, not once a second.
    monkeypatch.setattr("services.chassis.security.service_tokens.LOOK_AGAIN_SECONDS", 0.0)
    return Here(tmp_path)


def signed(key: ServiceKey, header: Mapping[str, Any] | None = None, **changes: Any) -> str:
    """A token like the service's own, but for what is changed."""
    issued = int(NOW.timestamp())
    account = f"service:{key.name}"
    claims = {"iss": account, "sub": account, "aud": "service:vault", "roles": ["service"], "iat": issued}
    claims |= {"exp": issued + 300, **changes}
    return jwt.encode(
        {"alg": "Ed25519", "kid": key.name, "typ": TYPE, **(header or {})}, claims, key.key, algorithms=["Ed25519"]
    )


def test_a_service_is_known_by_its_own_key_and_is_no_person(here: Here) -> None:
    actor = here.actor(service_token(REGISTRY, "vault", NOW))
    assert (actor.service, actor.roles, actor.division) == ("registry", frozenset({Role.SERVICE}), "")
    assert here.actor(signed(REGISTRY)) == actor
    with pytest.raises(ValueError, match="reserved"):
        Actor(actor.subject, frozenset({Role.AUDITOR}), "")


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ["auditor"]},
        {"roles": ["service", "auditor"]},
        {"sub": "service:audit"},
        {"iss": "service:audit"},
        {"sub": "zhang3"},
        {"exp": int(NOW.timestamp()) + 3600},
        {"iat": int(NOW.timestamp()) + 60, "exp": int(NOW.timestamp()) + 120},
        {"exp": None},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_service_speaks_for_itself_only_and_for_minutes(here: Here, changes: dict[str, Any]) -> None:
    assert here.refusal(signed(REGISTRY, **changes)) == "service_token_not_accepted"


def test_another_s_name_does_not_fit_a_key(here: Here) -> None:
    assert here.refusal(signed(REGISTRY, {"kid": "audit"})) == "service_token_not_accepted"
    assert here.refusal(signed(ServiceKey.generate("registry"))) == "service_token_not_accepted"
    assert here.refusal(signed(ServiceKey.generate("monitoring"))) == "service_key_unknown"


def test_a_token_is_good_for_one_peer(here: Here) -> None:
    assert here.refusal(service_token(AUDIT, "registry", NOW)) == "service_token_for_another"


@pytest.mark.parametrize(("after", "good"), [(LIFE + 29 * SECOND, True), (LIFE + 30 * SECOND, False)])
def test_a_token_ends_after_five_minutes(here: Here, after: timedelta, good: bool) -> None:
    token = service_token(REGISTRY, "vault", NOW)
    here.actor(token)  # remembered, and yet
    here.now = NOW + after
    if good:
        assert here.actor(token).service == "registry"
    else:
        assert here.refusal(token) == "service_token_not_accepted"


def test_neither_kind_of_key_stands_in_for_the_other(here: Here) -> None:
    claims = {"iss": "lika", "aud": "lika", "sub": "zhang3", "roles": ["auditor"], "division": "", "exp": 2**33}
    as_person = jwt.encode({"alg": "Ed25519", "kid": "registry"}, claims, REGISTRY.key, algorithms=["Ed25519"])
    assert here.refusal(as_person) == "token_of_another_key"
    local = LocalKey.of(here.settings)
    person = issue_token(local, subject="zhang3", roles=Role, division="", ttl=LIFE, now=NOW)
    assert here.actor(person).roles == set(Role) - {Role.SERVICE}
    with pytest.raises(ValueError, match="reserved"):
        issue_token(local, subject="service:registry", roles=[Role.SERVICE], division="99", ttl=LIFE, now=NOW)
    as_service = local.sign({**claims, "sub": "service:registry", "roles": ["service"]})
    assert here.refusal(as_service) == "token_not_accepted"


def test_a_key_taken_out_of_the_set_is_refused_without_a_restart_and_a_second_one_is_taken(here: Here) -> None:
    token, replaced = service_token(REGISTRY, "vault", NOW), ServiceKey.generate("registry")
    assert here.actor(token).service == "registry"
    services_set(here.folder, [REGISTRY, replaced, AUDIT])
    assert here.actor(service_token(replaced, "vault", NOW)) == here.actor(token)
    services_set(here.folder, [replaced, AUDIT])
    assert here.refusal(token) == "service_token_not_accepted"
    services_set(here.folder, [AUDIT])
    assert here.refusal(token) == "service_key_unknown"


def test_a_slip_in_the_set_parts_nobody(here: Here) -> None:
    assert here.actor(service_token(REGISTRY, "vault", NOW)).service == "registry"
    (here.folder / "services.jwks").write_text("{", encoding="utf-8")
    assert here.actor(service_token(AUDIT, "vault", NOW)).service == "audit"


def test_requests_are_signed_anew_in_time() -> None:
    now, sent = [NOW], list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["Authorization"])
        return httpx.Response(200)

    auth = ServiceAuth(REGISTRY, "vault", lambda: now[0])
    with httpx.Client(auth=auth, transport=httpx.MockTransport(answer)) as client:
        for now[0] in (NOW, NOW + timedelta(minutes=4) - SECOND, NOW + timedelta(minutes=4), NOW):
            client.get("http://vault/")
    assert sent[0] == sent[1] == sent[3] != sent[2]
    assert sent[0] == f"Bearer {service_token(REGISTRY, 'vault', NOW)}"


def test_a_private_key_is_its_own_service_s_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "registry.jwk"
    made = ServiceKey.made_at(path, "registry")
    assert ServiceKey.at(path, "registry").key.as_dict() == made.key.as_dict()
    with pytest.raises(ServiceKeyUnusable, match="is the private key of the service registry, not of vault"):
        ServiceKey.at(path, "vault")
    path.chmod(0o640)
    with pytest.raises(KeyFileExposed):
        ServiceKey.at(path, "registry")
    with pytest.raises(ServiceKeyUnusable, match="lika keys vault"):
        ServiceKey.at(tmp_path / "vault.jwk", "vault")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", public_set([REGISTRY]), json.dumps(REGISTRY.key.as_dict(private=False)).encode()]
)
def test_what_is_no_private_key_is_told_without_showing_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "registry.jwk"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(ServiceKeyUnusable, match="no private key of the service registry"):
        ServiceKey.at(path, "registry")


def test_the_public_set_holds_nothing_private() -> None:
    assert all("d" not in key for key in json.loads(public_set([REGISTRY, AUDIT]))["keys"])


@pytest.mark.parametrize("address", ["http://10.1.2.3:8005", "http://vault.example", "http://127.0.0.1.example"])
def test_data_keys_do_not_leave_the_machine_unencrypted(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("LIKA_PEERS", f"vault={address}")
    with pytest.raises(ValueError, match="the vault's address begins with https"):
        Settings()
    for kept in ("http://127.0.0.1:8005", "http://localhost:8005", "http://[::1]:8005", "https://10.1.2.3:8005"):
        monkeypatch.setenv("LIKA_PEERS", f"vault={kept}")
        assert Settings().peers == {"vault": kept}


def test_addresses_of_peers_are_read_from_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKA_PEERS", "registry=http://10.0.0.1:8001, vault=https://vault.example/")
    assert Settings().peers == {"registry": "http://10.0.0.1:8001", "vault": "https://vault.example"}
    for wrong in ("registry", "registry=10.0.0.1", "registry=http://a/registry", "a=http://a,a=http://b"):
        monkeypatch.setenv("LIKA_PEERS", wrong)
        with pytest.raises(ValueError, match="peers are written"):
            Settings()
