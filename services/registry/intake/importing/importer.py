"""A whole file: tried, or taken in a few dozen households at a time and resumed where it was cut off."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from uuid import UUID, uuid4

from contracts.civil import civil_day
from contracts.facts import Evidence
from contracts.registry.intake import WorkbookImported
from services.chassis.log.store import Store
from services.chassis.log.unit import CommandRef, Outcome, Reply, Tx, Unit
from services.chassis.security.identity import Actor
from services.registry.intake.importing.batches import Answer, Batches, Summary
from services.registry.intake.importing.lookups import Batch, Fate
from services.registry.intake.importing.planning import Overtaken, Prepared, Register, Settled
from services.registry.intake.layout import HOUSEHOLDS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import Upload, wrong
from services.registry.intake.reading.drafts import HouseholdDraft, Reading
from services.registry.intake.reading.parser import read_workbook
from services.registry.intake.writing.annotation import annotate
from services.registry.vault.seals import Seals

CHUNK = 64
"""Households under way at once: enough for group commit, few enough that other people's commands get between them."""

TRIES = 3
"""How often a household is decided anew when others change it at the same time."""


class Importing:
    """Files of the collection form and the register. Blocking."""

    def __init__(self, store: Store, seals: Seals) -> None:
        self._store, self._register = store, Register(store, seals)
        self.batches = Batches(store)

    def try_out(self, content: bytes, name: str, actor: Actor) -> Answer:
        """What taking this file in would do, without doing it. Raises ``Refused`` for a file that cannot be read."""
        batch, reading = self._read(content, name, actor, None)
        settled = [p.settled for chunk in _chunks(reading.drafts) for p in self._register.prepare(chunk, batch)]
        return Answer(batch.upload.paper.sha256, Summary.of(reading, settled), self._store.head().position)

    def annotated(self, content: bytes, name: str, actor: Actor) -> bytes:
        """The file with every error in its row, the register's objections among them. Nothing of it is kept."""
        return annotate(content, self.try_out(content, name, actor).summary.errors)

    def take_in(self, content: bytes, name: str, actor: Actor, command: CommandRef) -> Answer:
        """Take the file in. The same command again goes on where it was cut off, or is answered as before.

        Raises ``Refused``, and ``StoreUnavailable`` when the database goes away: then send the same again.
        """
        batch, reading = self._read(content, name, actor, command)
        if (before := self.batches.begin(batch, command, reading.households_seen)) is not None:
            return before
        unread = reading.households_seen - len(reading.drafts)
        settled: list[Settled] = []
        for chunk in _chunks(reading.drafts):
            settled += self._carry_out(chunk, batch)
            self.batches.advance(batch.id, unread + len(settled))
        summary = Summary.of(reading, settled)
        closing = Unit(command, self._closing(batch, summary), (stream_of(batch.id),))
        outcome = self._store.submit(closing).result()
        # When another run of the same request was faster, its answer is the answer.
        before = self.batches.answered(command) if outcome.replayed else None
        return before or Answer(batch.upload.paper.sha256, summary, outcome.position, batch.id)

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
                draft, warnings = prepared.settled.draft, prepared.settled.warnings
                try:
                    # What another run of the same request did with it is what was done.
                    yield Settled(draft, Fate(future.result().status), (), warnings)
                except Overtaken:
                    overtaken.append(draft)
            if not overtaken:
                return
            drafts = overtaken
        for draft in drafts:
            yield Settled(draft, Fate.REFUSED, (wrong(rules.OVERTAKEN, HOUSEHOLDS, draft.row),))

    def _closing(self, batch: Batch, summary: Summary) -> Callable[[Tx], Reply]:
        """The unit's work of summing up: the fact that the workbook was taken in, and its answer for a repetition."""

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
            self.batches.close(tx, batch.id, summary)
            return Reply(location=where(batch.id))

        return work


def stream_of(batch_id: UUID) -> str:
    return f"intake-{batch_id}"


def where(batch_id: UUID) -> str:
    return f"/registry/intake/workbooks/{batch_id}"


def _chunks(drafts: Sequence[HouseholdDraft]) -> Iterator[Sequence[HouseholdDraft]]:
    for start in range(0, len(drafts), CHUNK):
        yield drafts[start : start + CHUNK]
