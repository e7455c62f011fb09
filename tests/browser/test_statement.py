"""The statement: its figures open to the households that make them, and to what was learned since. One pair of days for all."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from lika.demo.divisions import TOWNSHIP, VILLAGES
from lika.demo.officials import AUDITOR
from tests.browser.conftest import PHONE, SampleHouse

YEARS = "from=2014&to=2017"
FIGURE = re.compile(r"([+−]?[\d,]+)\s*户\s*([+−]?[\d,]+)\s*人")


def opened(sample: SampleHouse, context: BrowserContext, page: Page, asked: str) -> None:
    sample.sign_in(context, AUDITOR)
    page.goto(f"{sample.url}/console/statement?{asked}")
    expect(page.locator("[data-cell]")).to_have_count(48)


def number(text: str) -> int:
    return int(text.replace(",", "").replace("−", "-"))


def figures(where: Locator) -> tuple[int, int]:
    """Households and persons, as it says them."""
    ((households, persons),) = FIGURE.findall(where.inner_text())
    return number(households), number(persons)


def summed(rows: Locator) -> tuple[int, int]:
    found = [(number(households), number(persons)) for households, persons in FIGURE.findall(rows.inner_text())]
    return sum(households for households, _ in found), sum(persons for _, persons in found)


@pytest.mark.long_run
def test_every_figure_of_a_whole_statement_opens_to_households_that_sum_to_it(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    opened(sample, context, page, f"division={VILLAGES[0].code}&{YEARS}")
    checked = 0
    for cell in page.locator("[data-cell]").all():
        households, persons = figures(cell)
        if (households, persons) == (0, 0):
            continue
        cell.click()
        panel = page.locator("section.panel")
        expect(panel.get_by_role("status")).to_contain_text(f"合计 {households:,} 户、")
        assert panel.get_by_role("status").get_attribute("data-agrees") == "true"
        assert summed(panel.locator("tbody")) == (households, persons)
        checked += 1
    assert checked >= 10
    page.locator('[data-cell="2014.cancelled"]').click()
    expect(page.locator("section.panel")).to_contain_text("没有农户")


@pytest.mark.long_run
def test_a_household_of_a_figure_is_one_click_further_as_it_was_known_then(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    opened(sample, context, page, f"division={TOWNSHIP}&{YEARS}&known_at=2016-12-31")
    page.locator('[data-cell="2016.returned"]').click()
    link = page.locator("section.panel tbody a").first
    expect(link).to_have_attribute(
        "href", re.compile(r"/households/[0-9a-f-]{36}\?as_of=2016-\d\d-\d\d&known_at=2016-12-31$")
    )
    assert re.fullmatch(r"\d{16}", link.inner_text())


@pytest.mark.long_run
def test_a_published_statement_that_was_corrected_is_explained_in_two_clicks(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    opened(sample, context, page, f"division={TOWNSHIP}&{YEARS}&known_at=2016-12-31")
    then = figures(page.locator('[data-cell="2017.closing"]'))
    page.get_by_role("button", name="与现在所知比较").click()
    page.locator('[data-why="2017.closing"]').click()
    panel = page.locator("section.panel")
    expect(panel.get_by_role("status")).to_have_attribute("data-agrees", "true")
    was, now, change = [figures(each) for each in panel.locator("dl dd").all()]
    assert (was, now) == (then, figures(page.locator('[data-cell="2017.closing"]')))
    assert change == (now[0] - was[0], now[1] - was[1]) != (0, 0)
    rows = panel.locator("tbody tr").all()
    changes = [figures(row.locator("td").nth(3)) for row in rows]
    assert (sum(h for h, _ in changes), sum(p for _, p in changes)) == change
    facts = [row.locator("td").nth(4).inner_text() for row in rows]
    assert all("知悉" in fact for fact in facts)
    assert any("剔除" in fact for fact in facts)
    fact = panel.locator("tbody td:nth-child(5) a").first.get_attribute("href") or ""
    assert re.search(r"/households/[0-9a-f-]{36}\?as_of=[\d-]+&compare=2016-12-31#registry/household-", fact), fact


def test_every_difference_of_the_statement_is_explained_to_the_last_household_and_person(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    opened(sample, context, page, f"division={TOWNSHIP}&{YEARS}&compared_with=2016-12-31")
    expect(page.locator("[data-why]").first).to_be_visible()
    for cell in page.locator("[data-why]").all():
        cell.click()
        title = page.locator("section.panel h2")
        expect(title).to_contain_text(str(cell.get_attribute("data-why"))[:4])
        expect(page.locator("section.panel").get_by_role("status")).to_have_attribute("data-agrees", "true")


@pytest.mark.long_run
def test_the_picture_says_what_the_table_says(sample: SampleHouse, context: BrowserContext, page: Page) -> None:
    opened(sample, context, page, f"division={TOWNSHIP}&{YEARS}")
    table = {str(c.get_attribute("data-cell")): figures(c) for c in page.locator("[data-cell]").all()}
    for place, picture in enumerate(page.locator("figure").all()):
        flows = {
            str(f.get_attribute("data-flow")): int(str(f.get_attribute("data-value")))
            for f in picture.locator("[data-flow]").all()
        }
        stocks = {
            str(s.get_attribute("data-stock")): number(str(s.text_content()))
            for s in picture.locator("[data-stock]").all()
        }
        assert len(stocks) == 5
        assert stocks == {name: table[name][place] for name in stocks}
        assert flows == {
            name: value[place] for name, value in table.items()
            if value[place] and not name.endswith(("opening", "closing"))
        }  # fmt: skip
    # By keyboard and for a screen reader, too: each number is a link that says itself.
    link = page.locator("figure a").nth(1)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("section.panel h2")).to_be_focused()


@pytest.mark.long_run
def test_on_paper_it_lies_across_with_headers_and_what_it_was_computed_from_on_each_page(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    opened(sample, context, page, f"division={TOWNSHIP}&{YEARS}&known_at=2016-12-31&cell=2016.returned")
    expect(page.locator("section.panel").get_by_role("status")).to_have_attribute("data-agrees", "true")
    page.emulate_media(media="print")
    expect(page.locator("form.ask")).to_be_hidden()
    expect(page.locator("header.top")).to_be_hidden()
    assert page.locator(".statement thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"
    rules: Any = page.evaluate(
        "document.adoptedStyleSheets.flatMap(s => [...s.cssRules].map(r => r.cssText)).join(' ')"
    )
    for said in (
        "landscape",
        "2014-01-01—2017-12-31",
        "2016-12-31",
        "登记 ",
        "sha256:",
        "counter(page)",
        "counter(pages)",
    ):
        assert said in rules
    pdf = page.pdf(prefer_css_page_size=True)
    width, height = map(float, re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)[0])
    assert width > height


@pytest.mark.long_run
def test_on_a_phone_the_years_stay_while_the_figures_are_moved(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    opened(sample, context, page, f"division={TOWNSHIP}&{YEARS}&compared_with=2016-12-31")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    year = page.locator(".statement tbody th").first
    before = year.bounding_box()
    page.locator(".statement").evaluate("e => e.scrollTo(400, 0)")
    after = year.bounding_box()
    assert before is not None
    assert after is not None
    assert before["x"] == after["x"]
