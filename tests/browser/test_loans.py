"""A loan's schedule, printed for the household."""

import pytest
from playwright.sync_api import Page, expect

from lika.demo.officials import COUNTY_DECIDER
from tests.browser.conftest import SampleHouse


@pytest.mark.long_run
def test_a_loan_is_found_by_the_number_on_its_contract_and_the_navigation_says_where_one_is(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/loans", COUNTY_DECIDER)
    expect(page.get_by_role("navigation").get_by_role("link", name="贷款")).to_have_attribute("aria-current", "page")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("合同号").fill("样扶2016-7")
    page.get_by_role("button", name="查阅").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("样扶2016-7")
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_what_falls_due_of_a_loan_is_found_from_the_list_and_printed_with_both_days(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/loans", COUNTY_DECIDER)
    row = page.get_by_role("row").filter(has_text="样扶2016-7").first
    row.get_by_text("详情与办理").click()
    row.get_by_role("link", name="查看贷款对账单").click()
    page.get_by_role("link", name="查看还款计划").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("查看还款计划")
    expect(page.get_by_role("columnheader", name="应还本息(元)")).to_be_visible()
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="打印").click()
    expect(page).to_have_title("printed")
    expect(page.locator("footer.basis")).to_contain_text("截至")
