"""Workbooks over HTTP: who may send them, in which form, and what comes back as a file."""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from contracts.roles import Role
from services.casework.workbooks.layout import SUMMARY_SHEET
from tests.registry.intake.import_requests import (
    ELSEWHERE,
    VILLAGE,
    WORKBOOKS,
    cadre_of,
    head_line,
    household_line,
    post_workbook,
    registry_with_villages,
    workbook_bytes,
)
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def test_the_annotated_workbook_shows_the_registers_objections(running: Lika) -> None:
    who = cadre_of(running)
    book = workbook_bytes([household_line("A1", division=ELSEWHERE)], [head_line("A1", 55)])
    answer = who._client.post(f"{WORKBOOKS}/annotations", content=book, headers=who._headers)
    assert answer.status_code == 200
    summary = openpyxl.load_workbook(BytesIO(answer.content))[SUMMARY_SHEET]
    assert [row[3] for row in summary.iter_rows(min_row=2, values_only=True)] == ["intake_village_outside_area"]


def test_only_a_cadre_brings_workbooks_in_and_only_workbooks(running: Lika) -> None:
    book = workbook_bytes([household_line("C1")], [head_line("C1", 59)])
    assert post_workbook(running.client_for("r", VILLAGE, Role.REVIEWER), book).status_code == 403
    refused = post_workbook(cadre_of(running), b"not a workbook")
    assert (refused.status_code, refused.json()["code"]) == (422, "workbook_not_sound")
    wrong_kind = cadre_of(running).post(WORKBOOKS, {"file": "x"})
    assert (wrong_kind.status_code, wrong_kind.json()["code"]) == (415, "unsupported_media")


def test_the_template_is_served(running: Lika) -> None:
    answer = cadre_of(running).get("/registry/intake/template")
    assert answer.status_code == 200
    assert openpyxl.load_workbook(BytesIO(answer.content)).sheetnames[:2] == ["户表", "成员表"]
