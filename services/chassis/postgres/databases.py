"""The databases of a server, one per service, and their accounts: found, made by an administrator's account where they
are missing, or a clear answer why not."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.postgres.accounts import CONNECT, Accounts, role_settings
from services.chassis.postgres.certificate import certificate_trouble

Conn = psycopg.Connection[tuple[Any, ...]]

LOCK = 0x6C696B61_61636374
"""Advisory lock key ("likaacct") in the administrator's database: two that start together make accounts one after the
other."""

ROLES_THAT_ADMIT = 16
"""Major version from which an administrator who is no superuser must be let into a role that it made (SET)."""


MEMBERSHIPS = """
SELECT groups.rolname::text FROM pg_auth_members JOIN pg_roles AS groups ON groups.oid = roleid
JOIN pg_roles AS members ON members.oid = member WHERE members.rolname = %s
"""


class DatabaseUnavailable(ExplainedError):
    """The database cannot be reached or prepared."""


@dataclass(frozen=True, slots=True)
class Administrator:
    """The account that makes databases and accounts: the embedded server's superuser, or that of ``DATABASE_URL``."""

    name: str
    superuser: bool
    may_make_roles: bool
    may_make_databases: bool
    version: int

    @classmethod
    def of(cls, conn: Conn) -> "Administrator":
        row = conn.execute(
            "SELECT rolname::text, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row is not None
        name, superuser, may_make_roles, may_make_databases = row
        return cls(name, superuser, may_make_roles, may_make_databases, conn.info.server_version // 10_000)

    @property
    def lacking(self) -> list[str]:
        """Attributes without which it cannot make anything."""
        needed = {"CREATEROLE": self.may_make_roles, "CREATEDB": self.may_make_databases}
        return [] if self.superuser else [name for name, has in needed.items() if not has]


def make_databases(
    admin: str, keys: Path, names: Iterable[str], *, new_passwords: bool = False, reset: bool = False
) -> dict[str, Accounts]:
    """The accounts of each of these databases, all made where missing. ``admin``: connection string of an
    administrator's account (superuser, or CREATEROLE and CREATEDB). ``keys``: where passwords are kept. ``reset``: what
    the accounts were allowed meanwhile is withdrawn.

    Raises ``DatabaseUnavailable``, before anything was changed where the account may not make what is missing, and
    ``KeyFileExposed``."""
    wanted = [Accounts(name, admin, keys) for name in names]
    with connected(admin, wanted) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        make_missing(conn, wanted, new_passwords=new_passwords, reset=reset)
    return {accounts.database: accounts for accounts in wanted}


@contextmanager
def connected(admin: str, wanted: Sequence[Accounts]) -> Iterator[Conn]:
    """Raises ``DatabaseUnavailable`` for whatever the database says."""
    try:
        with psycopg.connect(admin, autocommit=True, connect_timeout=CONNECT) as conn:
            yield conn
    except psycopg.Error as error:
        names = ", ".join(accounts.database for accounts in wanted)
        told = certificate_trouble(admin, error) or CHASSIS.say("database_server_unavailable", names=names)
        raise DatabaseUnavailable(told, str(error)) from error


def make_missing(conn: Conn, wanted: Sequence[Accounts], *, new_passwords: bool, reset: bool) -> None:
    """Roles first, then the databases they own."""
    admin = Administrator.of(conn)
    roles = {name for (name,) in conn.execute("SELECT rolname::text FROM pg_roles")}
    databases = {name for (name,) in conn.execute("SELECT datname::text FROM pg_database")}
    missing = [name for a in wanted for name in a.names if name not in roles]
    missing += [a.database for a in wanted if a.database not in databases]
    if missing and admin.lacking:
        raise DatabaseUnavailable(
            CHASSIS.say("database_account_no_administrator", account=admin.name, lacking=admin.lacking, missing=missing)
        )
    if not new_passwords and (
        foreign := [n for a in wanted for n in a.logins if n in roles and not a.password_file(n).exists()]
    ):
        raise DatabaseUnavailable(CHASSIS.say("database_passwords_elsewhere", accounts=foreign, keys=wanted[0].keys))
    for accounts in wanted:
        make_roles(conn, accounts, roles, new_passwords=new_passwords)
        if reset or not roles.issuperset(accounts.names):
            restrict(conn, admin, accounts)
        if accounts.database not in databases:
            make_database(conn, admin, accounts)


def make_roles(conn: Conn, accounts: Accounts, present: set[str], *, new_passwords: bool = False) -> None:
    """Those that are missing. No password in plain text reaches the server, whose log may quote statements."""
    if accounts.owner not in present:
        conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(accounts.owner)))
    for name in accounts.logins:
        known = name in present
        password = accounts.renew_password(name) if known and new_passwords else accounts.password(name)
        if known and not new_passwords:
            continue
        verifier = conn.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
        verb = sql.SQL("ALTER" if known else "CREATE")
        conn.execute(statement.format(verb, sql.Identifier(name), sql.Literal(verifier)))


def restrict(conn: Conn, admin: Administrator, accounts: Accounts) -> None:
    """Give the accounts what they need and take from them what they do not, whatever they were given meanwhile."""
    attributes = "NOCREATEROLE NOCREATEDB" + (" NOSUPERUSER NOREPLICATION NOBYPASSRLS" if admin.superuser else "")
    for name, settings in role_settings(accounts).items():
        role, limit = sql.Identifier(name), sql.Literal(connection_limit(conn, name, accounts))
        conn.execute(sql.SQL("ALTER ROLE {} " + attributes + " CONNECTION LIMIT {}").format(role, limit))
        for setting, value in settings.items():
            # A list of names is several values, each of its own.
            values = sql.SQL(", ").join(map(sql.Literal, value.split(",")))
            conn.execute(sql.SQL("ALTER ROLE {} SET {} TO {}").format(role, sql.Identifier(setting), values))
    # The service may end a reader's session that holds it up.
    needed = {accounts.migrator: {accounts.owner, accounts.service}, accounts.service: {accounts.reader}}
    for member in accounts.names:
        has = {name for (name,) in conn.execute(MEMBERSHIPS, (member,))}
        for group in has - needed.get(member, set()):
            conn.execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(group), sql.Identifier(member)))
        for group in needed.get(member, set()) - has:
            conn.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(member)))


def connection_limit(conn: Conn, name: str, accounts: Accounts) -> int:
    """No service takes all of a server's connections: half of them; those who look in take a tenth."""
    row = conn.execute("SELECT current_setting('max_connections')::int").fetchone()
    assert row is not None
    return int(row[0]) // 2 if name == accounts.service else max(5, int(row[0]) // 10)


def make_database(conn: Conn, admin: Administrator, accounts: Accounts) -> None:
    """Owned by its owner's role."""
    database, owner = sql.Identifier(accounts.database), sql.Identifier(accounts.owner)
    me = sql.Identifier(admin.name)
    if not admin.superuser:
        # Who gives a database to a role must be able to become it; from 16 on, making a role does not yet allow that.
        admit = " WITH INHERIT FALSE, SET TRUE" if admin.version >= ROLES_THAT_ADMIT else ""
        conn.execute(sql.SQL("GRANT {} TO {}" + admit).format(owner, me))
    # template0 and the C locale: text sorts alike on every server, so page cursors mean the same.
    conn.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(database, owner)
    )
    if not admin.superuser:
        conn.execute(sql.SQL("REVOKE {} FROM {}").format(owner, me))
