"""What a service needs and lacks is told at once, in both languages."""

import json
from pathlib import Path

import pytest
from joserfc.jwk import KeySet, OKPKey

from lika.deployment.requirements import NEEDS, DeploymentIncomplete, require_complete
from lika.house import BUILDS
from services.chassis.ground.settings import Settings


def test_every_service_with_a_log_says_what_it_needs() -> None:
    assert NEEDS.keys() == BUILDS.keys()
    assert {name: needs.peers for name, needs in NEEDS.items()} == {
        "registry": ("assistance", "monitoring", "vault"),
        "assistance": ("registry", "vault"),
        "monitoring": ("registry", "assistance", "vault"),
        "audit": ("registry", "assistance", "monitoring"),
    }


SETTINGS = (
    "LIKA_SERVICES_JWKS_FILE", "LIKA_PEERS", "LIKA_INDEX_KEYS", "LIKA_JWKS_URL", "LIKA_PROVINCE", "LIKA_SERVICE_KEY_FILE",
    "KAFKA_BOOTSTRAP_SERVERS",
)  # fmt: skip


@pytest.mark.parametrize("service", [*NEEDS, "vault", "console"])
def test_everything_missing_is_told_together_and_nothing_is_made(service: str, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    settings = Settings(data_dir=folder, peers={}, jwks_url=None, jwks_file=None, province=None)
    with pytest.raises(DeploymentIncomplete) as refused:
        require_complete(settings, service, kafka=service == "audit")
    message = refused.value.message
    named = {word for word in SETTINGS if word in message.zh and word in message.en}
    expected = {"LIKA_SERVICES_JWKS_FILE"} if service != "console" else {"LIKA_PEERS", "LIKA_JWKS_URL"}
    if service not in ("vault", "console"):
        expected |= {"LIKA_PEERS", "LIKA_INDEX_KEYS", "LIKA_JWKS_URL", "LIKA_SERVICE_KEY_FILE"}
    if service not in ("vault", "registry", "console"):
        expected |= {"LIKA_PROVINCE"}
    if service == "audit":
        expected |= {"KAFKA_BOOTSTRAP_SERVERS"}
    assert named == expected
    assert not folder.exists()


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----"], ids=["none", "empty", "cut short"])
def test_keys_and_authorities_that_cannot_be_read_are_named(tmp_path: Path, content: str | None) -> None:
    keys, authority = tmp_path / "services.jwks", tmp_path / "authority.pem"
    keys.write_text("no set of keys")
    if content is not None:
        authority.write_text(content)
    settings = Settings(data_dir=tmp_path, services_jwks_file=keys, peers_ca_file=authority)
    with pytest.raises(DeploymentIncomplete) as refused:
        require_complete(settings, "registry")
    for text in (refused.value.message.zh, refused.value.message.en):
        assert {"LIKA_SERVICES_JWKS_FILE", "LIKA_PEERS_CA_FILE"} <= {word for word in NAMED if word in text}


NAMED = ("LIKA_SERVICES_JWKS_FILE", "LIKA_PEERS_CA_FILE")


@pytest.mark.parametrize(
    "content",
    [b"", b"no set of keys", b"\xff", b"[]", b"[1]", b"1", b"{}", b'{"keys": 1}', b'{"keys": [1]}', b'{"keys": [{}]}'],
)
@pytest.mark.parametrize("service", [*NEEDS, "console"])
def test_public_keys_of_persons_that_are_none_are_named(tmp_path: Path, service: str, content: bytes) -> None:
    keys = tmp_path / "persons.jwks"
    keys.write_bytes(content)
    with pytest.raises(DeploymentIncomplete) as refused:
        require_complete(Settings(data_dir=tmp_path, jwks_url=None, jwks_file=keys), service)
    assert all(f"{keys} {words}" in text for text, words in zip(
        (refused.value.message.zh, refused.value.message.en), ("无法读取", "cannot be read"), strict=True
    ))  # fmt: skip


def test_public_keys_of_persons_that_can_be_read_are_not_named(tmp_path: Path) -> None:
    keys = tmp_path / "persons.jwks"
    keys.write_text(json.dumps(KeySet([OKPKey.generate_key("Ed25519", private=False)]).as_dict(private=False)))
    with pytest.raises(DeploymentIncomplete) as refused:  # the peers are missing
        require_complete(Settings(data_dir=tmp_path, peers={}, jwks_url=None, jwks_file=keys), "console")
    assert str(keys) not in refused.value.message.en
