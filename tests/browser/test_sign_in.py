"""From the printed link to the inbox, and as whom."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lika.demo.officials import AUDITOR, TOWNSHIP_REVIEWER
from tests.browser.conftest import SampleHouse


def test_the_printed_link_asks_as_whom_and_opens_the_inbox_and_is_used_up(sample: SampleHouse, page: Page) -> None:
    page.goto(sample.link)
    page.get_by_role("button").click()
    page.get_by_role("button", name=AUDITOR.subject).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("待办")
    assert page.url == f"{sample.url}/console/"
    assert len(page.locator("header select option").all()) == 6
    page.goto(sample.link)
    page.get_by_role("button").click()
    assert "sign_in_link_used" in page.content()


def test_a_tab_acts_as_whom_it_shows(sample: SampleHouse, context: BrowserContext, page: Page) -> None:
    for official in (AUDITOR, TOWNSHIP_REVIEWER):
        sample.sign_in(context, official)
    page.goto(f"{sample.url}/console/")
    page.get_by_role("button", name=AUDITOR.subject).click()
    chosen = page.locator("header select")
    expect(chosen).to_have_value(AUDITOR.subject)
    chosen.select_option(TOWNSHIP_REVIEWER.subject)
    other = context.new_page()
    other.goto(f"{sample.url}/console/households")
    expect(other.get_by_role("heading", level=1)).to_contain_text("以何身份办理")  # a tab takes no account by itself
    other.get_by_role("button", name=AUDITOR.subject).click()
    other.wait_for_url("**/console/households")
    expect(other.locator("header select")).to_have_value(AUDITOR.subject)
    expect(chosen).to_have_value(TOWNSHIP_REVIEWER.subject)


@pytest.mark.long_run
def test_whoever_is_signed_out_is_led_to_the_sign_in(sample: SampleHouse, context: BrowserContext, page: Page) -> None:
    sample.sign_in(context, AUDITOR)
    page.goto(f"{sample.url}/console/")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录")
    page.goto(f"{sample.url}/console/households")
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录")
