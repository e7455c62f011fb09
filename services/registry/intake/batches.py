"""A whole file: tried or taken in, a few dozen households at a time, resumed where it was cut off, summed up once."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from contracts.civil import civil_day
from contracts.facts import Evidence
from contracts.registry.intake import WorkbookImported
from services.chassis.commit import KEY_REUSED
from services.chassis.identity import Actor
from services.chassis.refusals import NOT_FOUND, Refused
from services.chassis.store import Store
from services.chassis.unit import CommandRef, Outcome, Reply, Tx, Unit
from services.registry.intake import register_rules as rules
from services.registry.intake.drafts import HouseholdDraft, Reading, RowError
from services.registry.intake.entries import Upload, wrong
from services.registry.intake.layout import HOUSEHOLDS
from services.registry.intake.looking import Batch, Fate
from services.registry.intake.reading import read_workbook
from services.registry.intake.store import Overtaken, Prepared, Register, Settled
from services.registry.vault.seals import Seals

CHUNK = 64
"""Households under way at once: enough for group commit, few enough that other people's commands get between them."""

TRIES = 3
"""How often a household is decided anew when others change it at the same time."""


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come. ``summary`` is ``None`` while households are still to be taken in."""

    batch_id: UUID
    file_sha256: str
    file_name: str
    started_at: datetime
    households_seen: int
    households_done: int
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class Answer:
    """``position``: the registry's log position from which on the effect can be read."""

    file_sha256: str
    summary: Summary
    position: int
    replayed: bool = False


class Batches:
    """Files of the collection form. Blocking; nothing of a file is kept but its digest, its name and the summary."""

    def __init__(self, store: Store, seals: Seals) -> None:
        self._store, self._register = store, Register(store, seals)

    def try_out(self, content: bytes, name: str, actor: Actor) -> Answer:
        """What taking this file in would do, without doing it. Raises ``Refused`` for a file that cannot be read."""
        batch, reading = self._read(content, name, actor, None)
        settled = [p.settled for chunk in _chunks(reading.drafts) for p in self._register.prepare(chunk, batch)]
        return Answer(batch.upload.paper.sha256, _summed_up(reading, settled), self._store.head().position)

    def take_in(self, content: bytes, name: str, actor: Actor, command: CommandRef) -> Answer:
        """Take the file in. The same command again goes on where it was cut off, or is answered as before. Raises
        ``Refused``, and ``StoreUnavailable`` when the database goes away: then send the same again."""
        if (before := self._answered(command)) is not None:
            return before
        batch, reading = self._read(content, name, actor, command)
        self._begin(batch, command, reading)
        settled: list[Settled] = []
        for chunk in _chunks(reading.drafts):
            settled += self._carry_out(chunk, batch)
            self._advance(command, len(settled) + reading.households_seen - len(reading.drafts))
        summary = _summed_up(reading, settled)
        unit = Unit(command, _closing(batch, summary), (stream_of(batch.id),))
        outcome = self._store.submit(unit).result()
        if outcome.replayed:
            return self._answered(command) or Answer(batch.upload.paper.sha256, summary, outcome.position, True)
        return Answer(batch.upload.paper.sha256, summary, outcome.position)

    def progress(self, batch_id: UUID, actor: Actor) -> Progress:
        """Raises ``NOT_FOUND`` for a batch that is unknown, or of somebody whose area is not within the actor's."""
        with self._store.reading() as conn:
            row = conn.execute(
                "SELECT division, file_sha256, file_name, started_at, households_seen, households_done, summary::text"
                " FROM intake_batches WHERE batch_id = %s",
                (batch_id,),
            ).fetchone()
        if row is None or not actor.covers(row[0]):
            raise Refused(NOT_FOUND)
        return Progress(batch_id, *row[1:6], summary=row[6] and _decoded(row[6]))

    def _read(self, content: bytes, name: str, actor: Actor, command: CommandRef | None) -> tuple[Batch, Reading]:
        paper = Evidence(sha256=hashlib.sha256(content).hexdigest(), kind="workbook", name=name)
        today = civil_day(self._store.clock.now())
        upload = Upload(by=actor.subject, area=actor.division, paper=paper, today=today)
        batch = Batch(uuid4() if command is None else command.command_id, actor, upload, command)
        return batch, read_workbook(content, today=today)

    def _carry_out(self, drafts: Sequence[HouseholdDraft], batch: Batch) -> Iterator[Settled]:
        for _ in range(TRIES):
            waiting: list[tuple[Prepared, Future[Outcome]]] = []
            for prepared in self._register.prepare(drafts, batch):
                if prepared.unit is None:
                    yield prepared.settled
                else:
                    waiting.append((prepared, self._store.submit(prepared.unit)))
            overtaken = []
            for prepared, future in waiting:
                try:
                    # Another run of the same request may have been faster: what it did is what was done.
                    fate = Fate(future.result().status)
                except Overtaken:
                    overtaken.append(prepared.settled.draft)
                else:
                    yield Settled(prepared.settled.draft, fate, (), prepared.settled.warnings)
            if not overtaken:
                return
            drafts = overtaken
        for draft in drafts:
            yield Settled(draft, Fate.REFUSED, (wrong(rules.OVERTAKEN, HOUSEHOLDS, draft.row),))

    def _answered(self, command: CommandRef) -> Answer | None:
        """The answer of a request that was completed. Raises ``KEY_REUSED`` when the key came with another file."""
        with self._store.reading() as conn:
            row = conn.execute(
                "SELECT b.digest, b.file_sha256, b.summary::text, c.position FROM intake_batches AS b"
                " LEFT JOIN commands AS c ON c.command_id = b.batch_id WHERE b.batch_id = %s",
                (command.command_id,),
            ).fetchone()
        if row is None:
            return None
        if bytes(row[0]) != command.digest:
            raise Refused(KEY_REUSED)
        return row[2] and Answer(row[1], _decoded(row[2]), row[3], replayed=True)

    def _begin(self, batch: Batch, command: CommandRef, reading: Reading) -> None:
        paper = batch.upload.paper
        with self._store.reading() as conn:
            conn.execute(
                "INSERT INTO intake_batches (batch_id, principal, division, digest, file_sha256, file_name, started_at,"
                " households_seen) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (
                    batch.id, command.principal, batch.upload.area, command.digest, paper.sha256, paper.name,
                    self._store.clock.now(), reading.households_seen,
                ),
            )  # fmt: skip

    def _advance(self, command: CommandRef, done: int) -> None:
        with self._store.reading() as conn:
            conn.execute(
                "UPDATE intake_batches SET households_done = %s WHERE batch_id = %s AND summary IS NULL",
                (done, command.command_id),
            )


