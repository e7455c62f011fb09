"""What a service keeps of the logs it reads: the entries themselves, so that their subjects can be folded again."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.canonical import UnknownType
from contracts.facts import HouseholdFact, Recorded
from services.chassis.entries import COLUMNS, Entry, entry, read


def keep(cur: Cursor[tuple[Any, ...]], log: str, entries: Iterable[Entry]) -> None:
    """Store entries as received; a type that this release does not know is kept raw."""
    with cur.copy(f"COPY copies (log, {COLUMNS}, subject) FROM STDIN".encode()) as copy:
        for e in entries:
            copy.write_row(
                (
                    log, e.position, e.stream, e.originator_version, e.topic, e.state,
                    e.recorded_at, e.command_id, e.actor, _subject(log, e),
                )
            )  # fmt: skip


def about(
    cur: Cursor[tuple[Any, ...]], households: Sequence[UUID], log: str | None = None
) -> dict[UUID, list[Recorded]]:
    """Everything kept about these households, from one log or from all, in (log, position) order. Unknown types are
    left out. Every household asked for has a list."""
    found: dict[UUID, list[Recorded]] = {h: [] for h in households}
    cur.execute(
        f"SELECT subject, log, {COLUMNS} FROM copies WHERE subject = ANY(%s) AND log = coalesce(%s, log)"
        " ORDER BY subject, log, notification_id".encode(),
        (list(households), log),
        prepare=True,
    )
    for subject, of_log, *row in cur:
        found[subject].append(read(of_log, entry(tuple(row))))
    return found


def _subject(log: str, e: Entry) -> UUID | None:
    try:
        fact = read(log, e).fact
    except UnknownType:
        return None
    return fact.household_id if isinstance(fact, HouseholdFact) else None
