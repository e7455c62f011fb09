"""The two schemas of a database and who may do what in them, made by its migrator."""

import psycopg
from psycopg import sql

from services.chassis.postgres.accounts import LOG_SCHEMA, SERVICE_SCHEMA, Accounts

SCHEMAS = """
SET LOCAL ROLE {owner};
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {migrator}, {reader};
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {service};
CREATE SCHEMA IF NOT EXISTS {log};
REVOKE ALL ON SCHEMA {log} FROM PUBLIC, {service}, {reader};
GRANT USAGE ON SCHEMA {log} TO {service}, {reader};
CREATE TABLE IF NOT EXISTS {log}.schema_migrations (
    set_name       text NOT NULL,
    number         integer NOT NULL,
    file_name      text NOT NULL,
    sha256         text NOT NULL,
    former_release boolean NOT NULL,  -- whether one that does not know this migration may serve
    applied_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (set_name, number)
);
REVOKE ALL ON ALL TABLES IN SCHEMA {log} FROM PUBLIC, {service}, {reader};
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {log} TO {service};
GRANT SELECT ON ALL TABLES IN SCHEMA {log} TO {reader};
REVOKE INSERT ON {log}.schema_migrations FROM {service};
ALTER DEFAULT PRIVILEGES IN SCHEMA {log} GRANT SELECT, INSERT ON TABLES TO {service};
ALTER DEFAULT PRIVILEGES IN SCHEMA {log} GRANT SELECT ON TABLES TO {reader};
SET LOCAL ROLE NONE;
CREATE SCHEMA IF NOT EXISTS {own} AUTHORIZATION {service};
SET LOCAL ROLE {service};
REVOKE ALL ON SCHEMA {own} FROM PUBLIC, {reader};
GRANT USAGE ON SCHEMA {own} TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {own} TO {reader};
ALTER DEFAULT PRIVILEGES IN SCHEMA {own} GRANT SELECT ON TABLES TO {reader};
"""
"""Said again, it sets right whatever was granted or withdrawn meanwhile, and loses nothing."""

PUBLIC_SCHEMA = "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
"""PostgreSQL 15 and newer have it so from the start; a database that was upgraded need not."""


def make_schemas(conn: "psycopg.Connection[tuple[object, ...]]", accounts: Accounts) -> None:
    """In one transaction, by the migrator. Raises ``psycopg.Error``."""
    names = {"log": LOG_SCHEMA, "own": SERVICE_SCHEMA, "database": accounts.database, "owner": accounts.owner,
             "migrator": accounts.migrator, "service": accounts.service, "reader": accounts.reader}  # fmt: skip
    statements = sql.SQL(SCHEMAS).format(**{key: sql.Identifier(name) for key, name in names.items()})
    with conn.transaction():
        conn.execute(statements)
        conn.execute("SET LOCAL ROLE NONE")
        conn.execute("SELECT set_config('role', %s, true)", (accounts.owner,))
        if conn.execute("SELECT to_regnamespace('public') IS NOT NULL").fetchone() == (True,):
            conn.execute(PUBLIC_SCHEMA)


def has_schemas(conn: "psycopg.Connection[tuple[object, ...]]") -> bool:
    """Whether both are there."""
    found = "SELECT count(*) = 2 FROM pg_namespace WHERE nspname = ANY(%s)"
    return conn.execute(found, ([LOG_SCHEMA, SERVICE_SCHEMA],)).fetchone() == (True,)