def stream_of(batch_id: UUID) -> str:
    return f"intake-{batch_id}"


def _closing(batch: Batch, summary: Summary) -> "Work":
    """The unit's work of summing up: the fact that a workbook was taken in, and the answer for a repeated request."""

    def work(tx: Tx) -> Reply:
        fact = WorkbookImported(
            effective_on=tx.today,
            entered_by=batch.upload.by,
            evidence=(batch.upload.paper,),
            batch_id=batch.id,
            division=batch.upload.area,
            households_seen=summary.households_seen,
            members_seen=summary.members_seen,
            recorded=summary.recorded,
            updated=summary.updated,
            unchanged=summary.unchanged,
            refused=summary.refused,
        )
        tx.append(stream_of(batch.id), fact)
        tx.cur.execute(
            "UPDATE intake_batches SET summary = %s::jsonb, households_done = households_seen WHERE batch_id = %s",
            (msgspec.json.encode(summary).decode(), batch.id),
        )
        return Reply(location=where(batch.id))

    return work


def where(batch_id: UUID) -> str:
    return f"/registry/intake/workbooks/{batch_id}"


def _summed_up(reading: Reading, settled: Sequence[Settled]) -> Summary:
    fates = Counter(one.fate for one in settled)
    unread = reading.households_seen - len(reading.drafts)
    return Summary(
        households_seen=reading.households_seen,
        members_seen=reading.members_seen,
        recorded=fates[Fate.RECORDED],
        updated=fates[Fate.UPDATED],
        unchanged=fates[Fate.UNCHANGED],
        refused=fates[Fate.REFUSED] + unread,
        errors=_in_order(reading.errors, (error for one in settled for error in one.errors)),
        warnings=_in_order(reading.warnings, (warning for one in settled for warning in one.warnings)),
    )
