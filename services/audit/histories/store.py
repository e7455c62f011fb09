"""A household's facts from the copies of all logs, and the entries there that cannot be decoded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.canonical import UnknownType
from contracts.facts import Recorded
from services.audit.provenance import DatabaseConnection
from services.chassis.log.entries import COLUMNS, Entry, decode_entry

ABOUT = (
    f"SELECT log, {COLUMNS} FROM copies WHERE subject = %(household)s"
    # An entry that names no household, in a stream that is about this one.
    f" UNION ALL SELECT log, {COLUMNS} FROM copies WHERE subject IS NULL AND (log, originator_id) IN"
    " (SELECT log, originator_id FROM copies WHERE subject = %(household)s)"
    " ORDER BY log, notification_id"
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
    facts: list[Recorded] = []
    undecoded: list[UndecodedEntry] = []
    for log, *columns in conn.execute(ABOUT.encode(), {"household": household}):
        entry = Entry(*columns)
        try:
            facts.append(decode_entry(log, entry))
        except (UnknownType, msgspec.DecodeError):
            entry_id = f"{log}/{entry.stream}/{entry.version}"
            undecoded.append(UndecodedEntry(entry_id, entry.topic, entry.recorded_at, entry.actor))
    return facts, undecoded
