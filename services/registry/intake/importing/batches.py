"""The record of files brought in: how far each import has come, and its answer for a repeated request.

Nothing of a file is kept but its digest, its name and the summary, which names rows and columns and no contents.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.group_commit import KEY_REUSED
from services.chassis.log.store import Store
from services.chassis.log.unit import CommandRef, Tx
from services.chassis.security.identity import Actor
from services.registry.intake.importing.lookups import Batch, Fate
from services.registry.intake.importing.planning import Settled
from services.registry.intake.layout import SHEETS
from services.registry.intake.reading.drafts import Reading, RowError

BEGIN = """
INSERT INTO intake_batches
    (batch_id, principal, division, digest, file_sha256, file_name, started_at, households_seen)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""

ANSWERED = """
SELECT b.digest, b.file_sha256, b.summary::text, c.position
FROM intake_batches AS b LEFT JOIN commands AS c ON c.command_id = b.batch_id WHERE b.batch_id = %s
"""

PROGRESS = """
SELECT division, file_sha256, file_name, started_at, households_seen, households_done, summary::text
FROM intake_batches WHERE batch_id = %s
"""

ADVANCE = "UPDATE intake_batches SET households_done = %s WHERE batch_id = %s AND summary IS NULL"

CLOSE = "UPDATE intake_batches SET summary = %s::jsonb, households_done = households_seen WHERE batch_id = %s"


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file. Households seen = recorded + updated + unchanged + refused."""

    households_seen: int
    members_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]

    @classmethod
    def of(cls, reading: Reading, settled: Sequence[Settled]) -> "Summary":
        fates = Counter(one.fate for one in settled)
        return cls(
            households_seen=reading.households_seen,
            members_seen=reading.members_seen,
            recorded=fates[Fate.RECORDED],
            updated=fates[Fate.UPDATED],
            unchanged=fates[Fate.UNCHANGED],
            refused=reading.households_seen - len(settled) + fates[Fate.REFUSED],
            errors=_in_order([*reading.errors, *(error for one in settled for error in one.errors)]),
            warnings=_in_order([*reading.warnings, *(note for one in settled for note in one.warnings)]),
        )


_summary = msgspec.json.Decoder(Summary)


@dataclass(frozen=True, slots=True)
class Answer:
    """``position``: the registry's log position from which on the effect can be read."""

    file_sha256: str
    summary: Summary
    position: int
    batch_id: UUID | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come. ``summary`` is ``None`` while households are still to be taken in; if nobody is at
    it any more, sending the same file with the same key takes in the rest."""

    batch_id: UUID
    file_sha256: str
    file_name: str
    started_at: datetime
    households_seen: int
    households_done: int
    summary: Summary | None


class Batches:
    """The table ``intake_batches``. Blocking."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, batch: Batch, command: CommandRef, households_seen: int) -> Answer | None:
        """Note that an import begins, or goes on; its answer when it was completed before. Raises ``KEY_REUSED`` when
        the key came with another file."""
        paper = batch.upload.paper
        with self._store.reading() as conn:
            conn.execute(
                BEGIN,
                (
                    batch.id, command.principal, batch.upload.area, command.digest, paper.sha256, paper.name,
                    self._store.clock.now(), households_seen,
                ),
            )  # fmt: skip
        return self.answered(command)

    def answered(self, command: CommandRef) -> Answer | None:
        with self._store.reading() as conn:
            row = conn.execute(ANSWERED, (command.command_id,)).fetchone()
        if row is None:
            return None
        digest, sha256, summary, position = row
        if bytes(digest) != command.digest:
            raise Refused(KEY_REUSED)
        return summary and Answer(sha256, _summary.decode(summary), position, command.command_id, replayed=True)

    def advance(self, batch_id: UUID, done: int) -> None:
        with self._store.reading() as conn:
            conn.execute(ADVANCE, (done, batch_id))

    def close(self, tx: Tx, batch_id: UUID, summary: Summary) -> None:
        """In the transaction of the fact that says the same."""
        tx.cur.execute(CLOSE, (msgspec.json.encode(summary).decode(), batch_id))

    def progress(self, batch_id: UUID, actor: Actor) -> Progress:
        """Raises ``NOT_FOUND`` for a batch that is unknown, or that somebody brought in whose area exceeds the actor's."""
        with self._store.reading() as conn:
            row = conn.execute(PROGRESS, (batch_id,)).fetchone()
        if row is None or not actor.covers(row[0]):
            raise Refused(NOT_FOUND)
        _, sha256, name, started_at, seen, done, summary = row
        return Progress(batch_id, sha256, name, started_at, seen, done, summary and _summary.decode(summary))


def _in_order(errors: Iterable[RowError]) -> tuple[RowError, ...]:
    """By sheet of the form, then by row."""
    place = {sheet.name: at for at, sheet in enumerate(SHEETS)}
    return tuple(sorted(errors, key=lambda error: (place[error.sheet], error.row)))
