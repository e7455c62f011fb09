"""The inbox: what is most urgent first, each with its reason and one act."""

import re

import pytest
from playwright.sync_api import Page, expect

from lika.demo.divisions import VILLAGES
from lika.demo.officials import COUNTY_DECIDER, TOWNSHIP_REVIEWER, village_cadre
from tests.browser.conftest import SampleHouse
from tests.browser.test_resilience import no_answer, refusal

LATE = village_cadre(VILLAGES[9].code)
"""Of a village whose helpers were never entered."""


def test_a_cadre_sees_what_is_overdue_first_with_its_reason_and_no_click(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/", LATE)
    first = page.locator("[data-section]").first
    expect(first).to_have_attribute("data-section", "overdue")
    row = first.locator(".entry").first
    expect(row.locator(".tag.danger")).to_have_text(re.compile(r"逾期 \d+ 天"))
    expect(row.locator(".why")).to_contain_text("落实帮扶责任人")


@pytest.mark.long_run
def test_many_that_say_the_same_stand_together_with_each_household_and_its_own_act(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/", LATE)
    section = page.locator("[data-section=overdue]")
    count = int(re.findall(r"\d+", section.locator("h2").inner_text())[0])
    group = section.locator(".entry", has_text="落实帮扶责任人").first
    group.locator("summary").click()
    households = group.locator("details li")
    assert 1 < households.count() <= count
    expect(group.locator("summary")).to_contain_text(str(households.count()))
    act = households.first.get_by_role("link", name="结对")
    assert {"form_pair", "pairing_helper", "household"} <= set(re.findall(r"[a-z_]+", act.get_attribute("href") or ""))
    act.click()  # what is settled stands in the form
    expect(page.get_by_label(re.compile("结对类别")).first).to_have_value("pairing_helper")


@pytest.mark.long_run
def test_the_address_holds_what_was_chosen_and_back_brings_all(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/", TOWNSHIP_REVIEWER)
    page.locator(".kinds button.overdue").click()
    expect(page).to_have_url(re.compile(r"\?kind=overdue"))
    expect(page.locator("[data-section]")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-section]")).to_have_count(1)
    expect(page.locator("[data-section=overdue] .about", has_text="村").first).to_be_visible()


def test_whoever_may_not_act_is_told_whose_it_is_and_what_waits_is_folded_away(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/", COUNTY_DECIDER)
    waiting = page.locator("[data-section=waiting]")
    expect(waiting.locator(".entry").first).to_be_hidden()
    waiting.locator("summary").first.click()
    refused = waiting.locator(".refused").first
    expect(refused).to_contain_text("层级")
    expect(refused).to_contain_text("审核人")


@pytest.mark.long_run
def test_it_fits_a_phone(sample: SampleHouse, phone: Page) -> None:
    sample.open(phone, "/", TOWNSHIP_REVIEWER)
    expect(phone.locator(".entry").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.long_run
def test_a_service_that_is_away_keeps_back_its_own_entries_alone_and_is_named_until_it_answers(
    sample: SampleHouse, page: Page
) -> None:
    page.route(re.compile("/api/monitoring/inbox"), no_answer)
    sample.open(page, "/", TOWNSHIP_REVIEWER)
    panel = refusal(page, "no_connection")
    expect(panel.first).to_be_visible()
    expect(page.locator(".entry").first).to_be_visible()
    expect(page.locator(".entry", has_text="任务W")).to_have_count(0)
    page.unroute(re.compile("/api/monitoring/inbox"))
    panel.first.get_by_role("button").click()
    expect(page.locator(".entry", has_text="任务W").first).to_be_visible()
    expect(panel).to_have_count(0)
