"""The vault in this process and the same one over HTTP."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import structlog
from starlette.types import ASGIApp

from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.key_cache import CachedDataKeys
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.vault_client import VaultClient
from services.chassis.security.verifier import Verifier
from services.chassis.web.root import root_app
from services.registry.vault.kek_files import keks_of
from services.registry.vault.keys import VAULT, Vault
from services.registry.vault.service import vault
from tests.support.databases import as_superuser
from tests.support.services import peer_client, services_set
from tests.support.serving import serving


@pytest.fixture(autouse=True)
def every_line_is_told() -> None:
    """Whatever another test of this process has set up to say less."""
    structlog.reset_defaults()


@asynccontextmanager
async def no_lifespan(_: object) -> AsyncIterator[None]:
    yield


SERVICES = {name: ServiceKey.generate(name) for name in ("registry", "assistance", "monitoring", "audit")}


@dataclass
class VaultHouse:
    """A vault's database, and the vault that is served on it."""

    settings: Settings
    conninfo: str
    url: str
    app: ASGIApp
    opened: list[DataKeys] = field(default_factory=list)

    def in_process(self, **options: Any) -> Vault:
        found = Vault.connect(self.conninfo, keks_of(self.settings, make=False))
        self.opened.append(found)
        return Vault(found._pool, found._kek, **options) if options else found

    def over_http(self, service: str = "registry", **options: Any) -> VaultClient:
        found = VaultClient(peer_client(SERVICES[service], VAULT, self.url), **options)
        self.opened.append(found)
        return found

    def alter(self, statement: str, *params: object) -> None:
        """As somebody does who may do everything in the database."""
        with psycopg.connect(as_superuser(self.conninfo)) as connection:
            connection.execute("SET session_replication_role = replica")  # no trigger is asked
            assert connection.execute(statement.encode(), params).rowcount > 0


@pytest.fixture(scope="module")
def vault_house(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VaultHouse]:
    folder = tmp_path_factory.mktemp("vault")
    settings = Settings(data_dir=folder, services_jwks_file=services_set(folder, SERVICES.values()))
    conninfo = module_database(VAULT)
    app = vault(settings, conninfo, Verifier.of(settings, now=SystemClock().now, here=[VAULT]))
    root = root_app({VAULT: app}, settings.limits, no_lifespan)
    with serving(root, settings.limits) as url:
        house = VaultHouse(settings, conninfo, url, root)
        yield house
        for opened in house.opened:
            opened.close()
        app.state.vault.close()


@pytest.fixture(params=["in this process", "over HTTP"])
def open_keys(request: pytest.FixtureRequest, vault_house: VaultHouse) -> Callable[..., CachedDataKeys]:
    """Opens data keys as another process of the installation would."""
    return vault_house.in_process if request.param == "in this process" else vault_house.over_http


@pytest.fixture
def data_keys(open_keys: Callable[..., CachedDataKeys]) -> CachedDataKeys:
    return open_keys()


@pytest.fixture
def key_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def refused_at(vault_house: VaultHouse) -> Callable[[str, str, Any], tuple[int, str]]:
    """Status and code of what a service is answered."""

    def ask(service: str, path: str, body: Any) -> tuple[int, str]:
        with peer_client(SERVICES[service], VAULT, vault_house.url) as client:
            answer: httpx.Response = client.post(path, json=body)
            return answer.status_code, answer.json().get("code", "") if answer.content else ""

    return ask
