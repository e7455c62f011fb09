"""Services running for a test: real databases, one process, and HTTP clients with tokens."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from starlette.routing import Router
from starlette.testclient import TestClient

from contracts.roles import Role
from services.chassis.environment import Environment
from services.chassis.ground.limits import Limits
from services.chassis.ground.settings import Settings
from services.chassis.kafka.cluster import Cluster
from services.chassis.running import run_services
from services.chassis.security.data_keys import SharedDataKeys
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.service_tokens import service_token
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.security.verifier import Verifier
from services.chassis.service import Service
from services.chassis.web.operations_app import operations_app
from services.chassis.web.position_tokens import HEADER
from services.chassis.web.root import root_app
from services.registry.vault.keys import VAULT, Vault
from tests.support.empty_log import logs_of_absent
from tests.support.next_steps import require_lawful
from tests.support.services import services_set

SERVICES = ("registry", "assistance", "monitoring", "audit")
Build = Callable[[Environment], tuple[Service, FastAPI]]

LIMITS = Limits(metrics_seconds=0, failed_sign_ins=100_000)
"""No figures of a second ago: a test that asks for them has just changed them; and whole walks without a token."""

LOOKS_FOR_OTHER_PROCESSES = 1.0
"""Seconds between two looks at the log for what other processes appended, of which a test's services have none: what is appended
in their own they know at once, and twenty looks a second at each log are a twentieth of the machine's time."""


class ApiClient:
    """An HTTP client with a bearer token. Commands get a new Idempotency-Key unless one is given; reads wait for the positions
    of the commands before. What a refusal says is next must be lawful, whatever the test is about."""

    def __init__(self, client: httpx.Client, token: str, positions: dict[str, int]) -> None:
        self.token, self._client, self._positions = token, client, positions
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.get_with({}, path, **params)

    def get_with(self, headers: Mapping[str, str], path: str, **params: Any) -> httpx.Response:
        after = ", ".join(f"{log}={position}" for log, position in self._positions.items())
        asked = {**self._headers, HEADER: after, **headers}
        answer: httpx.Response = self._client.get(path, params=params, headers=asked)
        return answer

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None, **kw: Any
    ) -> httpx.Response:
        headers = {**self._headers, "Idempotency-Key": key or str(uuid4())}
        answer: httpx.Response = (
            self._client.post(path, json=body, headers=headers, **kw)
            if body is not None
            else self._client.post(path, headers=headers, **kw)
        )
        # A process of its own shows no routes.
        if not answer.is_success and (app := getattr(self._client, "app", None)) is not None:
            require_lawful(app, answer.json())
        # A few commands answer with a file.
        is_json = "json" in answer.headers.get("content-type", "")
        if answer.is_success and is_json and "position" in (answer.json() or {}):
            self._positions.update(answer.json()["position"])
        return answer


def all_items(client: ApiClient, path: str, **params: Any) -> list[dict[str, Any]]:
    """Every item of a list."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get(path, **{"limit": 200, **params, **cursor}).json()
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


class Lika:
    """The running services."""

    def __init__(
        self, app: Router, client: httpx.Client, operations: httpx.Client, key: LocalKey, peer: ServiceKey,
        services: Sequence[Service],
    ) -> None:  # fmt: skip
        self.app, self.client, self.operations, self._key, self._peer = app, client, operations, key, peer
        self.services = {s.name: s for s in services}
        self.positions: dict[str, int] = {}

    def client_for(self, subject: str, division: str, *roles: Role) -> ApiClient:
        """``Role.SERVICE`` alone is another service, which has neither account nor area."""
        now = datetime.now(UTC)
        if roles == (Role.SERVICE,):
            return ApiClient(self.client, service_token(self._peer, SERVICES[0], now), self.positions)
        token = issue_token(self._key, subject=subject, roles=roles, division=division, ttl=timedelta(hours=1), now=now)
        return ApiClient(self.client, token, self.positions)


class VaultWhenAsked:
    """Opens the vault, whose database is made by then: not every test needs one. Sent to another process it is the vault's
    opening there."""

    def __init__(self, settings: Settings, conninfo: Callable[[str], str]) -> None:
        self._settings, self._conninfo = settings, conninfo

    def __call__(self) -> Vault:
        return Vault.of(self._settings, self._conninfo(VAULT))

    def __reduce__(self) -> tuple[Any, ...]:
        return partial, (Vault.of, self._settings, self._conninfo(VAULT))


def look_rarely(services: Iterable[Service]) -> None:
    """Services of a test that share this process with all others."""
    for service in services:
        service.store.poll_interval = LOOKS_FOR_OTHER_PROCESSES


@contextmanager
def lika(
    builds: Iterable[Build],
    database: Callable[[str], str],
    folder: Path,
    simulated_from: datetime | None = None,
    kafka: Cluster | None = None,
    **more: Any,
) -> Iterator[Lika]:
    """Start these services on fresh databases, mounted as in production: ``/registry``, ``/assistance``, …; ``kafka``:
    through which they read one another; ``more``: further settings."""
    peer = ServiceKey.generate("peer")
    settings = Settings(data_dir=folder, limits=LIMITS, services_jwks_file=services_set(folder, [peer]), **more)
    conninfos: dict[str, str] = {}

    def conninfo(name: str) -> str:
        # One database per name: the vault is asked for by every service.
        if name not in conninfos:
            conninfos[name] = database(name)
        return conninfos[name]

    environment = Environment(
        settings=settings,
        conninfo=conninfo,
        verifier=Verifier.of(settings, now=lambda: datetime.now(UTC), here=SERVICES),
        open_data_keys=SharedDataKeys(VaultWhenAsked(settings, conninfo)),
        simulated_from=simulated_from,
    )
    built = [build(environment) for build in builds]
    services = [service for service, _ in built]
    root = root_app(
        {s.name: app for s, app in built},
        settings.limits,
        lambda _: run_services(services, kafka, logs_of_absent(services)),
    )
    operations = TestClient(operations_app([s.checks() for s in services], settings.limits))
    look_rarely(services)
    with TestClient(root, raise_server_exceptions=False) as client:
        yield Lika(root, client, operations, LocalKey.of(settings), peer, services)
