"""What a service needs and lacks is told at once, in both languages."""

from pathlib import Path

import pytest

from lika.deployment.requirements import NEEDS, DeploymentIncomplete, require_complete
from lika.house import BUILDS
from services.chassis.ground.settings import Settings


def test_every_service_with_a_log_says_what_it_needs() -> None:
    assert NEEDS.keys() == BUILDS.keys()
    assert {name: needs.peers for name, needs in NEEDS.items()} == {
        "registry": ("assistance", "monitoring", "vault"),
        "assistance": ("registry", "vault"),
        "monitoring": ("registry", "vault"),
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
