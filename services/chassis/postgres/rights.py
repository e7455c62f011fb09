"""What the account of a service may do in its database, compared with what it must and must not: nothing is changed.

Asked of the server itself, as that account, so that it holds under whatever names an administrator has made the accounts.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.postgres.accounts import LOG_SCHEMA, SERVICE_SCHEMA

ATTRIBUTES = """
SELECT unnest(array_remove(ARRAY[
    CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL))
FROM pg_roles WHERE rolname = current_user
"""
MEMBERSHIPS = """
SELECT 'MEMBER OF ' || rolname FROM pg_roles AS r
WHERE rolname <> current_user AND pg_has_role(oid, 'MEMBER') AND (
    rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
    OR rolname LIKE 'pg\\_%%' AND rolname <> ALL(ARRAY[
        'pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables', 'pg_use_reserved_connections'])
    OR EXISTS (SELECT FROM pg_namespace WHERE nspname = %(log)s AND nspowner = r.oid)
    OR EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace(%(log)s) AND relowner = r.oid)
    OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datdba = r.oid))
ORDER BY 1
"""
"""Harmless ones that only look are left alone. Who owns the database or anything of the log can do everything with it."""

OWNED = """
SELECT 'OWNER OF ' || oid::regclass FROM pg_class
WHERE relnamespace = to_regnamespace(%(log)s) AND relowner = current_user::regrole AND relkind IN ('r', 'p')
UNION ALL SELECT 'OWNER OF SCHEMA ' || nspname FROM pg_namespace
WHERE nspname = %(log)s AND nspowner = current_user::regrole
UNION ALL SELECT 'OWNER OF DATABASE ' || datname FROM pg_database
WHERE datname = current_database() AND datdba = current_user::regrole
ORDER BY 1
"""
EXCESSIVE = """
SELECT privilege || ' ON ' || c.oid::regclass FROM pg_class AS c,
    unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
WHERE relnamespace = to_regnamespace(%(log)s) AND relkind IN ('r', 'p')
    AND (privilege <> 'INSERT' OR relname = 'schema_migrations')
    AND (has_table_privilege(c.oid, privilege)
         OR privilege IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(c.oid, privilege))
UNION ALL SELECT 'CREATE ON SCHEMA ' || nspname FROM pg_namespace
WHERE nspname = %(log)s AND has_schema_privilege(oid, 'CREATE')
UNION ALL SELECT 'CREATE ON DATABASE ' || current_database() WHERE has_database_privilege(current_database(), 'CREATE')
ORDER BY 1
"""
LACKING = """
SELECT privilege || ' ON ' || c.oid::regclass FROM pg_class AS c, unnest(ARRAY['SELECT', 'INSERT']) AS privilege
WHERE relnamespace = to_regnamespace(%(log)s) AND relkind IN ('r', 'p')
    AND (privilege <> 'INSERT' OR relname <> 'schema_migrations') AND NOT has_table_privilege(c.oid, privilege)
UNION ALL SELECT privilege || ' ON SCHEMA ' || nspname FROM pg_namespace, unnest(ARRAY['USAGE', 'CREATE']) AS privilege
WHERE nspname IN (%(log)s, %(own)s) AND (privilege = 'USAGE' OR nspname = %(own)s)
    AND NOT has_schema_privilege(oid, privilege)
UNION ALL SELECT 'OWNER OF ' || oid::regclass FROM pg_class
WHERE relnamespace = to_regnamespace(%(own)s) AND relkind IN ('r', 'p', 'v') AND NOT pg_has_role(relowner, 'USAGE')
UNION ALL SELECT 'TEMPORARY ON DATABASE ' || current_database()
WHERE NOT has_database_privilege(current_database(), 'TEMPORARY')
ORDER BY 1
"""
HIDDEN = """
SELECT oid::regclass::text FROM pg_class
WHERE relnamespace = to_regnamespace(%(log)s) AND relkind IN ('r', 'p') AND NOT pg_table_is_visible(oid)
"""
"""Tables of the log that another of the same name stands before."""

SHOWN = 6
"""So many of a kind are named; who has everything would fill a page."""


class AccountUnfit(ExplainedError):
    """The service's account may do what it must not, or not what it must."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Of an account that differ from what a service needs, in the words of SQL's ``GRANT``."""

    account: str
    excessive: tuple[str, ...]
    lacking: tuple[str, ...]


def rights_of(conn: "psycopg.Connection[Any]") -> Rights:
    """Of the account of this connection, which is in a service's database. Raises ``psycopg.Error``."""
    account = str(conn.info.user)
    attributes = _names(conn, ATTRIBUTES)
    if "SUPERUSER" in attributes:
        return Rights(account, attributes, ())
    excessive = (*attributes, *_names(conn, MEMBERSHIPS), *_names(conn, OWNED), *_names(conn, EXCESSIVE))
    return Rights(account, excessive[:SHOWN], (*_names(conn, LACKING), *_names(conn, HIDDEN))[:SHOWN])


def require_rights(conn: "psycopg.Connection[Any]", service: str) -> None:
    """Raises ``AccountUnfit``."""
    rights = rights_of(conn)
    if rights.excessive:
        raise AccountUnfit(
            CHASSIS.say(
                "database_account_excessive", account=rights.account, rights=list(rights.excessive), service=service
            )
        )
    if rights.lacking:
        raise AccountUnfit(
            CHASSIS.say(
                "database_account_lacking", account=rights.account, rights=list(rights.lacking), service=service
            )
        )


def _names(conn: "psycopg.Connection[Any]", query: str) -> tuple[str, ...]:
    names = {"log": LOG_SCHEMA, "own": SERVICE_SCHEMA}
    # Without parameters a percent sign would stand for itself.
    rows = conn.execute(query.encode(), names if "%(" in query else None)
    return tuple(name for (name,) in rows)
