"""What the rows of a pupil roster mean to the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.facts import Fact
from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import (
    AttendanceCounted,
    EnrolmentEnd,
    EnrolmentFact,
    PupilEnrolled,
    RosterImported,
    SchoolTerm,
)
from services.casework.code_lists.coded_columns import coded_columns
from services.casework.code_lists.repository import CodeLists
from services.casework.dates import require_not_future
from services.casework.documents.reading import Documents
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.matter import Batch, ConcurrentChange, PlannedImport, carried_out
from services.casework.workbooks.importing.results import ImportSummary, SubjectOutcome, SubjectResult, Subjects
from services.casework.workbooks.layout import KIND, layout_from
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm, Row, check_unique
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.registry.enrolments.store import require_lawful, require_within_term
from services.registry.households.claims import document_digests, holders_in_area, household_of_person_in_area
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.domain import with_appended
from services.registry.households.dry_runs import DryRuns
from services.registry.households.identity_documents import citizens_id
from services.registry.intake.codes import YesNo
from services.registry.rosters import rules
from services.registry.rosters.domain import RosterLine, told_by
from services.registry.rosters.layout import ENUMERATIONS, PUPILS, ROSTER
from services.registry.schooling.domain import stream_of

PUPIL = "pupil"
"""What a subject of a batch is, in the ids derived from it."""
LIMITS = {"grade": (1, 12), "class_no": (1, 60), "missed_days": (0, 250)}
COUNTED = ("school_year", "term", "missed_days")


@dataclass(frozen=True, slots=True)
class Decided:
    """``streams``: what it was decided on."""

    outcome: SubjectOutcome
    person: UUID | None
    facts: Sequence[EnrolmentFact]
    error: RowError | None = None
    streams: tuple[str, ...] = ()


class RosterRows:
    """The ``RowMatter`` of the roster: one row is one pupil. Blocking."""

    def __init__(self, store: Store, sealer: Sealer, documents: Documents, dry_runs: DryRuns) -> None:
        self._store, self._sealer, self._documents, self._dry_runs = store, sealer, documents, dry_runs

    def form(self, today: date, area: str) -> Form:
        lookup = self._documents.current()
        try:
            layout = lookup.in_force(KIND, ROSTER, today, area or None).typed(layout_from)
        except (NotInForce, UnknownName):
            raise Refused(rules.NO_LAYOUT, on=today.isoformat()) from None
        return Form(layout, coded_columns(ENUMERATIONS, CodeLists(lookup, today, area)), PARSERS)

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[RosterLine]:
        rows = form.rows[PUPILS]
        check_unique(rows, "id_number", lambda row: row.get("id_number", str), rules.PUPIL_TWICE)
        for row in rows:
            _check(row)
        return Subjects(
            [_line(row) for row in rows if not row.errors],
            errors=[error for row in rows for error in row.errors],
            warnings=[warning for row in rows for warning in row.warnings],
            seen=len(rows),
            rows_seen=len(rows),
        )

    def plan(self, drafts: Sequence[RosterLine], batch: Batch) -> Sequence[PlannedImport[RosterLine]]:
        digests = {line.row: document_digests(self._sealer.digest, citizens_id(line.number)) for line in drafts}

        def read(tx: Tx) -> list[tuple[RosterLine, Decided]]:
            done = carried_out(tx, batch, PUPIL, [line.number for line in drafts])
            persons = holders_in_area(tx, digests, batch.actor.covers)
            tx.load_many(map(stream_of, persons.values()))
            return [
                (
                    line,
                    Decided(done[line.number], None, ())
                    if line.number in done
                    else self._decide(tx, line, persons.get(line.row), batch),
                )
                for line in drafts
            ]

        return [self._planned(line, decided, batch) for line, decided in self._store.on_snapshot(read)]

    def _decide(self, tx: Tx, line: RosterLine, person: UUID | None, batch: Batch) -> Decided:
        household = None if person is None else household_of_person_in_area(tx, person, batch.actor.covers)
        if person is None or household is None or household.id is None:
            return _refused(RowError.of(rules.UNKNOWN_PUPIL, PUPILS, line.row, "id_number"))
        common: dict[str, Any] = {
            "person_id": person, "household_id": household.id, "entered_by": batch.upload.by,
            "evidence": (batch.upload.evidence,),
        }  # fmt: skip
        known = tx.load(stream_of(person))
        try:
            facts = told_by(line, known, batch.key(PUPIL, line.number), common)
            for fact in facts:
                require_not_future(fact.effective_on, batch.upload.today)
                if isinstance(fact, AttendanceCounted):
                    require_within_term(fact, self._documents.current(), household.division)
            require_lawful(tx, with_appended(known, facts, stream_of(person)))
        except Refused as no:
            return _refused(RowError.of(no.rule, PUPILS, line.row))
        is_new = any(isinstance(fact, PupilEnrolled) for fact in facts)
        outcome = SubjectOutcome.RECORDED if is_new else SubjectOutcome.UPDATED if facts else SubjectOutcome.UNCHANGED
        return Decided(outcome, person, facts, None, (stream_of(person), household_stream(household.id)))

    def _planned(self, line: RosterLine, decided: Decided, batch: Batch) -> PlannedImport[RosterLine]:
        errors = [] if decided.error is None else [decided.error]
        result = SubjectResult(line, decided.outcome, errors)
        person = decided.person
        if person is None or batch.command is None:
            return PlannedImport(result)

        def work(tx: Tx) -> Reply:
            again = self._decide(tx, line, person, batch)
            if again.error is not None:
                raise ConcurrentChange
            if again.facts:
                tx.append(stream_of(person), *again.facts)
            return Reply(int(again.outcome))

        command = batch.command_for(PUPIL, line.number, batch.command)
        return PlannedImport(result, Unit(command, work, decided.streams))

    def overtaken(self, draft: RosterLine) -> RowError:
        return RowError.of(rules.OVERTAKEN, PUPILS, draft.row)

    def tried(self, actor: Actor, operation: str, subjects: Subjects[RosterLine]) -> None:
        self._dry_runs.record_blocking(actor.subject, operation, subjects.rows_seen)

    def not_asked(self, subjects: Subjects[RosterLine]) -> tuple[Rule, ...]:
        return ()

    def completed(self, batch: Batch, summary: ImportSummary, today: date) -> tuple[str, Fact]:
        fact = RosterImported(
            effective_on=today, entered_by=batch.upload.by, evidence=(batch.upload.evidence,), batch_id=batch.id,
            division=batch.upload.area, subjects_seen=summary.subjects_seen, rows_seen=summary.rows_seen,
            recorded=summary.recorded, updated=summary.updated, unchanged=summary.unchanged, refused=summary.refused,
        )  # fmt: skip
        return f"roster-{batch.id}", fact

    def location(self, batch_id: UUID) -> str:
        return f"/registry/rosters/workbooks/{batch_id}"


def _check(row: Row) -> None:
    number = row.get("id_number", str)
    if number is not None:
        try:
            citizens_id(number)
        except Refused as no:
            row.refuse_cell(no.rule, "id_number")
    code = row.get("school_code", str)
    if code is not None and not (len(code) == 10 and code.isdecimal()):
        row.refuse_cell(rules.BAD_SCHOOL_CODE, "school_code")
    if row.get("stage", SchoolStage) is SchoolStage.NONE:
        row.refuse_cell(rules.NOT_IN_SCHOOL, "stage")
    for key, (least, most) in LIMITS.items():
        value = row.get(key, Decimal)
        if value is not None and not (value == int(value) and least <= value <= most):
            row.refuse_cell(rules.OUT_OF_RANGE, key)
    if row.has("ended_on") is not row.has("ended_because"):
        row.add_error(rules.END_INCOMPLETE, "ended_because" if row.has("ended_on") else "ended_on")
    if len({row.has(key) for key in COUNTED}) > 1 or (row.has("dropped_out") and not row.has("term")):
        row.add_error(rules.TERM_INCOMPLETE, next(key for key in COUNTED if not row.has(key)))


def _line(row: Row) -> RosterLine:
    counted = None
    if row.has("term"):
        counted = (
            row.require("school_year", int), row.require("term", SchoolTerm), int(row.require("missed_days", Decimal)),
            row.get("dropped_out", YesNo) is YesNo.YES,
        )  # fmt: skip
    return RosterLine(
        row=row.number, number=row.require("id_number", str), school_code=row.require("school_code", str),
        stage=row.require("stage", SchoolStage), enrolled_on=row.require("enrolled_on", date),
        listed_on=row.require("listed_on", date), boarding=row.require("boarding", YesNo) is YesNo.YES,
        grade=_whole(row, "grade"), class_no=_whole(row, "class_no"), ended_on=row.get("ended_on", date),
        ended_because=row.get("ended_because", EnrolmentEnd), counted=counted,
    )  # fmt: skip


def _whole(row: Row, key: str) -> int | None:
    value = row.get(key, Decimal)
    return None if value is None else int(value)


def _refused(error: RowError) -> Decided:
    return Decided(SubjectOutcome.REFUSED, None, (), error)
