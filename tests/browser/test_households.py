"""The register as a list: filters in the address, totals, search, opening of personal values, export."""

import json
import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from lika.demo.officials import AUDITOR, TOWNSHIP_REVIEWER
from services.registry.disclosures.api import FIELDS
from tests.browser.conftest import SampleHouse, settled

ROWS = "main .list tbody tr"
FRAME_BUDGET = 0.1
"""Seconds in which 200 rows are drawn."""
EVERY_STORE = "() => JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, document.cookie])"


def numbers(page: Page) -> list[str]:
    return page.locator(f"{ROWS} td:nth-child(2)").all_inner_texts()


def opened_by_paper(page: Page, *fields: str) -> None:
    """Personal values of the households selected, for an audit."""
    page.get_by_role("button", name="查看个人信息").click()
    dialog = page.get_by_role("dialog")
    for field in fields:
        dialog.get_by_role("checkbox", name=field, exact=True).check()
    dialog.get_by_label("为何查看").select_option("audit")
    dialog.get_by_label("文件", exact=True).check()
    dialog.get_by_label("发文机关").fill("县审计局")
    dialog.get_by_label("文号").fill("审通〔2017〕5号")
    dialog.get_by_role("button", name="查看", exact=True).click()
    expect(dialog).to_be_hidden()


@pytest.mark.long_run
def test_filters_stand_in_the_address_and_outlive_reload_back_and_one_more_page(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/households?limit=20", AUDITOR)
    page.locator("select[name=status]").select_option("exited")
    page.wait_for_url(re.compile("status=exited"))
    settled(page)
    first = numbers(page)
    assert set(page.locator(f"{ROWS} td:nth-child(4)").all_inner_texts()) == {"已脱贫"}
    page.reload()
    settled(page)
    assert numbers(page) == first
    assert page.locator("select[name=status]").input_value() == "exited"
    page.get_by_role("link", name="再看一页").click()
    page.wait_for_url(re.compile("cursor="))
    settled(page)
    assert not set(numbers(page)) & set(first)
    page.go_back()
    expect(page.locator(ROWS).first).to_contain_text(first[0])
    page.get_by_role("link", name=first[0]).click()
    page.wait_for_url(re.compile(r"/households/[0-9a-f-]{36}$"))
    page.go_back()
    expect(page.locator(ROWS).first).to_contain_text(first[0])
    assert numbers(page) == first


def test_a_household_is_found_by_its_number_and_a_filter_that_nobody_knows_is_said(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/households?limit=1&status=exited", AUDITOR)
    (number,) = numbers(page)
    sample.open(page, f"/households?national_no={number}")
    assert numbers(page) == [number]
    sample.open(page, "/households?colour=red")
    expect(page.locator(".refusal[data-code=malformed]")).to_contain_text("colour")


def test_what_is_searched_for_and_what_is_opened_stays_out_of_addresses_titles_and_stores(
    sample: SampleHouse, page: Page
) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    sample.open(page, "/households?limit=5&status=exited", AUDITOR)
    page.locator(f"{ROWS} input").first.check()
    number = numbers(page)[0]
    opened_by_paper(page, "姓名", "证件号码")
    line = page.locator(".opened tbody tr").first
    name, resident_id = line.locator("td").nth(2).inner_text(), line.locator("td").nth(3).inner_text()
    assert re.fullmatch(r"[0-9]{17}[0-9X]", resident_id)
    assert number in line.inner_text()
    page.get_by_role("button", name="立即隐藏").click()
    expect(page.get_by_text(resident_id)).to_have_count(0)

    page.get_by_text("按证件号码、姓名或电话查找").click()
    page.locator("select[name=kind]").select_option("id_number")
    page.get_by_label("内容").fill(resident_id)
    page.locator("select[name=purpose]").select_option("audit")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".find tbody tr")).to_have_count(1)
    expect(page.locator(".find tbody tr")).to_contain_text(number)
    for value in (name, resident_id):
        stores = page.evaluate(EVERY_STORE)
        assert value not in stores + page.url + page.title() + json.dumps(addresses, ensure_ascii=False)
    page.get_by_role("link", name="待办").first.click()
    page.wait_for_url(re.compile("/console/$"))
    page.go_back()
    settled(page)
    assert resident_id not in page.content()
    assert page.locator(".opened").count() == 0
    page.get_by_text("按证件号码、姓名或电话查找").click()
    assert page.get_by_label("内容").input_value() == ""


