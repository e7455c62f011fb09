"""The import of a whole file, or its dry run. Subjects are imported in chunks; an interrupted import can be resumed."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID, uuid4, uuid5

from contracts.civil import civil_day
from contracts.facts import Evidence, StoredFile
from services.casework.evidence.store import EvidenceStore
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.batches import Batches, ImportAnswer
from services.casework.workbooks.importing.matter import Batch, ConcurrentChange, RowMatter
from services.casework.workbooks.importing.results import (
    ImportSummary,
    SubjectOutcome,
    SubjectResult,
    Subjects,
    Upload,
)
from services.casework.workbooks.parsing import read_form
from services.casework.workbooks.row_errors import RowError, Wording
from services.casework.workbooks.writing.annotation import annotate
from services.casework.workbooks.writing.template import blank_template
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor

CHUNK_SIZE = 128
"""Subjects planned and submitted at once: so many that the questions to register and vault, for which each time the interpreter's lock is
given up and got back, weigh little; few enough for commands of others in between."""

WORKBOOK = "workbook"
"""The kind of evidence."""

MAX_ATTEMPTS = 3
"""How often a subject is planned when others change it at the same time."""

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class _Read(Generic[S]):
    """A file that was read."""

    batch: Batch
    form: Form
    wording: Wording
    subjects: Subjects[S]
    of_file: Sequence[RowError]

    def summary(self, results: Sequence[SubjectResult[S]]) -> ImportSummary:
        outcomes, subjects = Counter(result.outcome for result in results), self.subjects
        return ImportSummary(
            subjects_seen=subjects.seen,
            rows_seen=subjects.rows_seen,
            recorded=outcomes[SubjectOutcome.RECORDED],
            updated=outcomes[SubjectOutcome.UPDATED],
            unchanged=outcomes[SubjectOutcome.UNCHANGED],
            refused=subjects.seen - len(results) + outcomes[SubjectOutcome.REFUSED],
            errors=self._in_order([*subjects.errors, *(error for result in results for error in result.errors)]),
            warnings=self._in_order(
                [*self.of_file, *subjects.warnings, *(warning for result in results for warning in result.warnings)]
            ),
        )

    def _in_order(self, errors: Iterable[RowError]) -> tuple[RowError, ...]:
        """By sheet of the form, then by row; worded as the file names its sheets."""
        order = {sheet.key: index for index, sheet in enumerate(self.form.layout.sheets)}
        found = sorted(errors, key=lambda error: (order.get(error.sheet, -1), error.row))
        return tuple(map(self.wording.worded, found))


@dataclass(frozen=True, slots=True)
class _Submitted(Generic[S]):
    """A chunk on its way: what needs no unit of work, and what waits for one."""

    results: Sequence[SubjectResult[S]]
    units: Sequence[tuple[SubjectResult[S], "Future[Outcome]"]]


class WorkbookImporter(Generic[S]):
    """Imports workbooks of one layout. Blocking."""

    def __init__(self, store: Store, evidence: EvidenceStore, matter: RowMatter[S]) -> None:
        self._store, self._evidence, self._matter = store, evidence, matter
        self.batches = Batches(store)

    def template(self, area: str) -> bytes:
        """The empty form, as it is in force in this area."""
        return blank_template(self._matter.form(self._today(), area))

    def location(self, batch_id: UUID) -> str:
        """Where an import can be asked for."""
        return self._matter.location(batch_id)

    def dry_run(self, content: bytes, actor: Actor, operation: str) -> ImportAnswer:
        """What importing this file would do; records only that it was asked. Raises ``Refused`` for a file that cannot be
        parsed, and what the matter refuses to try out."""
        return self._try(self._read(content, actor, None), operation)

    def annotate(self, content: bytes, actor: Actor) -> bytes:
        """The file with every error in its row, those found by comparison with what is known included. Nothing of it is
        kept."""
        read = self._read(content, actor, None)
        return annotate(content, self._try(read, "annotate_workbook").summary.errors, read.form.layout)

    def import_workbook(self, content: bytes, actor: Actor, command: CommandRef) -> ImportAnswer:
        """Import the file. The same command again resumes an interrupted import, or gets the same answer.

        Raises ``Refused``, and ``StoreUnavailable`` when the database is away: send the same command again.
        """
        read = self._read(content, actor, command)
        if (earlier := self.batches.begin(read.batch, command, read.subjects.seen)) is not None:
            return earlier
        batch = self._keep(content, read.batch, command)
        invalid = read.subjects.seen - len(read.subjects.drafts)
        results: list[SubjectResult[S]] = []
        for settled in self._import_chunks(_chunks(read.subjects.drafts), batch):
            results += settled
            self.batches.advance(batch.id, invalid + len(results))
        summary = read.summary(results)
        stream, _ = self._matter.completed(batch, summary, batch.upload.today)
        completion = Unit(command, self._completion(batch, summary), (stream,))
        outcome = self._store.submit(completion).result()
        # When another run of the same request completed first, its answer holds.
        earlier = self.batches.answer(command) if outcome.replayed else None
        return earlier or ImportAnswer(batch.upload.sha256, summary, outcome.position, batch.id)

    def _today(self) -> date:
        return civil_day(self._store.clock.now())

    def _read(self, content: bytes, actor: Actor, command: CommandRef | None) -> _Read[S]:
        today = self._today()
        sha256 = hashlib.sha256(content).hexdigest()
        upload = Upload(actor.subject, actor.division, sha256, Evidence(kind=WORKBOOK), today)
        batch = Batch(uuid4() if command is None else command.command_id, actor, upload, command)
        form = self._matter.form(today, actor.division)
        rows = read_form(content, form, today)
        subjects = self._matter.subjects(rows, batch)
        return _Read(batch, form, Wording.of(form.layout, rows.names), subjects, rows.warnings)

    def _try(self, read: _Read[S], operation: str) -> ImportAnswer:
        self._matter.tried(read.batch.actor, operation, read.subjects)
        position = self._store.position()
        drafts = read.subjects.drafts
        results = [p.result for chunk in _chunks(drafts) for p in self._matter.plan(chunk, read.batch)]
        not_asked = self._matter.not_asked(read.subjects)
        return ImportAnswer(read.batch.upload.sha256, read.summary(results), position, not_asked=not_asked)

    def _keep(self, content: bytes, batch: Batch, command: CommandRef) -> Batch:
        """The batch with its workbook among the evidence, where it concerns the batch; once, however often it is resumed."""
        upload = CommandRef(
            uuid5(batch.id, WORKBOOK), command.principal, f"{command.route}#{WORKBOOK}", command.key, command.digest
        )
        with self._evidence.begin() as incoming:
            incoming.write(content)
            unit = self._evidence.keep(incoming, WORKBOOK, (batch.id,), upload)
            kept = self._evidence.settled(self._store.submit(unit).result(), incoming).upload
        evidence = Evidence(kind=WORKBOOK, file=StoredFile(id=kept.evidence_id, sha256=kept.sha256))
        return replace(batch, upload=replace(batch.upload, evidence=evidence))

    def _import_chunks(self, chunks: Iterable[Sequence[S]], batch: Batch) -> Iterator[list[SubjectResult[S]]]:
        """While a chunk is being committed, the next is planned."""
        before: _Submitted[S] | None = None
        for chunk in chunks:
            try:
                submitted = self._submit(chunk, batch)
            except BaseException:
                if before is not None:
                    wait([future for _, future in before.units])
                raise
            if before is not None:
                yield self._settle(before, batch)
            before = submitted
        if before is not None:
            yield self._settle(before, batch)

    def _submit(self, drafts: Sequence[S], batch: Batch) -> "_Submitted[S]":
        planned = self._matter.plan(drafts, batch)
        return _Submitted(
            [p.result for p in planned if p.unit is None],
            [(p.result, self._store.submit(p.unit)) for p in planned if p.unit is not None],
        )

    def _settle(self, submitted: "_Submitted[S]", batch: Batch) -> list[SubjectResult[S]]:
        """The results of a chunk; what others changed meanwhile is planned again."""
        results, attempts = list[SubjectResult[S]](), 1
        while True:
            results += submitted.results
            changed = []
            for planned, future in submitted.units:
                try:
                    # The status is that of the first run of the same request that carried it out.
                    outcome = SubjectOutcome(future.result().status)
                    results.append(SubjectResult(planned.draft, outcome, (), planned.warnings))
                except ConcurrentChange:
                    changed.append(planned.draft)
            if not changed or attempts == MAX_ATTEMPTS:
                break
            submitted, attempts = self._submit(changed, batch), attempts + 1
        overtaken = (SubjectResult(d, SubjectOutcome.REFUSED, (self._matter.overtaken(d),)) for d in changed)
        return [*results, *overtaken]

    def _completion(self, batch: Batch, summary: ImportSummary) -> Callable[[Tx], Reply]:
        """Completes the import: the fact that the workbook was imported, and the answer for a repeated request."""

        def work(tx: Tx) -> Reply:
            tx.append(*self._matter.completed(batch, summary, tx.today))
            self.batches.complete(tx, batch.id, summary)
            return Reply(location=self._matter.location(batch.id))

        return work


def _chunks(drafts: Sequence[S]) -> Iterator[Sequence[S]]:
    for start in range(0, len(drafts), CHUNK_SIZE):
        yield drafts[start : start + CHUNK_SIZE]
