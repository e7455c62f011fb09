"""The table of imports: their progress, and the answer for a repeated request.

Of a file only its digest, its name and the summary are stored; the summary names rows and columns, never contents.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.ground.refusals import NOT_FOUND, Refused, Rule
from services.chassis.log.command_record import CommandRef
from services.chassis.log.group_commit import KEY_REUSED
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.intake.importing.lookups import Batch, HouseholdOutcome
from services.registry.intake.importing.planning import HouseholdResult
from services.registry.intake.layout import SHEETS
from services.registry.intake.reading.drafts import ParsedWorkbook, RowError

BEGIN = """
INSERT INTO intake_batches
    (batch_id, principal, division, digest, file_sha256, file_name, started_at, households_seen)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""

SELECT_ANSWER = """
SELECT b.digest, b.file_sha256, b.summary::text, c.position
FROM intake_batches AS b LEFT JOIN commands AS c ON c.command_id = b.batch_id WHERE b.batch_id = %s
"""

SELECT_PROGRESS = """
SELECT division, file_sha256, file_name, started_at, households_seen, households_done, summary::text
FROM intake_batches WHERE batch_id = %s
"""

ADVANCE = "UPDATE intake_batches SET households_done = %s WHERE batch_id = %s AND summary IS NULL"

COMPLETE = "UPDATE intake_batches SET summary = %s::jsonb, households_done = households_seen WHERE batch_id = %s"


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The result of an import. Households seen = recorded + updated + unchanged + refused."""

    households_seen: int
    members_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]

    @classmethod
    def of(cls, workbook: ParsedWorkbook, results: Sequence[HouseholdResult]) -> "ImportSummary":
        outcomes = Counter(result.outcome for result in results)
        return cls(
            households_seen=workbook.households_seen,
            members_seen=workbook.members_seen,
            recorded=outcomes[HouseholdOutcome.RECORDED],
            updated=outcomes[HouseholdOutcome.UPDATED],
            unchanged=outcomes[HouseholdOutcome.UNCHANGED],
            refused=workbook.households_seen - len(results) + outcomes[HouseholdOutcome.REFUSED],
            errors=_in_form_order([*workbook.errors, *(error for result in results for error in result.errors)]),
            warnings=_in_form_order(
                [*workbook.warnings, *(warning for result in results for warning in result.warnings)]
            ),
        )


_summary = msgspec.json.Decoder(ImportSummary)


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """``position``: the registry's log position from which on the effect can be read. ``batch_id``: ``None`` for a dry
    run. ``not_asked``: rules that a dry run never answers."""

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
    file_name: str
    started_at: datetime
    households_seen: int
    households_done: int
    summary: ImportSummary | None


class Batches:
    """The table ``intake_batches``. Blocking."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, batch: Batch, command: CommandRef, households_seen: int) -> ImportAnswer | None:
        """Record that an import begins or resumes. Returns its answer when it was completed before. Raises
        ``KEY_REUSED`` when the key was used for another file."""
        evidence = batch.upload.evidence
        with self._store.reading() as conn:
            conn.execute(
                BEGIN,
                (
                    batch.id, command.principal, batch.upload.area, command.digest, evidence.sha256, evidence.name,
                    self._store.clock.now(), households_seen,
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
        """Store the summary, in the transaction of the ``WorkbookImported`` fact."""
        tx.cur.execute(COMPLETE, (msgspec.json.encode(summary).decode(), batch_id))

    def progress(self, batch_id: UUID, actor: Actor) -> ImportProgress:
        """Raises ``NOT_FOUND`` for an unknown batch, and for one whose area is not within the actor's."""
        with self._store.reading() as conn:
            row = conn.execute(SELECT_PROGRESS, (batch_id,)).fetchone()
        if row is None or not actor.covers(row[0]):
            raise Refused(NOT_FOUND)
        _, sha256, name, started_at, seen, done, summary = row
        return ImportProgress(batch_id, sha256, name, started_at, seen, done, summary and _summary.decode(summary))


def _in_form_order(errors: Iterable[RowError]) -> tuple[RowError, ...]:
    """By sheet of the form, then by row."""
    order = {sheet.name: index for index, sheet in enumerate(SHEETS)}
    return tuple(sorted(errors, key=lambda error: (order[error.sheet], error.row)))