@pytest.mark.long_run
def test_a_reviewer_reads_for_what_is_open_and_is_told_where_nothing_is(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/households?limit=200&status=exited", TOWNSHIP_REVIEWER)
    finding = page.evaluate(
        """async (account) => (await (await fetch("/console/api/registry/findings?state=open&limit=200",
        {headers: {"Lika-Account": account}})).json()).items.map((each) => each.subject)
        .filter((each) => document.querySelector(`main .list input[value="${each}"]`))""",
        TOWNSHIP_REVIEWER.subject,
    )
    about = page.locator(f'{ROWS}:has(input[value="{finding[0]}"])')
    other = page.locator(ROWS).filter(has_not=page.locator(", ".join(f'input[value="{each}"]' for each in finding)))
    about.locator("input").check()
    other.first.locator("input").check()
    page.get_by_role("button", name="查看个人信息").click()
    dialog = page.get_by_role("dialog")
    assert {box.input_value() for box in dialog.get_by_role("checkbox").all()} == set(FIELDS)
    expect(dialog).to_contain_text("1 户有在办事项；其余 1 户不查看")
    dialog.get_by_role("checkbox", name="姓名").check()
    dialog.get_by_label("为何查看").select_option("payment")
    dialog.get_by_role("button", name="查看", exact=True).click()
    expect(dialog.locator(".refusal")).to_have_attribute("data-code", "purpose_not_allowed")
    dialog.get_by_label("为何查看").select_option("verification")
    dialog.get_by_role("button", name="查看", exact=True).click()
    expect(dialog).to_be_hidden()
    number = about.locator("td").nth(1).inner_text()
    assert {line.split("\t")[0] for line in page.locator(".opened tbody tr").all_inner_texts()} == {number}


@pytest.mark.long_run
def test_a_file_has_what_the_list_has(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/households?limit=200&status=exited&attribute=five_guarantees", AUDITOR)
    listed = numbers(page)
    assert 1 < len(listed) < 200
    with page.expect_download() as begun:
        page.get_by_role("button", name="导出 csv").click()
    content = Path(begun.value.path()).read_text("utf-8-sig")
    assert re.findall(r"\b9900[0-9]{12}\b", content) == listed
    expect(page.get_by_text(f"已导出 {len(listed)} 条")).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name="导出 xlsx").click()
    book = openpyxl.load_workbook(BytesIO(Path(begun.value.path()).read_bytes()), read_only=True)
    cells = {str(value) for row in book.worksheets[0].iter_rows(values_only=True) for value in row}
    assert set(listed) <= cells
    assert begun.value.suggested_filename.endswith(".xlsx")


@pytest.mark.long_run
def test_a_list_too_long_for_a_file_says_what_to_do(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/households?limit=2", AUDITOR)
    problem = {
        "type": "urn:lika:problem:export_too_large", "title": "清单条目超过一份文件的上限", "title_en": "too many", "status": 409,
        "detail": "请按区划或其他条件分次导出。", "code": "export_too_large", "source": "docs/limits.md",
    }  # fmt: skip
    page.route("**/registry/households", lambda route: route.fulfill(status=409, json=problem))
    page.get_by_role("button", name="导出 csv").click()
    expect(page.locator(".refusal[data-code=export_too_large]")).to_contain_text("分次导出")


@pytest.mark.long_run
def test_two_hundred_rows_are_drawn_within_a_tenth_of_a_second(sample: SampleHouse, page: Page) -> None:
    """Of the page's own processor time: other work of the machine does not count."""
    sample.open(page, "/households?limit=1&status=exited", AUDITOR)
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
        return float(metrics["ScriptDuration"] + metrics["LayoutDuration"] + metrics["RecalcStyleDuration"])

    page.get_by_role("link", name="程序").first.click()
    page.wait_for_url("**/cases")
    settled(page)
    before = spent()
    page.evaluate(
        """() => { history.pushState({}, "", "/console/households?limit=200"); dispatchEvent(new PopStateEvent("popstate")) }"""
    )
    expect(page.locator(ROWS)).to_have_count(200)
    assert spent() - before < FRAME_BUDGET


@pytest.mark.long_run
def test_a_phone_shows_households_as_two_lines_without_scrolling_sideways(sample: SampleHouse, phone: Page) -> None:
    sample.open(phone, "/households?limit=3", AUDITOR)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    assert all(box["height"] < 100 for row in phone.locator(ROWS).all() if (box := row.bounding_box()) is not None)
    expect(phone.locator("details.filters")).not_to_have_attribute("open", "")
