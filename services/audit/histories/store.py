"""A household's facts from the copies of all logs, and the entries there that cannot be decoded."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.canonical import UnknownType
from contracts.facts import Recorded
from contracts.selection import parent_of
from services.audit.histories.posts import STAFF
from services.audit.provenance import DatabaseConnection
from services.audit.statements.state import REGISTRY
from services.chassis.log.entries import COLUMNS, Entry, decode_entry

ABOUT = (
    f"SELECT log, {COLUMNS} FROM copies WHERE subject = %(household)s"
    # An entry that names no household, in a stream that is about this one.
    f" UNION ALL SELECT log, {COLUMNS} FROM copies WHERE subject IS NULL AND (log, originator_id) IN"
    " (SELECT log, originator_id FROM copies WHERE subject = %(household)s)"
    " ORDER BY log, notification_id"
)
REGISTERED = (
    f"SELECT log, {COLUMNS} FROM copies WHERE log = '{REGISTRY}' AND subject = ANY(%s) ORDER BY notification_id"
)


@dataclass(frozen=True, slots=True)
class UndecodedEntry:
    """An entry about the household that this release cannot decode: its type or version came with a later release."""

    id: str
    type: str
    recorded_at: datetime
    actor: str


def facts_of(conn: DatabaseConnection, household: UUID) -> tuple[list[Recorded], list[UndecodedEntry]]:
    """Everything kept about the household, from every log; entries that cannot be decoded are named, not left out."""
    return _decoded(conn.execute(ABOUT.encode(), {"household": household}))


def registered_facts(conn: DatabaseConnection, households: Collection[UUID]) -> list[Recorded]:
    """The register's facts about these households that this release can decode."""
    return _decoded(conn.execute(REGISTERED.encode(), (list(households),)))[0]


def ancestors_of(conn: DatabaseConnection, facts: Iterable[Recorded]) -> tuple[list[Recorded], list[UndecodedEntry]]:
    """The register's facts about all that these facts' household started from, void splits included."""
    found: list[Recorded] = []
    undecoded: list[UndecodedEntry] = []
    seen: set[UUID] = set()
    while missing := {p for r in facts if (p := parent_of(r)) is not None} - seen:
        seen |= missing
        facts, unknown = _decoded(conn.execute(REGISTERED.encode(), (list(missing),)))
        found += facts
        undecoded += unknown
    return found, undecoded


STAFF_OF = """
WITH acting AS (SELECT staff_id FROM staff_accounts WHERE account = ANY(%s))
SELECT staff_id FROM acting UNION SELECT d.staff_id FROM staff_deputies d JOIN acting a ON d.deputy = a.staff_id
"""
DIRECTORY = (
    f"SELECT log, {COLUMNS} FROM copies WHERE log = '{REGISTRY}' AND originator_id = ANY(%s) ORDER BY notification_id"
)


def staff_of(conn: DatabaseConnection, accounts: Collection[str]) -> dict[UUID, list[Recorded]]:
    """The directory's facts about whoever has these accounts, and about those whom they ever stood in for."""
    members = [staff_id for (staff_id,) in conn.execute(STAFF_OF, (list(accounts),))]
    found: dict[UUID, list[Recorded]] = {staff_id: [] for staff_id in members}
    facts, _ = _decoded(conn.execute(DIRECTORY.encode(), ([f"{STAFF}{staff_id}" for staff_id in members],)))
    for r in facts:
        found[UUID(r.stream.removeprefix(STAFF))].append(r)
    return found


def _decoded(rows: Iterable[tuple[Any, ...]]) -> tuple[list[Recorded], list[UndecodedEntry]]:
    facts: list[Recorded] = []
    undecoded: list[UndecodedEntry] = []
    for log, *columns in rows:
        entry = Entry(*columns)
        try:
            facts.append(decode_entry(log, entry))
        except (UnknownType, msgspec.DecodeError):
            entry_id = f"{log}/{entry.stream}/{entry.version}"
            undecoded.append(UndecodedEntry(entry_id, entry.topic, entry.recorded_at, entry.actor))
    return facts, undecoded
