"""The accounts of a database, each with what its work needs: whoever serves cannot change what was recorded.

Per database ``lika_registry``: ``lika_registry_owner`` (no login; owns the schema ``log``), ``lika_registry_migrator``
(changes the schema, as the owner or as the service), ``lika_registry`` (the service; owns the schema ``service``, and may
only read and append in ``log``) and ``lika_registry_reader`` (reads). docs/decisions/0042-accounts-in-the-database.md says why.

Passwords are made once, in libpq's own form (``pgpass``), so that no connection string holds one: none can be logged,
printed or passed on, and ``psql`` takes the same file.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.chassis.ground.key_files import read_or_create

LOG_SCHEMA, SERVICE_SCHEMA = "log", "service"
SEARCH_PATH = f"{LOG_SCHEMA},{SERVICE_SCHEMA}"
"""The owner's schema first: nobody can put a table of the service's before the log."""

STATEMENT_TIMEOUT = "5min"
"""Of services and readers: nothing that somebody waits for takes so long."""

CONNECT = 10
"""Seconds to wait for a server that does not answer."""

PERSONAL = frozenset(
    {"user", "password", "passfile", "service", "options", "sslcert", "sslkey", "sslpassword", "dbname"}
)
"""What of an administrator's connection string holds for the administrator alone."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Of one database. ``server``: connection string of the server, of whatever account; ``keys``: folder of passwords."""

    database: str
    server: str
    keys: Path

    @property
    def owner(self) -> str:
        return f"{self.database}_owner"

    @property
    def migrator(self) -> str:
        return f"{self.database}_migrator"

    @property
    def service(self) -> str:
        return self.database

    @property
    def reader(self) -> str:
        return f"{self.database}_reader"

    @property
    def names(self) -> tuple[str, ...]:
        """All roles, those without login first."""
        return (self.owner, *self.logins)

    @property
    def logins(self) -> tuple[str, ...]:
        return (self.migrator, self.service, self.reader)

    def conninfo(self, account: str, database: str | None = None) -> str:
        """Connection string of one account, for psycopg; without its password, which libpq reads from the file."""
        return account_conninfo(self.server, account, database or self.database, self.password_file(account))

    def password_file(self, account: str) -> Path:
        return self.keys / f"{account}.pgpass"

    def password(self, account: str) -> str:
        """Made where there is none yet. Raises ``KeyFileExposed``."""
        return read_password(self.password_file(account), account)

    def renew_password(self, account: str) -> str:
        """A new one, kept instead of the former."""
        _replace(self.password_file(account), _pgpass(account))
        return self.password(account)


def account_conninfo(server: str, account: str, database: str, password_file: Path) -> str:
    """That of a server with an account's own name, database and password file in it."""
    where = {name: value for name, value in conninfo_to_dict(server).items() if name not in PERSONAL}
    own = {"user": account, "dbname": database, "passfile": str(password_file), "options": search_path_option()}
    # The empty password keeps libpq from taking PGPASSWORD, which is somebody else's.
    return make_conninfo("", **where, **own, password="")


def with_search_path(conninfo: str) -> str:
    """The same connection with names looked up as in every database of ours, whatever its account's settings say."""
    options = str(conninfo_to_dict(conninfo).get("options") or "")
    return make_conninfo(conninfo, options=f"{options} {search_path_option()}".strip())


def with_service_settings(conninfo: str) -> str:
    """A service's own connection: its names, and its time-out, also for an account made by hand, unless this string says
    another."""
    options = str(conninfo_to_dict(conninfo).get("options") or "")
    return with_search_path(
        make_conninfo(conninfo, options=f"-c statement_timeout={STATEMENT_TIMEOUT} {options}".strip())
    )


def search_path_option() -> str:
    return f"-c search_path={SEARCH_PATH}"


def read_password(file: Path, account: str) -> str:
    """The password in a ``pgpass`` file of one line, made where there is none. Raises ``KeyFileExposed``."""
    content = read_or_create(file, lambda: _pgpass(account))
    return content.decode("ascii").strip().rpartition(":")[2]


def role_settings(accounts: Accounts) -> Mapping[str, Mapping[str, str]]:
    """Settings of each account's sessions. Long work of the service's own (rebuilds, loading) sets its own time-out."""
    path = {"search_path": SEARCH_PATH}
    return {
        accounts.migrator: path,
        accounts.service: {**path, "statement_timeout": STATEMENT_TIMEOUT},
        accounts.reader: {
            **path,
            "statement_timeout": STATEMENT_TIMEOUT,
            "idle_in_transaction_session_timeout": "5min",
            "default_transaction_read_only": "on",
        },
    }


def _pgpass(account: str) -> bytes:
    return f"*:*:*:{account}:{secrets.token_urlsafe(32)}\n".encode("ascii")


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)  # mode 0600
    with os.fdopen(handle, "wb") as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    os.replace(name, file)
