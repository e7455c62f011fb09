"""Services of an installation that call one another, as tests make them."""

from collections.abc import Iterable
from pathlib import Path

import httpx

from services.chassis.security.service_keys import ServiceKey, public_set
from services.chassis.security.service_tokens import ServiceAuth

PEER_KEY = "peer.jwk"
"""File of a service's key among those of an installation under test."""


def services_set(folder: Path, keys: Iterable[ServiceKey]) -> Path:
    """A file with the public keys, for ``services_jwks_file``."""
    path = folder / "services.jwks"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(public_set(keys))
    return path


def peer_client(key: ServiceKey, peer: str, url: str) -> httpx.Client:
    """The service whose key it is, asking another at this address."""
    return httpx.Client(base_url=url, auth=ServiceAuth(key, peer), timeout=30, trust_env=False)
