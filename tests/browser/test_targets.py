"""Targets, duties, helpers and aid: what is listed is what the server counted."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lika.demo.divisions import VILLAGES
from lika.demo.officials import AUDITOR, TOWNSHIP_REVIEWER
from tests.browser.conftest import SampleHouse


@pytest.mark.long_run
def test_targets_stand_by_deadline_and_the_exit_target_in_households_beside_persons(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, AUDITOR)
    page.goto(f"{sample.url}/console/targets?year=2016")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(9)
    deadlines = [row.locator("td").first.inner_text() for row in rows.all()]
    assert deadlines == sorted(deadlines)
    exit_target = rows.filter(has_text="W8")
    for said in ("97 / 105 户", "缺 8 户", "389 / 421 人", "缺 32 人", "逾期"):
        expect(exit_target).to_contain_text(said)
    page.get_by_role("link", name="按责任人").click()
    expect(page.locator("tbody tr").filter(has_text="R5")).to_contain_text("W8")


def test_the_path_of_a_target_is_the_same_in_the_picture_and_in_its_table(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, AUDITOR)
    page.goto(f"{sample.url}/console/targets?year=2016")
    page.get_by_role("link", name="W8 脱贫").click()
    expect(page.locator("figure")).to_have_count(2)
    rows = [
        (row.locator("td").nth(0).inner_text(), *re.findall(r"\d+", row.locator("td").nth(2).inner_text()))
        for row in page.locator("tbody tr").filter(has_text="脱贫累计").all()
    ]
    assert rows[-1][1:] == ("97", "389")
    for place, picture in enumerate(page.locator("figure").all(), start=1):
        drawn = [(p.get_attribute("data-on"), p.get_attribute("data-done")) for p in picture.locator("[data-on]").all()]
        assert drawn == [(row[0], row[place]) for row in rows]


@pytest.mark.long_run
def test_a_target_as_known_before_its_progress_shows_none(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, TOWNSHIP_REVIEWER)
    page.goto(f"{sample.url}/console/targets?year=2016")
    page.get_by_role("link", name="W1 村道公路改建").click()
    expect(page.locator("tbody")).to_contain_text("填报进度")
    expect(page.locator("tbody")).to_contain_text("竣工验收")
    page.get_by_label("按何时所知").fill("2016-01-31")
    expect(page.locator("tbody")).not_to_contain_text("填报进度")
    acts = page.get_by_role("navigation", name="办理").get_by_role("link")
    expect(acts).to_have_count(0)  # it is struck off today
    page.get_by_role("link", name="← 任务清单").click()
    page.get_by_role("link", name="W7").click()
    expect(acts.filter(has_text="填报进度")).to_have_attribute(
        "href", re.compile(r"/acts/monitoring/report_progress\?path=/monitoring/targets/")
    )


@pytest.mark.long_run
def test_a_number_of_the_calendar_opens_to_as_many_duties(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, AUDITOR)
    page.goto(f"{sample.url}/console/duties?division={VILLAGES[0].code}&as_of=2014-12-31")
    row = page.locator("tbody tr").filter(has_text="2014-07")
    expect(row).to_contain_text("已完成")
    for cell in row.locator("[data-cell]").all():
        count = int(cell.locator("b").inner_text())
        cell.click()
        panel = page.locator("section.panel")
        expect(panel.locator("tbody tr")).to_have_count(count)
        expect(panel.get_by_role("status")).to_have_attribute("data-agrees", "true")


@pytest.mark.long_run
def test_a_helper_s_load_is_the_households_that_are_listed(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, TOWNSHIP_REVIEWER)
    page.goto(f"{sample.url}/console/pairing?division={VILLAGES[0].code}")
    row = page.locator("tbody tr").first
    households = int(re.findall(r"(\d+)\s*户", row.inner_text())[0])
    row.get_by_role("link").click()
    expect(page.locator("tbody tr")).to_have_count(households)
    expect(page.get_by_role("link", name="更换帮扶人").first).to_have_attribute(
        "href", re.compile("/acts/assistance/succeed_helper")
    )


def test_who_is_left_out_of_aid_is_listed_with_the_rule_s_own_reason(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, AUDITOR)
    page.goto(f"{sample.url}/console/aid?division={VILLAGES[0].code}")
    expect(page.locator("tbody tr").first).to_contain_text("符合该项目规定的各项条件")
    expect(page.get_by_role("link", name="申请资助").first).to_have_attribute(
        "href", re.compile("/acts/assistance/open_case")
    )
    page.get_by_role("link", name="全部在校学生").click()
    expect(page.locator("tbody")).to_contain_text("该户已脱贫，不再新批")
    page.get_by_role("link", name="已批资助").click()
    expect(page.locator("tbody")).to_contain_text("脱贫（2015-11-17）后继续至学段结束")
