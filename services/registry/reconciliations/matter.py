"""What the rows of the other system's list mean to a comparison of one day: the ``RowMatter`` of it. Nothing of the register changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid5

from contracts.facts import Fact, Precision
from contracts.registry.divisions import Level
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.reconciliations import (
    HouseholdReconciled,
    ReconciledFigures,
    ReconciliationResult,
    RegisterReconciled,
)
from services.casework.documents.reading import Documents
from services.casework.workbooks import cell_rules
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.matter import Batch, PlannedImport
from services.casework.workbooks.importing.results import ImportSummary, SubjectOutcome, SubjectResult, Subjects
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm, Row
from services.casework.workbooks.values import PartialDate
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.chassis.web.areas import code_range
from services.registry.cases.monitoring_kinds import KIND as MONITORING_KINDS
from services.registry.cases.monitoring_kinds import kinds_from
from services.registry.divisions.store import divisions_named
from services.registry.households.dry_runs import DryRuns
from services.registry.households.lists import HouseholdListItem
from services.registry.intake.form import form_in_force
from services.registry.intake.importing.lookups import look_up
from services.registry.intake.layout import HOUSEHOLDS, NATIONAL
from services.registry.intake.matching import register_rules
from services.registry.intake.matching.person_matching import match_persons
from services.registry.intake.reading.assembly import assemble
from services.registry.national_register.store import listed
from services.registry.reconciliations.comparing import Compared, Stated, compare, stream_of, subject_of
from services.registry.reconciliations.document import Reconciliation, in_force
from services.registry.reconciliations.rules import OTHER_DAY

R = ReconciliationResult
FOUND_BEFORE = b"""
SELECT DISTINCT ON (number) number, division FROM (
    SELECT coalesce(nullif(national_no, ''), household_id::text) AS number, division
    FROM reconciled_households WHERE division >= %s AND division < %s
) before WHERE number <> ALL(%s) ORDER BY number
"""
NEVER_LISTED = frozenset({PovertyStatus.CANDIDATE})
"""Ordinary households, of which the other system has none unless they are monitored."""


@dataclass(frozen=True, slots=True)
class Number:
    """A 户编号 of either: as the list states it, or only on record here; or of neither, ``gone`` from this village since a comparison
    before."""

    number: str
    stated: Stated | None = None
    here: HouseholdListItem | None = None
    gone: str = ""

    @property
    def national_no(self) -> str:
        """Blank for a household that has none."""
        return self.number if self.here is None else self.here.national_no or ""

    @property
    def row(self) -> int:
        return 0 if self.stated is None else self.stated.draft.row


@dataclass(slots=True)
class ReconciledRows:
    """Of one request: the list of a county as of a day. ``found``: what came of each number; ``not_compared``: households whose rows
    have errors, and their members. Blocking."""

    store: Store
    sealer: Sealer
    documents: Documents
    dry_runs: DryRuns
    county: str
    day: date
    found: dict[str, Compared] = field(default_factory=dict)
    not_compared: tuple[int, int] = (0, 0)

    def form(self, today: date, area: str) -> Form:
        return form_in_force(self.documents.current(), today, area, NATIONAL)

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[Number]:
        """Those of the list, and those that it does not have. Raises ``Refused`` for the list of another day."""
        households = form.rows[HOUSEHOLDS]
        substituted = any(w.code == cell_rules.SUBSTITUTE_COLUMN.code and "数据日期" in w.column for w in form.warnings)
        for row in households:
            self._place_on_day(row, substituted)

        def named(names: Set[str]) -> Mapping[str, Sequence[str]]:
            return divisions_named(self.store, names, batch.actor.division, Level.VILLAGE)

        read = assemble(form, named)
        rows = {row.number: row for row in households}
        stated = [Number(d.national_no, Stated.of(d, rows[d.row])) for d in read.drafts]
        in_file = {number for row in households if (number := row.get("national_no", str)) is not None}
        self.not_compared = read.seen - len(stated), read.rows_seen - sum(len(d.members) for d in read.drafts)
        missing = list(self._missing_there(in_file))
        gone = list(self._gone(in_file | {each.number for each in missing}))
        more = [*missing, *gone]
        return Subjects([*stated, *more], read.errors, read.warnings, read.seen + len(more), read.rows_seen)

    def plan(self, drafts: Sequence[Number], batch: Batch) -> Sequence[PlannedImport[Number]]:
        edition, terms = in_force(self.documents.current(), self.day, self.county)
        compared = self._compared(drafts, batch, terms)
        self.found.update(compared)
        open_before = self._open_before(drafts) if batch.command is not None else frozenset()
        planned = []
        for each in drafts:
            found = compared[each.number]
            is_same = found.result is R.SAME
            outcome = SubjectOutcome.UNCHANGED if is_same else SubjectOutcome.RECORDED
            told = batch.command is not None and (not is_same or each.number in open_before)
            unit = self._unit(each, found, edition, batch) if told else None
            planned.append(PlannedImport(SubjectResult(each, outcome), unit))
        return planned

    def overtaken(self, draft: Number) -> RowError:
        return RowError.of(register_rules.CONCURRENTLY_CHANGED, HOUSEHOLDS, draft.row)

    def tried(self, actor: Actor, operation: str, subjects: Subjects[Number]) -> None:
        self.dry_runs.record_blocking(actor.subject, operation, subjects.rows_seen)

    def not_asked(self, _: Subjects[Number]) -> tuple[Rule, ...]:
        return ()

    def completed(self, batch: Batch, _: ImportSummary, __: date) -> tuple[str, Fact]:
        fact = RegisterReconciled(
            effective_on=self.day, entered_by=batch.upload.by, evidence=(batch.upload.evidence,),
            reconciliation_id=batch.id, county=self.county, figures=self.figures(),
        )  # fmt: skip
        return f"reconciliation-{batch.id}", fact

    def location(self, batch_id: UUID) -> str:
        return f"/registry/reconciliations/{batch_id}"

    def figures(self) -> tuple[ReconciledFigures, ...]:
        """Households and persons of each result, in the order of the results."""
        sums: dict[R, list[int]] = defaultdict(lambda: [0, 0, 0])
        for each in (found for found in self.found.values() if found.counted):
            for place, more in enumerate((1, each.persons_here, each.persons_there)):
                sums[each.result][place] += more
        sums[R.NOT_COMPARED] = [self.not_compared[0], 0, self.not_compared[1]]
        return tuple(
            ReconciledFigures(result=r, households=sums[r][0], persons_here=sums[r][1], persons_there=sums[r][2])
            for r in R
        )

    def _place_on_day(self, row: Row, substituted: bool) -> None:
        said = row.get("surveyed_on", PartialDate)
        if said is not None and not substituted and said.precision is Precision.DAY and said.first_day != self.day:
            raise Refused(OTHER_DAY, row=row.number, file=said.first_day.isoformat(), compared_on=self.day.isoformat())
        row.unparsed.discard("surveyed_on")
        row.errors = [e for e in row.errors if e.column != "surveyed_on"]
        row.values["surveyed_on"] = PartialDate(self.day, Precision.DAY)

    def _missing_there(self, in_file: Set[str]) -> Iterable[Number]:
        with self.store.reading() as conn:
            for each in listed(conn, self.county, self.day):
                is_theirs = each.status not in NEVER_LISTED or each.monitoring is not None
                if is_theirs and each.national_no not in in_file:
                    yield Number(each.national_no or str(each.household_id), here=each)

    def _gone(self, there_are: Set[str]) -> Iterable[Number]:
        """Numbers that a comparison found otherwise than the same, and neither has now."""
        params = (*code_range(self.county), list(there_are))
        with self.store.reading() as conn:
            for number, division in conn.execute(FOUND_BEFORE, params).fetchall():
                yield Number(number, gone=division)

    def _compared(self, drafts: Sequence[Number], batch: Batch, terms: Reconciliation) -> Mapping[str, Compared]:
        stated = [each.stated for each in drafts if each.stated is not None]
        # As a dry run would: what lies outside the county is not here.
        lookup = look_up(self.store, self.sealer, [each.draft for each in stated], replace(batch, command=None))
        editions, kinds = self.documents.current().all_in_force(MONITORING_KINDS, self.day, self.county), {}
        for edition in editions:
            kinds.update({kind.code: kind.zh for kind in edition.typed(kinds_from).kinds})
        found: dict[str, Compared] = {}
        for each in stated:
            number, register = each.draft.national_no, lookup.register[each.draft.national_no]
            holders = {m.row: lookup.id_holders[m.row] for m in each.draft.members if m.row in lookup.id_holders}
            matches = match_persons(each.draft, register, holders, lambda index: uuid5(batch.id, f"{index}"))
            found[number] = compare(each, register, matches, batch.upload, terms.fields, kinds)
        for listing in drafts:
            if (here := listing.here) is not None:
                found[listing.number] = Compared(R.MISSING_THERE, here.household_id, here.division, here.persons, 0)
            elif listing.gone:
                found[listing.number] = Compared(R.SAME, None, listing.gone, 0, 0, counted=False)
        return found

    def _open_before(self, drafts: Sequence[Number]) -> frozenset[str]:
        """Numbers of which the last comparison found something else than the same."""
        streams = {each.number: stream_of(subject_of(self.county, each.number)) for each in drafts}

        def read(tx: Tx) -> frozenset[str]:
            facts = tx.load_many(streams.values())
            last = {number: facts[stream][-1].fact for number, stream in streams.items() if facts[stream]}
            return frozenset(n for n, fact in last.items() if getattr(fact, "result", R.SAME) is not R.SAME)

        return self.store.transact(read, appends=False)

    def _unit(self, each: Number, found: Compared, edition: str, batch: Batch) -> Unit | None:
        if batch.command is None:
            return None
        subject = subject_of(self.county, each.number)
        fact = HouseholdReconciled(
            effective_on=self.day, entered_by=batch.upload.by, evidence=(batch.upload.evidence,), subject=subject,
            reconciliation_id=batch.id, county=self.county, national_no=each.national_no,
            household_id=found.household_id, division=found.division, result=found.result,
            persons_here=found.persons_here, persons_there=found.persons_there, differences=found.differences,
            document=edition,
        )  # fmt: skip

        def work(tx: Tx) -> Reply:
            tx.append(stream_of(subject), fact)
            status = SubjectOutcome.UNCHANGED if found.result is R.SAME else SubjectOutcome.RECORDED
            return Reply(int(status), self.location(batch.id))

        return Unit(batch.command_for("reconciled", each.number, batch.command), work, (stream_of(subject),))
