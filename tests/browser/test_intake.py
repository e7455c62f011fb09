"""A workbook from its empty form to the register: tried, corrected, imported, broken off and gone on with."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from random import randrange
from uuid import uuid4

import openpyxl
import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from lika.demo.officials import AUDITOR, OPERATOR, TOWNSHIP_CADRE
from services.casework.media_types import XLSX
from services.casework.workbooks.layout import SUMMARY_SHEET
from tests.browser.conftest import SampleHouse, settled
from tests.registry.intake.example_workbooks import SheetLine, resident_id_of
from tests.registry.intake.import_requests import ELSEWHERE, head_line, household_line, workbook_bytes
from tests.support.eventually import eventually

IMPORT = "**/registry/intake/workbooks"


def file_of(content: bytes, name: str = "collection.xlsx") -> FilePayload:
    return {"name": name, "mimeType": XLSX, "buffer": content}


def village_book(*changes: SheetLine) -> tuple[bytes, list[str]]:
    """A workbook of as many households as there are changes of one's line, with their numbers; their heads have identity
    numbers that nobody else has."""
    born = f"{date(1900, 1, 1) + timedelta(days=randrange(15_000)):%Y%m%d}"
    prefix = uuid4().hex[:8].upper()
    names = [f"{prefix}-{place}" for place in range(len(changes))]
    heads = [
        {**head_line(name, 1), "id_number": resident_id_of(born, f"{2 * place + 1:03}")}
        for place, name in enumerate(names)
    ]
    return workbook_bytes([household_line(n, **c) for n, c in zip(names, changes, strict=True)], heads), names


def choose_and_try(page: Page, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(file_of(content))
    page.get_by_role("button", name="试导入").click()


def registered(page: Page, name: str) -> int:
    """Households of this number on the register."""
    found = page.evaluate(
        """async ([number, account]) => (await (await fetch(`/console/api/registry/households?national_no=${number}`,
        {headers: {"Lika-Account": account}})).json()).items.length""",
        [name, TOWNSHIP_CADRE.subject],
    )
    return int(found)


def test_three_bad_rows_are_marked_in_place_within_three_clicks_and_nothing_is_recorded(
    sample: SampleHouse, page: Page
) -> None:
    content, names = village_book({}, {"division": ELSEWHERE}, {}, {"arable_mu": "三亩半"}, {"attribute": "不知何类"})
    sample.sign_in(page.context, TOWNSHIP_CADRE)
    page.goto(f"{sample.url}/console/")
    page.get_by_role("link", name="导入").first.click()  # 1
    choose_and_try(page, content)  # 2: the file, 3: the try
    expect(page.get_by_role("heading", name="试导入的结果：没有登记任何内容")).to_be_visible()
    lines = page.locator("table.error tbody tr").all_inner_texts()
    assert [line.split("\t")[:2] for line in lines] == [["户表", "3"], ["户表", "5"], ["户表", "6"]]
    assert all(line.split("\t")[3] for line in lines)
    assert "三亩半" not in page.content()
    assert [registered(page, name) for name in names] == [0] * 5

    with page.expect_download() as begun:
        page.get_by_role("button", name="下载批注过的工作簿").click()
    annotated = openpyxl.load_workbook(BytesIO(Path(begun.value.path()).read_bytes()))
    assert annotated[SUMMARY_SHEET].max_row == 4

    page.get_by_role("button", name="导入无错误的部分").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    eventually(lambda: [registered(page, name) for name in names] == [1, 0, 1, 0, 0])


@pytest.mark.long_run
def test_an_upload_that_breaks_off_is_sent_again_and_recorded_once(sample: SampleHouse, page: Page) -> None:
    content, names = village_book({}, {})
    sample.open(page, "/intake", TOWNSHIP_CADRE)
    choose_and_try(page, content)

    breaks_off_once(page, lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator(".refusal[data-code=no_connection]")).to_be_visible()
    assert [registered(page, name) for name in names] == [0, 0]
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    eventually(lambda: [registered(page, name) for name in names] == [1, 1])

    choose_and_try(page, content)
    expect(page.get_by_text("这个文件已于")).to_contain_text("新登记 2")
    assert page.get_by_role("button", name="导入", exact=True).count() == 0


def test_an_answer_that_is_lost_is_asked_for_and_nothing_is_imported_twice(sample: SampleHouse, page: Page) -> None:
    content, names = village_book({})
    sample.open(page, "/intake", TOWNSHIP_CADRE)
    choose_and_try(page, content)

    def answer_lost(route: Route) -> None:
        assert route.fetch().status == 201
        route.abort("connectionreset")

    breaks_off_once(page, answer_lost)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    assert page.locator(".refusal").count() == 0
    eventually(lambda: registered(page, names[0]) == 1)


def breaks_off_once(page: Page, handler: Callable[[Route], None]) -> None:
    """Of imports, not of tries and of questions how far one is."""
    page.route(IMPORT, handler, times=1)


@pytest.mark.long_run
def test_what_is_no_workbook_is_refused_in_the_services_words(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/intake", TOWNSHIP_CADRE)
    for content, code in ((b"a,b\n1,2\n", "workbook_is_csv"), (b"", "workbook_is_empty")):
        choose_and_try(page, content)
        expect(page.locator(f".refusal[data-code={code}]")).to_be_visible()
    assert page.locator(".result").count() == 0


@pytest.mark.long_run
def test_a_staff_list_goes_the_same_way_and_whoever_imports_nothing_is_told(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/intake", OPERATOR)
    expect(page.get_by_text("人员名册", exact=True)).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name="下载空表").click()
    choose_and_try(page, Path(begun.value.path()).read_bytes())
    expect(page.get_by_role("heading", name="试导入的结果")).to_be_visible()
    page.context.clear_cookies()
    page = page.context.new_page()  # a tab keeps to the account it began with
    sample.open(page, "/intake", AUDITOR)
    settled(page)
    expect(page.get_by_text("您的岗位不导入表格")).to_be_visible()
