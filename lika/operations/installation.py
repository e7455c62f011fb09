"""The installation that is checked: its settings, its databases (read only) and its HTTP interface, if it runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import httpx
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lika.databases import MIGRATIONS, conninfo_of
from lika.house import BUILDS
from lika.messages import say
from services.chassis.ground.clock import Clock, SystemClock
from services.chassis.ground.messages import Message
from services.chassis.ground.settings import Settings, database_name
from services.chassis.postgres.accounts import Accounts, with_service_settings
from services.chassis.postgres.databases import DatabaseUnavailable
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.registry.vault.keys import VAULT

APPLICATION_NAME = "lika doctor"
"""Of its own connections, so that it does not take itself for a user of the databases."""

CONNECT_TIMEOUT = 5
"""Seconds to wait for a connection, or for the house to answer."""

STATEMENT_TIMEOUT = "60s"
"""Longest a query may take, unless every entry is to be counted."""

SESSION_SETTINGS = ("SET default_transaction_read_only = on", "SET lock_timeout = '5s'", "SET TIME ZONE 'UTC'")


@dataclass(frozen=True, slots=True)
class Readiness:
    """What ``/health/ready`` of a service answered: HTTP status, ``None`` when nobody answered, and the parts that are
    not ready."""

    status: int | None
    parts: tuple[str, ...] = ()


@dataclass
class Installation:
    """``conninfo``: name of a service or the vault → its database; ``maintenance``: a database that is always there.
    Both are ``None`` where there is no database to look at, ``unavailable`` then says why, if it should be there.
    ``must_answer``: the operator named the address, so somebody has to answer there. ``thorough``: count every entry.
    ``services``: those looked at; of services apart the one whose settings these are."""

    settings: Settings
    conninfo: Callable[[str], str] | None = None
    maintenance: str | None = None
    unavailable: Message | None = None
    url: str = "http://127.0.0.1:8000"
    must_answer: bool = False
    thorough: bool = False
    clock: Clock = field(default_factory=SystemClock)
    services: tuple[str, ...] = tuple(MIGRATIONS)
    _connections: "dict[str, psycopg.Connection[tuple[Any, ...]]]" = field(default_factory=dict, init=False)

    @property
    def logs(self) -> tuple[str, ...]:
        """Of the services looked at, those that have one."""
        return tuple(name for name in self.services if name in BUILDS)

    def query(self, name: str, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows from the database of a service or the vault, in a transaction of its own. Raises ``psycopg.Error``."""
        return self.connection(name).execute(sql.encode(), params or None).fetchall()

    def connection(self, name: str) -> "psycopg.Connection[tuple[Any, ...]]":
        """The connection to the database of a service or the vault: read only, a transaction per statement."""
        assert self.conninfo is not None
        return self._connection(name, self.conninfo(name))

    def query_server(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows from the server's maintenance database. Raises ``psycopg.Error``."""
        assert self.maintenance is not None
        return self._connection("", self.maintenance).execute(sql.encode(), params or None).fetchall()

    def _connection(self, name: str, conninfo: str) -> "psycopg.Connection[tuple[Any, ...]]":
        if name not in self._connections or self._connections[name].closed:
            target = make_conninfo(conninfo, connect_timeout=CONNECT_TIMEOUT, application_name=APPLICATION_NAME)
            conn = psycopg.connect(target, autocommit=True)
            timeout = 0 if self.thorough else STATEMENT_TIMEOUT
            for setting in (*SESSION_SETTINGS, f"SET statement_timeout = '{timeout}'"):
                conn.execute(setting.encode())
            self._connections[name] = conn
        return self._connections[name]

    @cached_property
    def present_databases(self) -> frozenset[str]:
        """Which of the house's databases the server has, by service. Raises ``psycopg.Error``."""
        assert self.conninfo is not None
        wanted = {name: conninfo_to_dict(self.conninfo(name))["dbname"] for name in self.services}
        found = {row[0] for row in self.query_server("SELECT datname FROM pg_database")}
        return frozenset(name for name, database in wanted.items() if database in found)

    @cached_property
    def readiness(self) -> Mapping[str, Readiness]:
        """What each service says of itself over HTTP."""
        with httpx.Client(base_url=self.url, timeout=CONNECT_TIMEOUT) as client:
            return {name: _readiness(client, name) for name in self.services if name in (self.logs or (VAULT,))}

    @cached_property
    def has_other_sessions(self) -> bool:
        """Whether somebody else is connected to the house's databases. Raises ``psycopg.Error``."""
        return any(
            self.query(
                name,
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s"
                " AND backend_type = 'client backend' LIMIT 1",
                APPLICATION_NAME,
            )
            for name in self.logs or self.services
            if name in self.present_databases
        )

    @property
    def is_running(self) -> bool:
        """Whether a house answers, and on these databases: only then should everything be moving."""
        return (
            self.conninfo is not None
            and self.has_other_sessions
            and any(answer.status in (200, 503) for answer in self.readiness.values())
        )

    def has_simulated_clock(self, name: str) -> bool:
        """Whether a log runs on a clock that is stepped by command."""
        first = "SELECT 1 FROM log WHERE notification_id = 1 AND topic LIKE %s"
        return bool(self.query(name, first, "SimulatedClockDeclared/%"))

    def now(self, name: str) -> datetime:
        """The present instant on the clock of that log; a simulated one stands where its log came to."""
        if not self.has_simulated_clock(name):
            return self.clock.now()
        ((instant,),) = self.query(name, "SELECT greatest(max(recorded_at), max(closed_through)) FROM closing, log")
        assert isinstance(instant, datetime)
        return instant

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for conn in self._connections.values():
            conn.close()


def _readiness(client: httpx.Client, name: str) -> Readiness:
    try:
        answer = client.get(f"/{name}/health/ready")
    except (httpx.HTTPError, httpx.InvalidURL):
        return Readiness(None)
    try:
        parts = answer.json().get("facts", {}).get("parts", ())
    except (ValueError, AttributeError):
        return Readiness(404)  # whoever answers, it is no service of Lika
    return Readiness(answer.status_code, tuple(map(str, parts)))


@contextmanager
def open_installation(
    settings: Settings, url: str | None, *, thorough: bool, service: str | None = None
) -> Iterator[Installation]:
    """The installation of these settings, or the one service apart whose they are. An embedded server that does not run is
    started for the length of the block; where there is none yet, none is made."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - where others listen
    installation = Installation(
        settings,
        url=url or f"{'https' if settings.tls_certfile else 'http'}://{host}:{settings.port}",
        must_answer=url is not None,
        thorough=thorough,
        services=tuple(MIGRATIONS) if service is None else (service,),
    )
    folder = settings.data_dir / "postgres"
    embedded: EmbeddedPostgres | None = None
    if settings.database_url is not None:
        server = installation.maintenance = settings.database_url.get_secret_value()
        keys = settings.keys_dir.absolute()
        if service is None:
            installation.conninfo = lambda name: conninfo_of(Accounts(database_name(name), server, keys))
        else:
            installation.conninfo = {service: with_service_settings(server)}.__getitem__
    else:
        try:
            if (folder / "data" / "PG_VERSION").exists():
                embedded = started = EmbeddedPostgres(folder).start()
                installation.maintenance = started.uri()
                installation.conninfo = lambda name: conninfo_of(
                    Accounts(database_name(name), started.uri(), started.keys)
                )
        except DatabaseUnavailable as error:
            installation.unavailable = error.message
        except OSError as error:
            installation.unavailable = say("embedded_folder_denied", folder=folder, reason=error.strerror)
    try:
        with installation:
            yield installation
    finally:
        if embedded is not None:
            embedded.stop()
