"""What the rows of a list of quantities mean: each is told by itself, decided under the lock as one that is typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.assistance.entitlements import EntitlementQuantitiesImported, EntitlementQuantityTold
from contracts.facts import Fact
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.quantity_lists import rules
from services.assistance.entitlements.quantity_lists.grants import granted_in
from services.assistance.entitlements.quantity_lists.layout import LINES, LIST
from services.assistance.entitlements.quantity_lists.lines import QuantityLine, check, grant_of, line_of, twice
from services.assistance.entitlements.told import UnitTold, told_under
from services.casework.documents.reading import Documents
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.matter import Batch, ConcurrentChange, PlannedImport, carried_out
from services.casework.workbooks.importing.results import ImportSummary, SubjectOutcome, SubjectResult, Subjects
from services.casework.workbooks.layout import KIND, layout_from
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor

ROW = "row"
"""What a subject of a batch is, in the ids derived from it."""


@dataclass(frozen=True, slots=True)
class TellingRow:
    """A row, and the grant that it is about."""

    line: QuantityLine
    case_id: UUID
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class Decided:
    outcome: SubjectOutcome
    errors: Sequence[RowError] = ()
    fact: EntitlementQuantityTold | None = None


class QuantityRows:
    """The ``RowMatter`` of the list. Blocking."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def form(self, today: date, area: str) -> Form:
        try:
            layout = self._documents.current().in_force(KIND, LIST, today, area or None).typed(layout_from)
        except (NotInForce, UnknownName):
            raise Refused(rules.NO_LAYOUT, on=today.isoformat()) from None
        return Form(layout, {}, PARSERS)

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[TellingRow]:
        rows = form.rows[LINES]
        for row in rows:
            check(row)
        lines = {row.number: line_of(row) for row in rows if not row.errors}
        again = twice(lines.values())
        with self._store.reading() as conn:
            named = {line.programme for line in lines.values()}
            granted = granted_in(conn, batch.actor.division, named, self._documents.current())
        drafts = list[TellingRow]()
        for row in rows:
            if (line := lines.get(row.number)) is None:
                continue
            if row.number in again:
                row.add_error(rules.TWICE, see_row=again[row.number])
            elif isinstance(found := grant_of(line, granted), Rule):
                row.add_error(found, "unit_no")
            else:
                drafts.append(TellingRow(line, found.case_id, found.unit_id))
        return Subjects(
            drafts, errors=[error for row in rows for error in row.errors],
            warnings=[warning for row in rows for warning in row.warnings], seen=len(rows), rows_seen=len(rows),
        )  # fmt: skip

    def plan(self, drafts: Sequence[TellingRow], batch: Batch) -> Sequence[PlannedImport[TellingRow]]:
        def read(tx: Tx) -> list[tuple[TellingRow, Decided]]:
            done = carried_out(tx, batch, ROW, [str(draft.line.row) for draft in drafts])
            tx.load_many(stream_of(draft.unit_id) for draft in drafts)
            return [(draft, self._known(done, draft) or self._decide(tx, draft, batch)) for draft in drafts]

        return [self._planned(draft, decided, batch) for draft, decided in self._store.on_snapshot(read)]

    def _known(self, done: Mapping[str, SubjectOutcome], draft: TellingRow) -> Decided | None:
        outcome = done.get(str(draft.line.row))
        return None if outcome is None else Decided(outcome)

    def _decide(self, tx: Tx, draft: TellingRow, batch: Batch) -> Decided:
        """A row that says what stands already says nothing new."""
        line = draft.line
        try:
            told = told_under(tx, line.telling(draft.case_id, line.component), self._documents, batch.actor)
        except Refused as no:
            return Decided(SubjectOutcome.REFUSED, [RowError.of(no.rule, LINES, line.row)])
        if told.stands_already:
            return Decided(SubjectOutcome.UNCHANGED)
        outcome = SubjectOutcome.UPDATED if told.before is not None else SubjectOutcome.RECORDED
        return Decided(outcome, fact=self._with_file(told, batch))

    def _with_file(self, told: UnitTold, batch: Batch) -> EntitlementQuantityTold:
        return told.with_evidence(batch.upload.evidence)

    def _planned(self, draft: TellingRow, decided: Decided, batch: Batch) -> PlannedImport[TellingRow]:
        result = SubjectResult(draft, decided.outcome, decided.errors)
        if decided.fact is None or batch.command is None:
            return PlannedImport(result)
        stream = stream_of(draft.unit_id)

        def work(tx: Tx) -> Reply:
            again = self._decide(tx, draft, batch)
            if again.errors:
                raise ConcurrentChange
            if again.fact is not None:
                tx.append(stream, again.fact)
            return Reply(int(again.outcome))

        return PlannedImport(result, Unit(batch.command_for(ROW, str(draft.line.row), batch.command), work, (stream,)))

    def overtaken(self, draft: TellingRow) -> RowError:
        return RowError.of(rules.OVERTAKEN, LINES, draft.line.row)

    def tried(self, actor: Actor, operation: str, subjects: Subjects[TellingRow]) -> None:
        """As often as one likes: only what was granted in one's own area is answered, and who was granted it one may list."""

    def not_asked(self, subjects: Subjects[TellingRow]) -> tuple[Rule, ...]:
        return ()

    def completed(self, batch: Batch, summary: ImportSummary, today: date) -> tuple[str, Fact]:
        fact = EntitlementQuantitiesImported(
            effective_on=today, entered_by=batch.upload.by, evidence=(batch.upload.evidence,), batch_id=batch.id,
            division=batch.upload.area, rows_seen=summary.rows_seen, recorded=summary.recorded, updated=summary.updated,
            unchanged=summary.unchanged, refused=summary.refused,
        )  # fmt: skip
        return f"quantity_list-{batch.id}", fact

    def location(self, batch_id: UUID) -> str:
        return f"/assistance/quantity-lists/workbooks/{batch_id}"
