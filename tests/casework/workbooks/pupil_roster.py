"""A made-up service that takes a school's list of pupils: what a second layout costs, beside its document."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
from fastapi import FastAPI

from contracts.facts import Fact, published
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.kinds import DocumentKinds
from services.casework.documents.reading import Documents
from services.casework.evidence.assembly import evidence_of
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.batches import AREAS
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.importing.matter import Batch, ConcurrentChange, PlannedImport
from services.casework.workbooks.importing.results import ImportSummary, SubjectOutcome, SubjectResult, Subjects
from services.casework.workbooks.layout import KIND, ColumnType, Needed, layouts_for
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm, Row
from services.chassis.environment import Environment
from services.chassis.ground.refusals import Rule, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.access_table import AccessTable
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.chassis.web.access_rows import RUNTIME_ROWS

NAME, ROSTER, PUPILS, PUPIL = "casework", "pupil_roster", "pupils", "pupil"
PERSONS = UUID("6a1d4c1e-6f1b-4d7a-9a55-2f6d7c1b5a10")
FIELDS = {
    "person_no": Needed(ColumnType.IDENTIFIER),
    "id_number": Needed(ColumnType.RESIDENT_ID),
    "school": Needed(ColumnType.TEXT, required=True),
    "stage": Needed(ColumnType.CODE, required=True, codes="stage"),
    "year": Needed(ColumnType.YEAR, required=True),
    "term": Needed(ColumnType.CODE, required=True, codes="term"),
}


class Stage(StrEnum):
    PRIMARY = "primary"
    JUNIOR = "junior"


class Term(StrEnum):
    SPRING = "spring"
    AUTUMN = "autumn"


class Words(msgspec.Struct, frozen=True):
    """A code list."""

    labels: Mapping[Any, str]

    def parse(self, text: str) -> Any:
        return next((code for code, label in self.labels.items() if text in (label, code.value)), None)

    def nearest(self, text: str) -> str:
        return next(iter(self.labels.values()))


CODE_LISTS = {
    "stage": Words({Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}),
    "term": Words({Term.SPRING: "春", Term.AUTUMN: "秋"}),
}
NOBODY = rule(
    "test_roster_names_nobody",
    zh="须填写人编号或证件号码。",
    en="A person or an ID number is needed.",
    source="test",
    status=422,
)
OVERTAKEN = rule("test_roster_overtaken", zh="请再次导入。", en="Send it again.", source="test")
read_layout = layouts_for(CODE_LISTS, {ROSTER: {PUPILS: FIELDS}})


@published("TestPupilListed")
class PupilListed(Fact, frozen=True, kw_only=True):
    school: str
    stage: str
    year: int
    term: str


class RosterMatter:
    """The ``RowMatter`` of the roster: one row is one pupil."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def form(self, today: date, area: str) -> Form:
        layout = self._documents.current().in_force(KIND, ROSTER, today, area).typed(read_layout)
        return Form(layout, CODE_LISTS, PARSERS)

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[Row]:
        rows = form.rows[PUPILS]
        for row in rows:
            if not row.has("person_no") and not row.has("id_number"):
                row.add_error(NOBODY, "person_no")
        drafts = [row for row in rows if not row.errors]
        return Subjects(drafts, [e for row in rows for e in row.errors], [], len(rows), len(rows))

    def plan(self, drafts: Sequence[Row], batch: Batch) -> Sequence[PlannedImport[Row]]:
        return [self._plan(row, batch) for row in drafts]

    def _plan(self, row: Row, batch: Batch) -> PlannedImport[Row]:
        number = row.get("person_no", str) or row.require("id_number", str)
        stream = f"pupil-{uuid5(PERSONS, number)}"
        fact = PupilListed(
            effective_on=batch.upload.today, entered_by=batch.upload.by, evidence=(batch.upload.evidence,),
            school=row.require("school", str), stage=row.require("stage", Stage).value, year=row.require("year", int),
            term=row.require("term", Term).value,
        )  # fmt: skip
        known = self._store.stream(stream)
        outcome = SubjectOutcome.RECORDED if not known else SubjectOutcome.UPDATED
        if known and all(getattr(known[-1].fact, f) == getattr(fact, f) for f in ("school", "stage", "year", "term")):
            outcome = SubjectOutcome.UNCHANGED
        if batch.command is None:
            return PlannedImport(SubjectResult(row, outcome))

        def work(tx: Tx) -> Reply:
            if len(tx.load(stream)) != len(known):
                raise ConcurrentChange
            if outcome is not SubjectOutcome.UNCHANGED:
                tx.append(stream, fact)
            return Reply(int(outcome))

        return PlannedImport(
            SubjectResult(row, outcome), Unit(batch.command_for(PUPIL, number, batch.command), work, (stream,))
        )

    def overtaken(self, draft: Row) -> RowError:
        return RowError.of(OVERTAKEN, PUPILS, draft.number)

    def tried(self, actor: Actor, operation: str, subjects: Subjects[Row]) -> None:
        """Anybody may try as often as they like."""

    def not_asked(self, subjects: Subjects[Row]) -> tuple[Rule, ...]:
        return ()

    def completed(self, batch: Batch, summary: ImportSummary, today: date) -> tuple[str, Fact]:
        fact = PupilListed(effective_on=today, entered_by=batch.upload.by, school="", stage="", year=0, term="")
        return f"roster-{batch.id}", fact

    def location(self, batch_id: UUID) -> str:
        return f"/rosters/{batch_id}"


KINDS: DocumentKinds = {KIND: read_layout}
TEXTS = FirstTexts(Path(__file__).parent, KINDS)


def roster(environment: Environment, importers: list[WorkbookImporter[Row]]) -> tuple[Service, FastAPI]:
    """The service; its importer is added to the list."""
    store = open_store(NAME, environment)
    documents = Documents(store, KINDS)
    service = Service(
        name=NAME, title="rosters", environment=environment, store=store, views=(),
        at_start=(partial(TEXTS.adopt, store),), access=AccessTable(*RUNTIME_ROWS),
    )  # fmt: skip
    importers.append(WorkbookImporter(store, evidence_of(service, AREAS), RosterMatter(store, documents)))
    return service, service.app()
