"""The databases of the services: made and migrated where they are missing, and used with the services' own accounts."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

import services
from services.chassis.ground.settings import Settings, database_name
from services.chassis.integrity.older_log import require_log_behind_views
from services.chassis.postgres.accounts import CONNECT, Accounts, with_search_path, with_service_settings
from services.chassis.postgres.connecting import connecting
from services.chassis.postgres.database_identity import (
    register_index_keys,
    require_own_database,
    require_same_installation,
)
from services.chassis.postgres.databases import make_databases
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, migrate, require_migrated
from services.chassis.postgres.rights import require_rights
from services.chassis.postgres.watchdog import DatabaseWatchdog
from services.registry.vault.keys import VAULT

FOLDER = Path(services.__file__).parent
LOGS = ("registry", "assistance", "monitoring", "audit")
CASEWORK: Mapping[str, tuple[str, ...]] = {
    "registry": (
        "procedures",
        "directory",
        "findings",
        "duties",
        "recertification",
        "records",
        "revocations",
        "workbooks",
    ),
    "assistance": ("procedures", "directory", "people", "duties", "findings", "records", "revocations", "workbooks"),
    "monitoring": ("procedures", "directory", "people", "findings", "revocations"),
    "audit": ("revocations",),
}
"""Rooms of casework that a service mounts, each with tables of its own."""


def casework_migrations(*rooms: str) -> tuple[Path, ...]:
    return tuple(FOLDER / "casework" / room / "migrations" for room in rooms)


MIGRATIONS: Mapping[str, tuple[Path, ...]] = {
    **{
        name: (CHASSIS_MIGRATIONS, *casework_migrations(*CASEWORK.get(name, ())), FOLDER / name / "migrations")
        for name in LOGS
    },
    VAULT: (FOLDER / "registry" / VAULT / "migrations",),
}
"""Of every service and the vault, in the order in which they are applied."""


@contextmanager
def databases(
    settings: Settings,
    services: Collection[str] = tuple(MIGRATIONS),
    *,
    new_passwords: bool = False,
    reset: bool = False,
) -> Iterator[Callable[[str], str]]:
    """Name of a service → connection string of its own account in its migrated database. Databases and accounts are made
    where they are missing: on an embedded server, or on that of ``DATABASE_URL``, whose account is an administrator's.
    ``reset``: rights that were granted or withdrawn meanwhile are set right; otherwise they are refused, as is whatever else
    keeps a service from starting.

    Raises ``DatabaseUnavailable``, ``MigrationError``, ``AccountUnfit``, ``DatabaseOfAnother``, ``LogOlderThanViews`` and
    ``KeyFileExposed``."""
    with ExitStack() as stack:
        if settings.database_url:
            admin, keys = settings.database_url.get_secret_value(), settings.keys_dir.absolute()
        else:
            embedded = stack.enter_context(EmbeddedPostgres(settings.data_dir / "postgres"))
            stack.enter_context(DatabaseWatchdog(embedded))
            admin, keys = embedded.uri(), embedded.keys
        made = make_databases(admin, keys, map(database_name, services), new_passwords=new_passwords, reset=reset)
        accounts = {name: made[database_name(name)] for name in services}
        if not reset:
            for name in services:  # all of them, before one is changed
                require_fit_account(name, accounts[name])
                require_own_log(settings, name, conninfo_of(accounts[name]))
        for name in services:
            prepare(name, accounts[name], reset=reset)
            if name != VAULT and not reset:
                register_index_keys(conninfo_of(accounts[name]), name, settings.load_index_keys())
        yield lambda name: conninfo_of(accounts[name])


def conninfo_of(accounts: Accounts) -> str:
    """That of the service itself."""
    return accounts.conninfo(accounts.service)


def require_fit_account(name: str, accounts: Accounts) -> None:
    """Whether the account of a service may do what it must and no more. Raises ``AccountUnfit``."""
    own = conninfo_of(accounts)
    with connecting(name, own), psycopg.connect(own, autocommit=True, connect_timeout=CONNECT) as conn:
        require_rights(conn, name)


def require_own_log(settings: Settings, name: str, own: str) -> None:
    """Whether it is this installation's, and not older than what was made of it. Raises ``DatabaseOfAnother`` and
    ``LogOlderThanViews``."""
    if name == VAULT:
        return
    with connecting(name, own), psycopg.connect(own, autocommit=True, connect_timeout=CONNECT) as conn:
        require_same_installation(conn, name, settings.load_index_keys())
        require_log_behind_views(conn, name)


def prepare(name: str, accounts: Accounts, *, reset: bool = False) -> None:
    """Migrate a database of which the accounts are there; what was made now is theirs as it should be."""
    migrator = accounts.conninfo(accounts.migrator)
    with connecting(name, migrator):
        changed = migrate(migrator, MIGRATIONS[name], accounts, reset_rights=reset)
    if changed or reset:
        require_fit_account(name, accounts)


@contextmanager
def own_database(settings: Settings, name: str) -> Iterator[Callable[[str], str]]:
    """``databases`` for a service in a process of its own: ``DATABASE_URL`` is the account of that service in its own
    database, which an administrator has made; ``LIKA_MIGRATOR_URL``, where it is set, migrates it first. Without
    ``DATABASE_URL`` an embedded server holds the database of this service alone."""
    if settings.database_url is None:
        with databases(settings, [name]) as conninfo:
            yield conninfo
        return
    own = with_service_settings(settings.database_url.get_secret_value())
    with connecting(name, own):
        with psycopg.connect(own, autocommit=True, connect_timeout=CONNECT) as conn:
            require_own_database(conn, name, MIGRATIONS)
            require_own_log(settings, name, own)
            require_rights(conn, name)
            if settings.migrator_url is not None:
                migrate_own(settings.migrator_url.get_secret_value(), name, settings.keys_dir)
            require_migrated(conn, MIGRATIONS[name], name)
        if name != VAULT:
            register_index_keys(own, name, settings.load_index_keys())
    yield {name: own}.__getitem__


def migrate_own(migrator: str, name: str, keys: Path) -> None:
    """Bring one database up to date with the account of its migrator (``LIKA_MIGRATOR_URL``)."""
    conninfo = with_search_path(migrator)
    with connecting(name, conninfo):
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=CONNECT) as conn:
            require_own_database(conn, name, MIGRATIONS)
        migrate(conninfo, MIGRATIONS[name], Accounts(str(conninfo_to_dict(conninfo).get("dbname")), conninfo, keys))
