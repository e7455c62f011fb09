"""Acts and lists that have no page of their own: offered by the services, drawn from what they publish."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from contracts.roles import Role
from lika.demo.divisions import COUNTY, VILLAGES
from lika.demo.officials import COUNTY_REVIEWER, OPERATOR, TOWNSHIP_REVIEWER, Official
from tests.browser.cases import CADRE, VILLAGE, Clerk
from tests.browser.conftest import PHONE, SampleHouse, settled

DETAILS = "详情与办理"
EDUCATION = Official("education-1", Role.EDUCATION, COUNTY)


def clue(sample: SampleHouse, name: str) -> str:
    """The path of a report that was received by telephone."""
    told = {
        "on": "2018-01-02", "division": VILLAGE.code, "channel": "hotline", "name": name, "group": "三组",
        "phone": "02300000000", "statement": "家中有人患大病",
    }  # fmt: skip
    receipt = Clerk(sample, CADRE).asked("POST", "/registry/clues/self-reports", told)["location"]
    return f"/registry/clues/{Clerk(sample, CADRE).asked('GET', receipt)['clue_id']}"


def test_an_act_about_a_division_is_found_in_the_directory_and_stands_at_its_row(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/directory", OPERATOR)
    page.get_by_label("查找").fill("区划清单")
    page.get_by_role("link", name="查看区划清单").click()
    row = page.get_by_role("row").filter(has_text=VILLAGES[1].code)
    row.get_by_text(DETAILS).click()
    row.get_by_role("link", name="区划更名").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("区划更名")
    assert f"path=/registry/divisions/{VILLAGES[1].code}/names" in page.url


@pytest.mark.long_run
def test_a_post_and_whoever_holds_it_stand_in_one_row_on_a_phone_too(sample: SampleHouse, phone: Page) -> None:
    sample.open(phone, "/browse/registry/staff/posts", OPERATOR)
    card = phone.get_by_role("row").filter(has_text="驻村工作队长").first
    card.get_by_text(DETAILS).click()
    expect(card.get_by_role("link", name="登记离任")).to_be_visible()
    expect(card.get_by_role("link", name="登记离岗")).to_be_visible()
    expect(card.get_by_role("link", name="年度复核任职")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    card.get_by_role("link", name="查看人员任职").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("查看人员任职")


@pytest.mark.long_run
def test_what_a_clue_says_is_shown_for_a_purpose_until_it_is_hidden(sample: SampleHouse, page: Page) -> None:
    path = clue(sample, "吴线索")
    sample.open(page, f"/browse{path}", CADRE)
    expect(page.locator("main")).not_to_contain_text("吴线索")
    page.get_by_role("link", name=re.compile("查看线索.*内容|按目的查看")).click()
    page.get_by_label("查阅目的").select_option(index=1)
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="确认提交").click()
    answer = page.locator("[data-part=answer]")
    expect(answer).to_contain_text("吴线索")
    expect(answer).to_contain_text("家中有人患大病")
    answer.get_by_role("button", name="隐藏").click()
    expect(page.locator("main")).not_to_contain_text("吴线索")


@pytest.mark.long_run
def test_a_school_its_pupils_and_its_acts(sample: SampleHouse, page: Page) -> None:
    school = {
        "school_code": "2199000177", "name": "样例乡浏览小学", "division": VILLAGE.code[:9], "stages": ["primary"],
        "effective_on": "2014-01-01",
    }  # fmt: skip
    Clerk(sample, EDUCATION).asked("POST", "/registry/schools", school)
    sample.open(page, "/browse/registry/schools", EDUCATION)
    row = page.get_by_role("row").filter(has_text="样例乡浏览小学")
    row.get_by_text(DETAILS).click()
    expect(row.get_by_role("link", name="学校更名")).to_be_visible()
    row.get_by_role("link", name="查看学校", exact=True).click()
    expect(page.locator("dl.record")).to_contain_text("样例乡浏览小学")
    expect(page.get_by_role("link", name="查看学校变更")).to_be_visible()
    page.goto(f"{sample.url}/console/browse/registry/pupils")
    settled(page)
    page.get_by_role("button", name="查阅").click()
    expect(page.locator(".wrong")).to_be_visible()  # which school, must be said
    page.get_by_label("学校标识码").fill("2199000177")
    page.get_by_role("button", name="查阅").click()
    expect(page.locator(".empty")).to_contain_text("没有符合条件的内容")


@pytest.mark.long_run
def test_a_file_that_compares_the_register_is_sent_from_its_list_and_refused_where_it_is_none(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/browse/registry/reconciliations", COUNTY_REVIEWER)
    page.get_by_role("link", name="与全国系统对账").click()
    page.get_by_label("选择要提交的文件").set_input_files(
        {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": b"no workbook"}
    )
    page.get_by_role("button", name="提交文件").click()
    expect(page.locator(".wrong")).to_be_visible()  # the day must be said
    page.get_by_label("对账日").fill("2018-01-01")
    page.get_by_role("button", name="提交文件").click()
    expect(page.locator(".refusal[data-code]")).to_be_visible()
    expect(page.get_by_label("对账日")).to_have_value("2018-01-01")


@pytest.mark.long_run
def test_a_form_of_a_case_says_what_it_was_decided_on(sample: SampleHouse, page: Page) -> None:
    case = Clerk(sample, CADRE).opened_case("郑依据")
    sent: list[Request] = []
    page.on(
        "request", lambda each: sent.append(each) if each.method == "POST" and "/api/registry/" in each.url else None
    )
    sample.open(page, f"/acts/registry/withdraw_case?path={case}/withdrawals", CADRE)
    facts: Any = Clerk(sample, CADRE).asked("GET", f"{case}/steps")["history"]
    page.get_by_label("办理日期").fill("2017-12-09")
    page.get_by_role("button", name="试办").click()
    expect(page.locator("main")).to_contain_text("试办结果")
    assert sent[0].headers["lika-based-on"] == facts[-1]["id"]


def test_lists_without_a_page_of_their_own_stand_in_the_navigation_of_who_may_read_them(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/", TOWNSHIP_REVIEWER)
    places = page.get_by_role("navigation")
    for place, heading in (("帮扶项目", "查看帮扶项目"), ("贷款", "查看贷款清单"), ("资金", "查看资金清单")):
        places.get_by_role("link", name=place, exact=True).first.click()
        expect(page.locator("h1")).to_have_text(heading)
        settled(page)
    page.get_by_label("区划（含下辖）").fill("青山村")
    expect(page.locator("output")).to_contain_text("青山村")
    page.get_by_role("button", name="查阅").click()
    expect(page).to_have_url(re.compile(f"division={VILLAGE.code}"))
