"""What goes wrong around a page: no network, an ended session, an upgrade, a defect. What was read and typed stays, and the way
on is said."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from lika.demo.officials import AUDITOR
from services.console.cookies import PATH
from tests.browser.conftest import SampleHouse, settled

API = re.compile(rf"{PATH}/api/")
SHELL = re.compile(rf"{PATH}/$")
STATEMENT = "/statement?division=990001101&from=2014&to=2016&known_at=2016-12-31"
"""A page that nothing which others record meanwhile changes."""
TYPED = "写了一半的内容"


def notice(page: Page, name: str) -> Locator:
    return page.locator(f"[data-notice={name}]")


def refusal(page: Page, code: str) -> Locator:
    return page.locator(f".refusal[data-code={code}]")


def failed(page: Page, kind: str) -> Locator:
    return page.locator(f"[data-failed={kind}]")


def no_answer(route: Route) -> None:
    route.abort("connectionfailed")


def look_again_later(page: Page) -> None:
    """As who comes back to the tab after a while."""
    page.clock.fast_forward(61_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")


def content_of(page: Page) -> list[str]:
    """Headings: names that belong to what is listed may come after it."""
    texts = page.locator("main :is(h1, h2)").all_inner_texts()
    assert len(texts) > 1
    return texts


def type_into_a_form(page: Page) -> Locator:
    """Any form, and so one that no page changes."""
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<form><textarea id=typed></textarea></form>')"
    )
    typed = page.locator("#typed")
    typed.fill(TYPED)
    return typed


def pages_of_an_older_build(page: Page, chunk: str) -> None:
    """The server was upgraded under this tab: it has the page's code no more, and names another digest."""

    def upgraded(route: Route) -> None:
        if route.request.resource_type == "document":
            route.continue_()
            return
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"assets/[0-9a-f]+/", "assets/0123456789abcdef/", answer.text()))

    page.route(re.compile(rf"/assets/.*/{chunk}\.js"), lambda route: route.fulfill(status=404))
    page.route(SHELL, upgraded)


def test_a_page_without_network_says_so_and_reads_when_asked_again(sample: SampleHouse, page: Page) -> None:
    page.route(API, no_answer)
    sample.open(page, "/", AUDITOR)
    panel = refusal(page, "no_connection")
    expect(panel).to_be_focused()
    page.unroute(API)
    panel.get_by_role("button").click()
    expect(panel).to_be_hidden()


def test_what_was_read_stays_when_it_cannot_be_read_anew(sample: SampleHouse, page: Page) -> None:
    page.clock.install()
    sample.open(page, STATEMENT, AUDITOR)
    content = content_of(page)
    page.route(API, no_answer)
    look_again_later(page)
    page.clock.run_for(5_000)
    expect(notice(page, "outdated")).to_contain_text("连接不上系统")
    assert content_of(page) == content
    page.unroute(API)
    notice(page, "outdated").get_by_role("button").click()
    expect(notice(page, "outdated")).to_be_hidden()


@pytest.mark.long_run
def test_the_browser_s_own_word_that_there_is_no_network_is_passed_on(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/", AUDITOR)
    page.context.set_offline(True)
    expect(notice(page, "offline")).to_be_visible()
    page.context.set_offline(False)
    expect(notice(page, "offline")).to_be_hidden()


@pytest.mark.long_run
def test_an_ended_session_leaves_the_page_and_signing_in_elsewhere_mends_it(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    page.clock.install()
    sample.open(page, STATEMENT, AUDITOR)
    content, typed = content_of(page), type_into_a_form(page)
    context.clear_cookies()
    look_again_later(page)
    ended = notice(page, "outdated")
    expect(ended).to_contain_text("登录已结束")
    with context.expect_page() as opened:
        ended.get_by_role("link").click()
    expect(opened.value.locator("h1")).to_contain_text("登录")
    sample.sign_in(context, AUDITOR)
    ended.get_by_role("button").click()
    expect(ended).to_be_hidden()
    assert content_of(page) == content
    expect(typed).to_have_value(TYPED)


@pytest.mark.long_run
def test_a_page_opened_after_the_session_ended_is_read_once_there_is_one(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.open(page, "/nowhere", AUDITOR)
    context.clear_cookies()
    page.get_by_role("navigation").get_by_role("link", name="待办").first.click()
    panel = refusal(page, "session_ended")
    expect(panel.get_by_role("link")).to_have_attribute("target", "_blank")
    sample.sign_in(context, AUDITOR)
    panel.get_by_role("button").click()
    expect(panel).to_be_hidden()
    settled(page)


@pytest.mark.long_run
def test_after_an_upgrade_the_next_page_comes_from_the_new_build(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/", AUDITOR)
    pages_of_an_older_build(page, "households")
    page.evaluate("window.old = true")
    page.get_by_role("link", name="农户", exact=True).click()
    page.wait_for_url(f"**{PATH}/households")
    page.wait_for_function("() => !window.old")


def test_after_an_upgrade_what_was_typed_stays_until_its_author_opens_the_page_anew(
    sample: SampleHouse, page: Page
) -> None:
    sample.open(page, "/", AUDITOR)
    typed = type_into_a_form(page)
    pages_of_an_older_build(page, "households")
    page.get_by_role("link", name="农户", exact=True).click()
    panel = failed(page, "newer")
    expect(panel).to_be_visible()
    expect(notice(page, "newer")).to_be_visible()
    expect(typed).to_have_value(TYPED)
    assert page.url == f"{sample.url}{PATH}/"
    panel.get_by_role("button").click()
    page.wait_for_url(f"**{PATH}/households")


@pytest.mark.long_run
def test_who_comes_back_to_a_tab_is_told_of_an_upgrade_before_they_begin(sample: SampleHouse, page: Page) -> None:
    page.clock.install()
    sample.open(page, "/", AUDITOR)
    pages_of_an_older_build(page, "households")
    look_again_later(page)
    expect(notice(page, "newer")).to_be_visible()


@pytest.mark.long_run
def test_a_page_whose_code_does_not_come_says_so_and_comes_when_asked_again(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/", AUDITOR)
    address = re.compile(rf"{PATH}/(assets/.*/households\.js|)$")
    page.route(address, no_answer)
    page.get_by_role("link", name="农户", exact=True).click()
    panel = failed(page, "away")
    expect(panel).to_be_visible()
    page.unroute(address)
    panel.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("农户")


@pytest.mark.long_run
def test_a_console_that_begins_without_its_server_says_so(sample: SampleHouse, page: Page) -> None:
    session = re.compile(rf"{PATH}/bff/session$")
    page.route(session, no_answer)
    sample.sign_in(page.context, AUDITOR)
    page.goto(f"{sample.url}{PATH}/")
    expect(failed(page, "away")).to_be_visible()
    page.unroute(session)
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("待办")


def answer_with(content: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=200, content_type="application/json", body=content)


@pytest.mark.long_run
def test_an_answer_that_a_page_cannot_use_is_not_shown_as_an_empty_list(
    sample: SampleHouse, context: BrowserContext
) -> None:
    page = context.new_page()  # not `page`: this page's script does go wrong
    no_page = '{"counts": {"due": 5}, "first": {"due": {"items": 5, "next": null}}, "today": "2020-06-01"}'
    page.route(re.compile(r"/inbox/counts\?"), answer_with(no_page))
    sample.open(page, "/", AUDITOR)
    expect(refusal(page, "page_failed").first).to_be_visible()
    expect(page.locator("header .name")).to_be_visible()
