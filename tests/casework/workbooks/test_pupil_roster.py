"""A second layout needs no more than what its rows mean: everything else is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from contracts.roles import Role
from services.casework.workbooks.importing import importer as importing
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.layout import SUMMARY_SHEET
from services.casework.workbooks.rows import Row
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import CommandRef
from services.chassis.log.store import Store
from services.chassis.log.unit import Unit
from services.chassis.security.actor import Actor
from tests.casework.workbooks.pupil_roster import roster
from tests.casework.workbooks.sheets import book_of
from tests.registry.intake.example_workbooks import HEAD_ID, content_of
from tests.support.running import lika

SCHOOL = Actor("school-1", frozenset({Role.CADRE}), "990001")
HEADERS = ("序号", "人编号", "身份证号", "姓名", "就读学校", "学段", "学年", "学期")


@dataclass(frozen=True)
class Rosters:
    importer: WorkbookImporter[Row]
    store: Store

    def send(self, file: bytes, key: str) -> Any:
        command = CommandRef.of(SCHOOL.subject, "/rosters", key, file[-32:])
        return self.importer.import_workbook(file, SCHOOL, command).summary

    def listed(self) -> int:
        return sum(str(n.topic).startswith("TestPupilListed") for n in self.store.recorder.select_notifications(1, 999))


@pytest.fixture
def rosters(database: Callable[[str], str], tmp_path: Any) -> Iterator[Rosters]:
    importers: list[WorkbookImporter[Row]] = []
    build = partial(roster, importers=importers)
    with lika([build], database, tmp_path, simulated_from=datetime(2015, 9, 1, 1, tzinfo=UTC)) as running:
        yield Rosters(importers[0], running.services["casework"].store)


def pupils(*lines: tuple[object, ...], name: str = "2015秋") -> bytes:
    return content_of(book_of([("实验小学2015年秋季学期学生花名册",), HEADERS, *lines, ("校长（签字）：",)], name))


def pupil(number: str, **more: object) -> tuple[object, ...]:
    values = {"no": number, "id": None, "school": "实验小学", "stage": "小学", "year": "2015", "term": "秋", **more}
    return (1, values["no"], values["id"], "某某", values["school"], values["stage"], values["year"], values["term"])


def test_a_list_is_taken_in_told_apart_from_what_is_known_and_refused_row_by_row(rosters: Rosters) -> None:
    first = rosters.send(
        pupils(pupil("P1"), pupil("", id=HEAD_ID), pupil("P3", stage="大学"), pupil("", id=None)), "k1"
    )
    assert (first.subjects_seen, first.recorded, first.refused) == (4, 2, 2)
    assert [(e.sheet, e.row, e.column, e.code) for e in first.errors] == [
        ("2015秋", 5, "学段 / stage", "workbook_unknown_label"),
        ("2015秋", 6, "人编号 / person no.", "test_roster_names_nobody"),
    ]
    told = [(w.row, w.column, w.code) for w in first.warnings]
    assert told == [(2, "A 序号", "workbook_ignored_column"), (7, "", "workbook_foot_line")]
    again = rosters.send(pupils(pupil("P1"), pupil("", id=HEAD_ID, term="春")), "k2")
    assert (again.unchanged, again.updated) == (1, 1)


def test_trying_it_out_records_nothing_and_the_annotated_copy_can_be_corrected_and_sent(rosters: Rosters) -> None:
    file = pupils(pupil("P1"), pupil("P2", year="15"))
    before = rosters.store.position()
    assert rosters.importer.dry_run(file, SCHOOL, "try").summary.recorded == 1
    annotated = openpyxl.load_workbook(BytesIO(rosters.importer.annotate(file, SCHOOL)))
    assert rosters.store.position() == before
    assert annotated.sheetnames == ["2015秋", SUMMARY_SHEET]
    assert "年度应为四位数字" in annotated["2015秋"].cell(4, 9).value
    annotated["2015秋"].cell(4, 7).value = "2015"
    assert rosters.send(content_of(annotated), "k1").recorded == 2


def test_a_list_that_was_cut_off_goes_on_where_it_stopped(rosters: Rosters, monkeypatch: pytest.MonkeyPatch) -> None:
    file, whole, seen = pupils(*(pupil(f"P{n}") for n in range(5))), rosters.store.submit, list[Unit]()

    def breaks_down(unit: Unit) -> Any:
        seen.append(unit)
        if len(seen) == 4:
            raise StoreUnavailable("cut off")
        return whole(unit)

    monkeypatch.setattr(importing, "CHUNK_SIZE", 2)
    with monkeypatch.context() as cut:
        cut.setattr(rosters.store, "submit", breaks_down)
        with pytest.raises(StoreUnavailable):
            rosters.send(file, "k1")
    assert rosters.send(file, "k1").recorded == 5
    assert rosters.listed() == 6  # five pupils and the import


def test_the_template_has_its_lists_and_comes_back_as_it_was_filled(rosters: Rosters) -> None:
    book = openpyxl.load_workbook(BytesIO(rosters.importer.template("990001")))
    sheet = book["学生"]
    lists = [check.formula1 for check in sheet.data_validations.dataValidation if check.formula1]
    assert lists == ['"小学,初中"', '"春,秋"']
    assert any(check.prompt and "春或秋" in check.prompt for check in sheet.data_validations.dataValidation)
    for column, value in enumerate(("P1", None, "某某", "实验小学", "小学", 2015, "秋"), start=1):
        sheet.cell(2, column).value = value
    assert rosters.send(content_of(book), "k1").recorded == 1
