"""What the rows of the household form mean to the register."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from uuid import UUID

from contracts.facts import Fact
from contracts.registry.divisions import Level
from contracts.registry.intake import WorkbookImported
from services.casework.documents.reading import Documents
from services.casework.findings.entry_warnings import Noticing
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.matter import Batch, PlannedImport
from services.casework.workbooks.importing.results import ImportSummary, Subjects
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm
from services.chassis.ground.refusals import Rule
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.registry.divisions.store import divisions_named
from services.registry.findings.accounts.notice import AccountNotice
from services.registry.households.dry_runs import DryRuns
from services.registry.intake.form import form_in_force
from services.registry.intake.history.domain import BATCH_NOT_APPROVED
from services.registry.intake.importing.planning import ImportPlanner
from services.registry.intake.layout import FORM, HOUSEHOLDS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.reading.assembly import assemble
from services.registry.intake.reading.drafts import HouseholdDraft


class HouseholdRows:
    """The ``RowMatter`` of households, in the form's columns or those of another ``layout``. Blocking."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        documents: Documents,
        dry_runs: DryRuns,
        noticing: Callable[[], Noticing],
        accounts: AccountNotice,
        layout: str = FORM,
    ) -> None:
        self._store, self._documents, self._dry_runs, self._layout = store, documents, dry_runs, layout
        self._planner = ImportPlanner(store, sealer, noticing, accounts)

    def form(self, today: date, area: str) -> Form:
        return form_in_force(self._documents.current(), today, area, self._layout)

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[HouseholdDraft]:
        def named(names: Set[str]) -> Mapping[str, Sequence[str]]:
            return divisions_named(self._store, names, batch.actor.division, Level.VILLAGE)

        return assemble(form, named)

    def plan(self, drafts: Sequence[HouseholdDraft], batch: Batch) -> Sequence[PlannedImport[HouseholdDraft]]:
        return self._planner.plan(drafts, batch)

    def overtaken(self, draft: HouseholdDraft) -> RowError:
        return RowError.of(rules.CONCURRENTLY_CHANGED, HOUSEHOLDS, draft.row)

    def tried(self, actor: Actor, operation: str, subjects: Subjects[HouseholdDraft]) -> None:
        self._dry_runs.record_blocking(actor.subject, operation, subjects.rows_seen)

    def not_asked(self, subjects: Subjects[HouseholdDraft]) -> tuple[Rule, ...]:
        return (BATCH_NOT_APPROVED,) if any(draft.history for draft in subjects.drafts) else ()

    def completed(self, batch: Batch, summary: ImportSummary, today: date) -> tuple[str, Fact]:
        fact = WorkbookImported(
            effective_on=today,
            entered_by=batch.upload.by,
            evidence=(batch.upload.evidence,),
            batch_id=batch.id,
            division=batch.upload.area,
            households_seen=summary.subjects_seen,
            members_seen=summary.rows_seen,
            recorded=summary.recorded,
            updated=summary.updated,
            unchanged=summary.unchanged,
            refused=summary.refused,
        )
        return f"intake-{batch.id}", fact

    def location(self, batch_id: UUID) -> str:
        return f"/registry/intake/workbooks/{batch_id}"
