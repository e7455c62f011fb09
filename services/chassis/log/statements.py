"""The statements of a session: what it asks for when it begins, and what it writes when it ends."""

from services.chassis.log.entries import COLUMNS
from services.chassis.log.pipeline import Bulk, Statement

BEGIN, COMMIT = Statement("BEGIN"), Statement("COMMIT")
SNAPSHOT = Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
LOCK = Statement("SELECT pg_advisory_xact_lock($1::bigint)::text")
HEAD = Statement(
    "SELECT coalesce(max(notification_id), 0), max(recorded_at), (SELECT closed_through FROM closing)"
    " FROM (SELECT notification_id, recorded_at FROM log ORDER BY notification_id DESC LIMIT 1) AS last"
)
ANSWERS = Bulk(
    "SELECT command_id, digest, status, code, location, position, warnings FROM commands WHERE command_id = ANY({})",
    "uuid",
)
STREAMS = Statement(
    f"SELECT {COLUMNS} FROM log WHERE originator_id = ANY($1::text[]) ORDER BY originator_id, originator_version"
)
PARTS = Statement(
    f"SELECT {COLUMNS} FROM log WHERE originator_id = ANY($1::text[]) AND topic <> ALL($2::text[])"
    " ORDER BY originator_id, originator_version"
)
VERSIONS = Statement(
    "SELECT stream, (SELECT max(originator_version) FROM log WHERE originator_id = stream)"
    " FROM unnest($1::text[]) AS asked (stream)"
)
CLAIMS = Bulk(
    "SELECT kind, key_number, digest, holder FROM claims"
    " WHERE standing AND (kind, key_number, digest) IN (SELECT * FROM unnest({}))",
    "text", "int", "bytea",
)  # fmt: skip
KEEP_ROWS = Bulk(
    f"INSERT INTO log ({COLUMNS}) SELECT * FROM unnest({{}})",
    "bigint", "text", "bigint", "text", "bytea", "timestamptz", "uuid", "text",
)  # fmt: skip
COPY_FROM = 32
"""Rows from which COPY, which takes a round trip of its own, is the faster way."""
COPY_ROWS = f"COPY log ({COLUMNS}) FROM STDIN (FORMAT BINARY)".encode()
DROP_CLAIMS = Bulk(
    "DELETE FROM claims WHERE (kind, key_number, digest) IN (SELECT * FROM unnest({}))", "text", "int", "bytea"
)
KEEP_CLAIMS = Bulk(
    "INSERT INTO claims (kind, key_number, digest, holder, given_by, standing) SELECT * FROM unnest({})"
    " ON CONFLICT (kind, key_number, digest, given_by)"
    " DO UPDATE SET holder = excluded.holder, standing = excluded.standing",
    "text", "int", "bytea", "uuid", "uuid", "boolean",
)  # fmt: skip
SOURCES = Statement(
    "SELECT kind, key_number, digest, given_by, holder, standing FROM claims WHERE (kind, key_number, digest) IN"
    " (SELECT kind, key_number, digest FROM claims WHERE given_by = ANY($1::uuid[]))"
)
PERIODS = Statement(
    "SELECT subject, holder, valid_from, valid_to, final FROM exclusive_periods WHERE subject = ANY($1::uuid[])"
    " ORDER BY subject, holder, valid_from"
)
DROP_PERIODS = Bulk(
    "DELETE FROM exclusive_periods WHERE (subject, holder) IN (SELECT * FROM unnest({}))", "uuid", "uuid"
)
KEEP_PERIODS = Bulk(
    "INSERT INTO exclusive_periods (subject, holder, valid_from, valid_to, final) SELECT * FROM unnest({})",
    "uuid", "uuid", "date", "date", "boolean",
)  # fmt: skip
KEEP_TIMERS = Bulk(
    "INSERT INTO timers (id, kind, stream, due_at, set_by) SELECT * FROM unnest({}) ON CONFLICT (id) DO NOTHING",
    "uuid", "text", "text", "timestamptz", "text",
)  # fmt: skip
KEEP_ANSWERS = Bulk(
    "INSERT INTO commands"
    " (principal, route, key, command_id, digest, status, code, location, position, decided_at, warnings)"
    " SELECT * FROM unnest({})",
    "text", "text", "text", "uuid", "bytea", "int", "text", "text", "bigint", "timestamptz", "text",
)  # fmt: skip
