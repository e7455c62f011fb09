"""The other services of an installation, each a process of its own, as HTTP clients that say who asks."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import httpx

from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.service_tokens import ServiceAuth

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 30.0
"""Longer than a peer holds back its answer to who waits for news."""
CONNECTIONS = 16
"""To one peer, at most; kept open between requests."""


class Peers:
    """``addresses``: name → base address; ``ca_file``: who signed their certificates, the machine's authorities without it.
    One client per peer, for all threads. A context manager, which closes them."""

    def __init__(self, own: ServiceKey, addresses: Mapping[str, str], ca_file: Path | None = None) -> None:
        self._own, self._addresses = own, addresses
        self._verify = ssl.create_default_context(cafile=ca_file)
        self._clients: dict[str, httpx.Client] = {}

    def client(self, name: str, *, whole_paths: bool = False) -> httpx.Client:
        """Paths are the peer's own (``/log/head``), or begin with its name (``/vault/keys``) where they are ``whole_paths``.
        Raises ``KeyError`` for a peer that no address is set for."""
        base = self._addresses[name] if whole_paths else f"{self._addresses[name]}/{name}"
        if base not in self._clients:
            self._clients[base] = httpx.Client(
                base_url=base,
                auth=ServiceAuth(self._own, name),
                verify=self._verify,
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
                trust_env=False,  # a proxy for the way out is no way to a peer
            )
        return self._clients[base]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()
