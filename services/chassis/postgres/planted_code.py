"""Functions that wait in a service's schema for somebody who may do more: whoever migrates is the owner a moment later, and a
trigger, a view or a default of the service's tables would run such a function with the migrator's rights."""

from collections.abc import Iterable
from typing import Any

import psycopg

from services.chassis.postgres.accounts import LOG_SCHEMA

FUNCTIONS = """
SELECT p.oid::regprocedure::text, prosrc FROM pg_proc AS p JOIN pg_roles AS made_by ON made_by.oid = proowner
WHERE NOT rolsuper AND proowner IS DISTINCT FROM (SELECT nspowner FROM pg_namespace WHERE nspname = %s)
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
ORDER BY 1
"""
"""Neither an administrator's, nor the owner's, nor an extension's: what a service's account made, or may replace."""


def planted_functions(connection: "psycopg.Connection[Any]", migrations: Iterable[str]) -> list[str]:
    """Those that none of the migrations made as they are. Without names: as that of a trigger a body is enough."""
    made = [text.replace("\r\n", "\n") for text in migrations]
    found = connection.execute(FUNCTIONS, (LOG_SCHEMA,)).fetchall()
    return [name for name, body in found if not any(f"${body}$" in text for text in made)]
