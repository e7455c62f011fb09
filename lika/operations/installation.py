"""The installation under examination: its settings, its databases (read only) and its HTTP face, if it runs."""

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

from lika.house import BUILDS, MIGRATIONS
from services.chassis.ground.clock import Clock, SystemClock
from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.settings import Settings, database_name
from services.chassis.postgres.databases import DatabaseUnavailable
from services.chassis.postgres.embedded import EmbeddedPostgres

NAME = "lika doctor"
"""How its connections are called, so that it does not take itself for a user."""

CONNECT = 5
"""Seconds to wait for a connection, or for the house to answer."""

STATEMENT = "60s"
"""Longest a question to a database may take, unless every entry is to be counted."""

QUIET = ("SET default_transaction_read_only = on", "SET lock_timeout = '5s'", "SET TIME ZONE 'UTC'")


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``/health/ready`` of a service said; ``status`` is ``None`` when nobody answered."""

    status: int | None
    parts: tuple[str, ...] = ()


@dataclass
class Premises:
    """``conninfo``: name of a service or the vault → its database; ``maintenance``: a database that is always there.
    Both are ``None`` where there is no database to look at, ``trouble`` then says why, if it should be there.
    ``expected``: the operator named the address, so somebody has to answer there."""

    settings: Settings
    conninfo: Callable[[str], str] | None = None
    maintenance: str | None = None
    trouble: DatabaseUnavailable | None = None
    url: str = "http://127.0.0.1:8000"
    expected: bool = False
    thorough: bool = False
    clock: Clock = field(default_factory=SystemClock)
    _open: "dict[str, psycopg.Connection[tuple[Any, ...]]]" = field(default_factory=dict, init=False)

    def ask(self, name: str, query: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows from the database of a service or the vault, each time as it stands now. Raises ``psycopg.Error``."""
        assert self.conninfo is not None
        return self._connection(name, self.conninfo(name)).execute(query.encode(), params or None).fetchall()

    def ask_server(self, query: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows from the server's maintenance database. Raises ``psycopg.Error``."""
        assert self.maintenance is not None
        return self._connection("", self.maintenance).execute(query.encode(), params or None).fetchall()

    def _connection(self, name: str, conninfo: str) -> "psycopg.Connection[tuple[Any, ...]]":
        if name not in self._open or self._open[name].closed:
            where = make_conninfo(conninfo, connect_timeout=CONNECT, application_name=NAME)
            conn = psycopg.connect(where, autocommit=True)
            for setting in (*QUIET, f"SET statement_timeout = '{0 if self.thorough else STATEMENT}'"):
                conn.execute(setting.encode())
            self._open[name] = conn
        return self._open[name]

    @cached_property
    def present(self) -> frozenset[str]:
        """Which of the house's databases the server has, by service. Raises ``psycopg.Error``."""
        assert self.conninfo is not None
        wanted = {name: conninfo_to_dict(self.conninfo(name))["dbname"] for name in MIGRATIONS}
        found = {row[0] for row in self.ask_server("SELECT datname FROM pg_database")}
        return frozenset(name for name, database in wanted.items() if database in found)

    @cached_property
    def health(self) -> Mapping[str, Answer]:
        """What each service says of itself over HTTP."""
        with httpx.Client(base_url=self.url, timeout=CONNECT) as client:
            return {name: _health(client, name) for name in BUILDS}

    @cached_property
    def used(self) -> bool:
        """Whether somebody else is connected to the house's databases. Raises ``psycopg.Error``."""
        return any(
            self.ask(
                name,
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s"
                " AND backend_type = 'client backend' LIMIT 1",
                NAME,
            )
            for name in BUILDS
            if name in self.present
        )

    @property
    def runs(self) -> bool:
        """Whether a house answers, and on these databases: only then should everything be moving."""
        return (
            self.conninfo is not None
            and self.used
            and any(answer.status in (200, 503) for answer in self.health.values())
        )

    def simulated(self, name: str) -> bool:
        """Whether a log runs on a clock that is stepped by command."""
        return bool(
            self.ask(name, "SELECT 1 FROM log WHERE notification_id = 1 AND topic LIKE %s", "SimulatedClockDeclared/%")
        )

    def instant(self, name: str) -> datetime:
        """Now, on the clock of that log; a simulated one stands where its log came to."""
        if not self.simulated(name):
            return self.clock.now()
        ((stands,),) = self.ask(name, "SELECT greatest(max(recorded_at), max(closed_through)) FROM closing, log")
        assert isinstance(stands, datetime)
        return stands

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for conn in self._open.values():
            conn.close()


def _health(client: httpx.Client, name: str) -> Answer:
    try:
        answer = client.get(f"/{name}/health/ready")
    except (httpx.HTTPError, httpx.InvalidURL):
        return Answer(None)
    try:
        parts = answer.json().get("facts", {}).get("parts", ())
    except (ValueError, AttributeError):
        return Answer(404)  # whoever answers, it is no service of Lika
    return Answer(answer.status_code, tuple(map(str, parts)))


@contextmanager
def premises(settings: Settings, url: str | None, *, thorough: bool) -> Iterator[Premises]:
    """What these settings lead to. An embedded server that is at rest is started for the length of the block; where
    there is none yet, none is made."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - where others listen
    house = Premises(
        settings,
        url=url or f"http://{host}:{settings.port}",
        expected=url is not None,
        thorough=thorough,
    )
    embedded: EmbeddedPostgres | None = None
    if settings.database_url is not None:
        server = house.maintenance = settings.database_url.get_secret_value()
        house.conninfo = lambda name: make_conninfo(server, dbname=database_name(name))
    else:
        try:
            if (settings.data_dir / "postgres" / "data" / "PG_VERSION").exists():
                embedded = running = EmbeddedPostgres(settings.data_dir / "postgres").start()
                house.maintenance = running.uri()
                house.conninfo = lambda name: running.uri(database_name(name))
        except DatabaseUnavailable as trouble:
            house.trouble = trouble
        except OSError as error:
            house.trouble = DatabaseUnavailable(
                CHASSIS.say(
                    "database_folder_not_writable", folder=settings.data_dir / "postgres", reason=error.strerror
                )
            )
    try:
        with house:
            yield house
    finally:
        if embedded is not None:
            embedded.stop()
