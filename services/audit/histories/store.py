"""A household's facts from the copies of all logs, those of an unknown type included."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.facts import Recorded
from services.audit.reading import Connected
from services.chassis import copies


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry in one of the household's streams whose type this release does not know."""

    id: str
    type: str
    recorded_at: datetime
    actor: str


def facts_of(conn: Connected, household: UUID) -> list[Recorded]:
    """Everything understood about the household, from every log."""
    with conn.cursor() as cur:
        return copies.about(cur, [household])[household]


def unread_of(conn: Connected, household: UUID, known_before: datetime) -> list[Unread]:
    """What stands in streams of the household and is not understood: a history must not hide that it is there."""
    rows = conn.execute(
        "SELECT log, originator_id, originator_version, topic, recorded_at, actor FROM copies"
        " WHERE subject IS NULL AND recorded_at < %s AND (log, originator_id) IN"
        " (SELECT log, originator_id FROM copies WHERE subject = %s) ORDER BY recorded_at, log, notification_id",
        (known_before, household),
    )
    return [Unread(f"{log}/{stream}/{number}", *more) for log, stream, number, *more in rows]
