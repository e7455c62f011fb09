"""A household's facts from the copies of all logs, and what stands there that cannot be read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.canonical import UnknownType
from contracts.facts import Recorded
from services.audit.provenance import Connected
from services.chassis.log.entries import COLUMNS, Entry, read

ABOUT = (
    f"SELECT log, {COLUMNS} FROM copies WHERE subject = %(household)s"
    # An entry that names no household, in a stream that is about this one.
    f" UNION ALL SELECT log, {COLUMNS} FROM copies WHERE subject IS NULL AND (log, originator_id) IN"
    " (SELECT log, originator_id FROM copies WHERE subject = %(household)s)"
    " ORDER BY log, notification_id"
)


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry about the household that this release cannot read: of a type or version that came with a later one."""

    id: str
    type: str
    recorded_at: datetime
    actor: str


def facts_of(conn: Connected, household: UUID) -> tuple[list[Recorded], list[Unread]]:
    """Everything kept about the household, from every log; what cannot be read is named and not left out."""
    facts: list[Recorded] = []
    unread: list[Unread] = []
    for log, *columns in conn.execute(ABOUT.encode(), {"household": household}):
        stored = Entry(*columns)
        try:
            facts.append(read(log, stored))
        except (UnknownType, msgspec.DecodeError):
            name = f"{log}/{stored.stream}/{stored.version}"
            unread.append(Unread(name, stored.topic, stored.recorded_at, stored.actor))
    return facts, unread
