"""What only the owner of a server can do: change what is never rewritten, behind everybody's back."""

from typing import Any

import psycopg

from tests.support.databases import as_superuser

GUARDED = ("log", "copies", "log_digests")


def edit_silently(conninfo: str, *statements: str) -> list[tuple[Any, ...]]:
    """Trigger off, these statements, trigger on, in one transaction; the rows that the last of them returns. ``conninfo``: of
    an embedded server's database, of whatever account. Each statement must change something."""
    with psycopg.connect(as_superuser(conninfo)) as conn:
        _switch_guards(conn, "DISABLE")
        returned: list[tuple[Any, ...]] = []
        for statement in statements:
            done = conn.execute(statement.encode())
            assert done.rowcount != 0, statement
            returned = done.fetchall() if done.description else []
        _switch_guards(conn, "ENABLE")
        return returned


def _switch_guards(conn: psycopg.Connection[Any], switch: str) -> None:
    for table in GUARDED:
        conn.execute(f"ALTER TABLE {table} {switch} TRIGGER USER".encode())
