"""What a service needs to run apart from the others, each with secrets of its own; whatever is missing is told at once."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lika.messages import say
from services.chassis.ground.messages import ExplainedError, Message
from services.chassis.ground.settings import Settings
from services.chassis.security.provider_keys import holds_keys
from services.chassis.security.service_keys import PublicKeys
from services.console.access import CONSOLE
from services.registry.vault.keys import VAULT


@dataclass(frozen=True, slots=True)
class Needs:
    """``reads``: services whose logs it reads; ``asks``: those that it asks what would follow there; ``seals``: whether it asks the
    vault for data keys; ``finds_province``: whether it learns from its own log which province this is."""

    reads: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    seals: bool = True
    finds_province: bool = False

    @property
    def peers(self) -> tuple[str, ...]:
        """The services that it calls."""
        called = (*self.reads, *self.asks)
        return (*called, VAULT) if self.seals else called


NEEDS: Mapping[str, Needs] = {
    "registry": Needs(asks=("assistance", "monitoring"), finds_province=True),
    "assistance": Needs(("registry",)),
    "monitoring": Needs(("registry", "assistance")),
    "audit": Needs(("registry", "assistance", "monitoring"), seals=False),
}
"""Of every service that has a log."""
FORWARDS_TO = tuple(NEEDS)
"""The services that the web console asks for whoever is signed in there."""
STARTED_APART = (*NEEDS, VAULT, CONSOLE)
"""What ``lika serve`` starts."""


class DeploymentIncomplete(ExplainedError):
    """Something that the service needs is not set, or not there."""


def require_complete(settings: Settings, service: str, *, kafka: bool = False) -> None:
    """Nothing is made or changed. Raises ``DeploymentIncomplete``."""
    missing = list(_missing(settings, service))
    if kafka and settings.kafka_bootstrap_servers is None:
        missing.append(say("bootstrap_servers_unset"))
    if missing:
        raise DeploymentIncomplete(say("deployment_incomplete", service=service, missing=missing))


def _missing(settings: Settings, service: str) -> Iterator[Message]:
    if settings.peers_ca_file is not None and service != VAULT and not _is_authority(settings.peers_ca_file):
        yield say("peers_ca_unusable", file=settings.peers_ca_file)
    if service == CONSOLE:
        yield from _peers_unset(settings, FORWARDS_TO)
        yield from _persons_keys_unset(settings)
        return
    if settings.services_jwks_file is None or not settings.services_jwks_file.is_file():
        yield say("services_set_missing", file=settings.services_jwks_file or "LIKA_SERVICES_JWKS_FILE")
    elif not PublicKeys(settings.services_jwks_file).refresh():
        yield say("services_set_unreadable", file=settings.services_jwks_file)
    if service == VAULT:
        return
    needs = NEEDS[service]
    if not settings.service_key.is_file():
        yield say("service_key_absent", file=settings.service_key, service=service)
    yield from _peers_unset(settings, needs.peers)
    if not settings.has_index_keys:
        yield say("index_key_absent", file=settings.keys_dir / "index-1.key", service=service)
    yield from _persons_keys_unset(settings)
    if settings.province is None and not needs.finds_province:
        yield say("province_unset")


def _is_authority(file: Path) -> bool:
    try:
        ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError):
        return False
    return True


def _peers_unset(settings: Settings, wanted: tuple[str, ...]) -> Iterator[Message]:
    if unset := [name for name in wanted if name not in settings.peers]:
        yield say("peers_unset", peers=unset)


def _persons_keys_unset(settings: Settings) -> Iterator[Message]:
    if settings.jwks_url is not None:
        return
    if settings.jwks_file is None or not settings.jwks_file.is_file():
        yield say("persons_keys_unset", file=settings.jwks_file or "LIKA_JWKS_FILE")
    elif not holds_keys(settings.jwks_file):
        yield say("persons_keys_unreadable", file=settings.jwks_file)
