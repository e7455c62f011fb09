"""The accounts of the databases: what a service must not be able to do is tried, as that service, and must be refused."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import APPLICATION_NAME, CONNECT_TIMEOUT, Installation
from services.chassis.postgres.accounts import LOG_SCHEMA, Accounts, role_settings
from services.chassis.postgres.rights import SHOWN, rights_of

OF_A_TABLE = (
    "UPDATE {table} SET {column} = {column} WHERE false",
    "DELETE FROM {table} WHERE false",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table}",
    "CREATE TRIGGER lika_doctor BEFORE INSERT ON {table} FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
)
"""Of each table of the owner's. Even where one of them is allowed, it touches no row, and is rolled back."""

OF_THE_DATABASE = (
    "SET LOCAL ROLE {owner}",
    "SET LOCAL session_replication_role = replica",
    "CREATE TABLE {log}.lika_doctor ()",
    "INSERT INTO {log}.schema_migrations SELECT * FROM {log}.schema_migrations WHERE false",
    "CREATE SCHEMA lika_doctor",
    "CREATE ROLE lika_doctor",
)
OF_THE_SERVER = (
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/dev/null'",
    "SELECT pg_read_file('PG_VERSION')",
)
"""What reaches beyond the database: programs and files of the machine it runs on."""

TABLES = """
SELECT c.relname::text, a.attname::text, c.relowner::regrole::text FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = 1
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p') ORDER BY 1
"""

ROLE_SETTINGS = """
SELECT rolconnlimit, coalesce(setconfig, '{}') FROM pg_roles
LEFT JOIN pg_db_role_setting AS given ON given.setrole = pg_roles.oid AND given.setdatabase = 0 WHERE rolname = %s
"""

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
VERIFIED = ("verify-ca", "verify-full")


def account(installation: Installation, name: str) -> Finding:
    """Whether the service's account may do what it must, and nothing that it must not."""
    named = f"{name}.account"
    with _connected(installation, name) as conn:
        user, rights = str(conn.info.user), rights_of(conn)
        tried = [(statement, _is_refused(conn, statement)) for statement in _forbidden(conn)]
    possible = [statement for statement, refused in tried if not refused]
    if possible or rights.excessive:
        return broken(
            named, "account_excessive", account=user, service=name, rights=[*rights.excessive, *possible][:SHOWN]
        )
    if let_into := list(_other_databases(installation, name)):
        return broken(named, "account_let_into_others", account=user, databases=let_into)
    if rights.lacking:
        return broken(named, "account_lacking", account=user, service=name, rights=list(rights.lacking))
    return ok(named, "account_limited", account=user, tried=len(tried))


def session_limits(installation: Installation, name: str) -> Finding:
    """Whether sessions of the service and of its reader end what nobody waits for, and leave connections to others: what
    was set when the accounts were made, and whoever holds an account may have changed since."""
    named = f"{name}.session_limits"
    ((service,),) = installation.query(name, "SELECT current_user::text")
    accounts = Accounts(service, "", Path())
    unlimited = []
    for account in (accounts.service, accounts.reader):
        wanted = {s: v for s, v in role_settings(accounts)[account].items() if s != "search_path"}
        rows = installation.query(name, ROLE_SETTINGS, account)
        if not rows:
            return warning(named, "account_without_reader", account=account, service=name)
        ((limit, settings),) = rows
        found = dict(setting.split("=", 1) for setting in settings)
        unlimited += [f"{account}: {s} {found.get(s, '-')}" for s, v in wanted.items() if found.get(s) != v]
        if limit < 0:
            unlimited.append(f"{account}: CONNECTION LIMIT {limit}")
    if unlimited:
        return warning(named, "account_unlimited", limits=unlimited, service=name)
    return ok(named, "account_sessions_end", account=service)


def _connected(installation: Installation, name: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Of its own: the others of the doctor's may not write at all."""
    assert installation.conninfo is not None
    target = make_conninfo(
        installation.conninfo(name), connect_timeout=CONNECT_TIMEOUT, application_name=APPLICATION_NAME
    )
    conn = psycopg.connect(target, autocommit=True)
    conn.execute("SET lock_timeout = '1s'")
    return conn


def _forbidden(conn: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    tables = conn.execute(TABLES, (LOG_SCHEMA,)).fetchall()
    names = {"log": sql.Identifier(LOG_SCHEMA), "owner": sql.Identifier(str(tables[0][2]).strip('"') if tables else "")}
    for relation, column, _ in tables:
        own = {"table": sql.Identifier(LOG_SCHEMA, str(relation)), "column": sql.Identifier(str(column))}
        for statement in OF_A_TABLE:
            yield sql.SQL(statement).format(**own).as_string(conn)
    if tables:
        for statement in OF_THE_DATABASE:
            yield sql.SQL(statement).format(**names).as_string(conn)
    yield from OF_THE_SERVER


def _is_refused(conn: "psycopg.Connection[tuple[object, ...]]", statement: str) -> bool:
    """Whether the server refuses it for want of a right. That a trigger refuses it, or a lock, is not enough."""
    try:
        with conn.transaction(force_rollback=True):
            conn.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return True
    except psycopg.Error:
        return False
    return False


def _other_databases(installation: Installation, name: str) -> Iterator[str]:
    """Databases of others that the account is let into."""
    assert installation.conninfo is not None
    own = installation.conninfo(name)
    for other in installation.services:
        database = str(conninfo_to_dict(installation.conninfo(other))["dbname"])
        if other == name or other not in installation.present_databases:
            continue
        try:
            psycopg.connect(make_conninfo(own, dbname=database, connect_timeout=CONNECT_TIMEOUT)).close()
        except psycopg.OperationalError:
            continue
        yield database


def owners_folder(installation: Installation) -> Finding:
    """What accounts cannot do on an embedded server is said, and not hoped for."""
    if installation.settings.database_url is not None:
        return ok("owners_folder", "database_server_elsewhere")
    return ok("owners_folder", "folder_owner_can_do_all", folder=installation.settings.data_dir)


def database_tls(installation: Installation) -> Finding:
    """Whether what goes to a server elsewhere can be read or answered by somebody in between."""
    assert installation.maintenance is not None
    where = conninfo_to_dict(installation.maintenance)
    host = str(where.get("host") or "")
    if not host or host.startswith("/") or host in LOCAL_HOSTS:
        return ok("database_tls", "database_on_this_machine")
    mode = str(where.get("sslmode") or "prefer")
    if mode not in VERIFIED:
        return warning("database_tls", "database_unverified", mode=mode)
    return ok("database_tls", "database_verified", mode=mode)
