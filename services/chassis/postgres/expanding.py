"""Migrations that a former release can go on serving under: they add, and take nothing away.

While replicas of a service live, only such files are applied. What the former release still needs is dropped, renamed or
narrowed by a later release, when nobody is left who needs it; a file that does so is applied while no replica runs.
"""

import re

import psycopg

from services.chassis.postgres.accounts import SERVICE_SCHEMA
from services.chassis.postgres.heartbeats import LIVES

LITERAL_OR_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|(\$\w*\$).*?\1", re.DOTALL)
NEW_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?([\w.]+)")
# Of a view that is replaced PostgreSQL itself sees to it that it keeps its columns.
ADDS = re.compile(r"CREATE (?:OR REPLACE VIEW|TABLE|INDEX|FUNCTION|TYPE|SEQUENCE|VIEW|SCHEMA)\b|GRANT\b|COMMENT\b")
OF_A_TABLE = re.compile(
    r"(?:ALTER TABLE (?:IF EXISTS )?(?:ONLY )?|INSERT INTO |CREATE UNIQUE INDEX \w+ ON |CREATE TRIGGER .*? ON )([\w.]+)"
)
ACTIONS = re.compile(r"ALTER TABLE (?:ONLY )?[\w.]+ (.*)")
BETWEEN_ACTIONS = re.compile(r", (?![^(]*\))")
ADDS_COLUMN = re.compile(r"ADD COLUMN (?!.*\b(?:UNIQUE|PRIMARY|CHECK|REFERENCES)\b)")
REPLICAS = f"{SERVICE_SCHEMA}.replicas"
LIVING = f"SELECT count(*) FROM {REPLICAS} WHERE {LIVES}"


def contracting_statements(text: str) -> list[str]:
    """The statements of a migration that a former release may not survive, in one line each: all but those known to only
    add something."""
    statements = [" ".join(part.split()) for part in LITERAL_OR_COMMENT.sub(_blank, text).split(";")]
    new = {found[1] for statement in statements if (found := NEW_TABLE.match(statement.upper()))}
    return [statement for statement in statements if statement and not _only_adds(statement.upper(), new)]


def _blank(found: re.Match[str]) -> str:
    return " " if found[0].startswith(("--", "/*")) else "''"


def _only_adds(statement: str, new_tables: set[str]) -> bool:
    if ADDS.match(statement):
        return True
    if (of := OF_A_TABLE.match(statement)) and of[1] in new_tables:
        return True
    altered = ACTIONS.match(statement)
    return altered is not None and all(_adds_column(action) for action in BETWEEN_ACTIONS.split(altered[1]))


def _adds_column(action: str) -> bool:
    return bool(ADDS_COLUMN.match(action)) and (" NOT NULL" not in action or " DEFAULT " in action)


def living_replicas(connection: psycopg.Connection) -> int:
    """How many replicas of the service run on this database, as far as it has come to tell."""
    there = connection.execute("SELECT to_regclass(%s)", (REPLICAS,)).fetchone()
    if there is None or there[0] is None:
        return 0
    row = connection.execute(LIVING).fetchone()
    return row[0] if row else 0
