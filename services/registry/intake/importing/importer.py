"""The import of a whole file, or its dry run. Households are imported in chunks; an interrupted import can be
resumed."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from uuid import UUID, uuid4, uuid5

from contracts.civil import civil_day
from contracts.facts import Evidence, StoredFile
from contracts.registry.intake import WorkbookImported
from services.casework.code_lists.repository import CodeLists
from services.casework.documents.reading import Documents
from services.casework.evidence.store import EvidenceStore
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.registry.households.claims import DUPLICATE_HOUSEHOLD_NO, DUPLICATE_ID
from services.registry.households.dry_runs import DryRuns
from services.registry.intake.codes import in_force
from services.registry.intake.history.domain import BATCH_NOT_APPROVED
from services.registry.intake.importing.batches import Batches, ImportAnswer, ImportSummary
from services.registry.intake.importing.lookups import Batch, HouseholdOutcome
from services.registry.intake.importing.planning import (
    ConcurrentChange,
    HouseholdResult,
    ImportPlanner,
    Noticed,
    PlannedImport,
    nothing_noticed,
)
from services.registry.intake.layout import HOUSEHOLDS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import Upload, row_error
from services.registry.intake.reading.drafts import HouseholdDraft, ParsedWorkbook
from services.registry.intake.reading.parser import parse_workbook
from services.registry.intake.writing.annotation import annotate

CHUNK_SIZE = 64
"""Households submitted at once: enough for group commit, few enough for commands of others in between."""

WORKBOOK = "workbook"
"""The kind of evidence."""
WITHHELD = (DUPLICATE_ID, DUPLICATE_HOUSEHOLD_NO)
"""Rules that a dry run does not ask of households outside the caller's area."""

MAX_ATTEMPTS = 3
"""How often a household is planned when others change it at the same time."""


class WorkbookImporter:
    """Imports workbooks of the collection form. Blocking."""

    def __init__(
        self, store: Store, sealer: Sealer, dry_runs: DryRuns, evidence: EvidenceStore, documents: Documents,
        noticed: Noticed = nothing_noticed,
    ) -> None:  # fmt: skip
        self._store, self._planner = store, ImportPlanner(store, sealer, noticed)
        self._dry_runs, self._evidence, self._documents = dry_runs, evidence, documents
        self.batches = Batches(store)

    def dry_run(self, content: bytes, actor: Actor, operation: str) -> ImportAnswer:
        """What importing this file would do; records only that it was asked. Raises ``Refused`` for a file that cannot be
        parsed, and ``Unavailable`` when the account has named too many persons today."""
        batch, workbook = self._parse(content, actor, None)
        self._dry_runs.record_blocking(actor.subject, operation, workbook.members_seen)
        position = self._store.position()
        results = [p.result for chunk in _chunks(workbook.drafts) for p in self._planner.plan(chunk, batch)]
        summary = ImportSummary.of(workbook, results)
        has_history = any(draft.history for draft in workbook.drafts)
        not_asked = (*WITHHELD, BATCH_NOT_APPROVED) if has_history else WITHHELD
        return ImportAnswer(batch.upload.sha256, summary, position, not_asked=not_asked)

    def annotate(self, content: bytes, actor: Actor) -> bytes:
        """The file with every error in its row, those found by comparison with the register included. Nothing of it is
        kept."""
        return annotate(content, self.dry_run(content, actor, "annotate_workbook").summary.errors)

    def import_workbook(self, content: bytes, actor: Actor, command: CommandRef) -> ImportAnswer:
        """Import the file. The same command again resumes an interrupted import, or gets the same answer.

        Raises ``Refused``, and ``StoreUnavailable`` when the database is away: send the same command again.
        """
        batch, workbook = self._parse(content, actor, command)
        if (earlier := self.batches.begin(batch, command, workbook.households_seen)) is not None:
            return earlier
        batch = self._keep(content, batch, command)
        invalid = workbook.households_seen - len(workbook.drafts)
        results: list[HouseholdResult] = []
        for chunk in _chunks(workbook.drafts):
            results += self._import_chunk(chunk, batch)
            self.batches.advance(batch.id, invalid + len(results))
        summary = ImportSummary.of(workbook, results)
        completion = Unit(command, self._completion(batch, summary), (stream_of(batch.id),))
        outcome = self._store.submit(completion).result()
        # When another run of the same request completed first, its answer holds.
        earlier = self.batches.answer(command) if outcome.replayed else None
        return earlier or ImportAnswer(batch.upload.sha256, summary, outcome.position, batch.id)

    def _parse(self, content: bytes, actor: Actor, command: CommandRef | None) -> tuple[Batch, ParsedWorkbook]:
        today = civil_day(self._store.clock.now())
        sha256 = hashlib.sha256(content).hexdigest()
        upload = Upload(actor.subject, actor.division, sha256, Evidence(kind=WORKBOOK), today)
        batch = Batch(uuid4() if command is None else command.command_id, actor, upload, command)
        words = in_force(CodeLists(self._documents.current(), today, actor.division))
        return batch, parse_workbook(content, today=today, words=words)

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

    def _import_chunk(self, drafts: Sequence[HouseholdDraft], batch: Batch) -> Iterator[HouseholdResult]:
        for _ in range(MAX_ATTEMPTS):
            submitted: list[tuple[PlannedImport, Future[Outcome]]] = []
            for planned in self._planner.plan(drafts, batch):
                if planned.unit is None:
                    yield planned.result
                else:
                    submitted.append((planned, self._store.submit(planned.unit)))
            changed = []
            for planned, future in submitted:
                draft, warnings = planned.result.draft, planned.result.warnings
                try:
                    # The status is that of the first run of the same request that carried it out.
                    yield HouseholdResult(draft, HouseholdOutcome(future.result().status), (), warnings)
                except ConcurrentChange:
                    changed.append(draft)
            if not changed:
                return
            drafts = changed
        for draft in drafts:
            yield HouseholdResult(
                draft, HouseholdOutcome.REFUSED, (row_error(rules.CONCURRENTLY_CHANGED, HOUSEHOLDS, draft.row),)
            )

    def _completion(self, batch: Batch, summary: ImportSummary) -> Callable[[Tx], Reply]:
        """Completes the import: the fact that the workbook was imported, and the answer for a repeated request."""

        def work(tx: Tx) -> Reply:
            fact = WorkbookImported(
                effective_on=tx.today,
                entered_by=batch.upload.by,
                evidence=(batch.upload.evidence,),
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
            self.batches.complete(tx, batch.id, summary)
            return Reply(location=location_of(batch.id))

        return work


def stream_of(batch_id: UUID) -> str:
    return f"intake-{batch_id}"


def location_of(batch_id: UUID) -> str:
    return f"/registry/intake/workbooks/{batch_id}"


def _chunks(drafts: Sequence[HouseholdDraft]) -> Iterator[Sequence[HouseholdDraft]]:
    for start in range(0, len(drafts), CHUNK_SIZE):
        yield drafts[start : start + CHUNK_SIZE]
