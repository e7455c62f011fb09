"""The table of imports: their progress, and the answer for a repeated request.

Of a file only its digest and the summary stand here; the summary names rows and columns, never contents.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.casework.workbooks.importing.matter import Batch
from services.casework.workbooks.importing.results import ImportSummary
from services.chassis.ground.refusals import NOT_FOUND, Refused, Rule
from services.chassis.log.command_record import CommandRef
from services.chassis.log.group_commit import KEY_REUSED
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

AREAS = "SELECT batch_id AS subject, division FROM workbook_batches"
"""SQL of the relation (subject, division): an import is where who began it is responsible."""

BEGIN = """
INSERT INTO workbook_batches
    (batch_id, principal, division, digest, file_sha256, started_at, subjects_seen)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""

SELECT_ANSWER = """
SELECT b.digest, b.file_sha256, b.summary::text, c.position
FROM workbook_batches AS b LEFT JOIN commands AS c ON c.command_id = b.batch_id WHERE b.batch_id = %s
"""

PROGRESS = "SELECT batch_id, division, file_sha256, started_at, subjects_seen, subjects_done, summary::text FROM workbook_batches"
SELECT_PROGRESS = f"{PROGRESS} WHERE batch_id = %s"
SELECT_OF_FILE = f"{PROGRESS} WHERE principal = %s AND file_sha256 = %s ORDER BY started_at DESC LIMIT %s"
MOST_OF_ONE_FILE = 20

ADVANCE = "UPDATE workbook_batches SET subjects_done = %s WHERE batch_id = %s AND summary IS NULL"

COMPLETE = "UPDATE workbook_batches SET summary = %s::jsonb, subjects_done = subjects_seen WHERE batch_id = %s"

_summary = msgspec.json.Decoder(ImportSummary)


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """``position``: the log's position from which on the effect can be read. ``batch_id``: ``None`` for a dry run.
    ``not_asked``: rules that a dry run never answers."""

    file_sha256: str
    summary: ImportSummary
    position: int
    batch_id: UUID | None = None
    replayed: bool = False
    not_asked: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """``summary`` is ``None`` until the import is complete; sending the same file with the same key resumes it."""

    batch_id: UUID
    file_sha256: str
    started_at: datetime
    subjects_seen: int
    subjects_done: int
    summary: ImportSummary | None


class Batches:
    """The table ``workbook_batches``. Blocking."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, batch: Batch, command: CommandRef, subjects_seen: int) -> ImportAnswer | None:
        """Record that an import begins or resumes. Returns its answer when it was completed before. Raises
        ``KEY_REUSED`` when the key was used for another file."""
        with self._store.reading() as conn:
            conn.execute(
                BEGIN,
                (
                    batch.id, command.principal, batch.upload.area, command.digest, batch.upload.sha256,
                    self._store.clock.now(), subjects_seen,
                ),
            )  # fmt: skip
        return self.answer(command)

    def answer(self, command: CommandRef) -> ImportAnswer | None:
        """The answer of a completed import. Raises ``KEY_REUSED`` when the key was used for another file."""
        with self._store.reading() as conn:
            row = conn.execute(SELECT_ANSWER, (command.command_id,)).fetchone()
        if row is None:
            return None
        digest, sha256, summary, position = row
        if bytes(digest) != command.digest:
            raise Refused(KEY_REUSED)
        return summary and ImportAnswer(sha256, _summary.decode(summary), position, command.command_id, replayed=True)

    def advance(self, batch_id: UUID, done: int) -> None:
        with self._store.reading() as conn:
            conn.execute(ADVANCE, (done, batch_id))

    def complete(self, tx: Tx, batch_id: UUID, summary: ImportSummary) -> None:
        """Store the summary, in the transaction of the fact that the file was imported."""
        tx.cur.execute(COMPLETE, (msgspec.json.encode(summary).decode(), batch_id))

    def progress(self, batch_id: UUID, actor: Actor) -> ImportProgress:
        """Raises ``NOT_FOUND`` for an unknown batch, and for one whose area is not within the actor's."""
        with self._store.reading() as conn:
            row = conn.execute(SELECT_PROGRESS, (batch_id,)).fetchone()
        if row is None or not actor.covers(row[1]):
            raise Refused(NOT_FOUND)
        return _progress(row)

    def of_file(self, file_sha256: str, actor: Actor) -> list[ImportProgress]:
        """The actor's own imports of a file, the latest first."""
        with self._store.reading() as conn:
            rows = conn.execute(SELECT_OF_FILE, (actor.subject, file_sha256, MOST_OF_ONE_FILE)).fetchall()
        return [_progress(row) for row in rows]


def _progress(row: tuple[Any, ...]) -> ImportProgress:
    batch_id, _, sha256, started_at, seen, done, summary = row
    return ImportProgress(batch_id, sha256, started_at, seen, done, summary and _summary.decode(summary))
