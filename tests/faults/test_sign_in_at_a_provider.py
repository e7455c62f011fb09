"""Signing in at a real identity provider, in a real browser before the real house: there, back to the page that was asked for, out
again at both, and every way in which it can go wrong."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lika.databases import databases
from lika.house import build
from lika.http_server import Server
from services.chassis.ground.oidc_settings import OidcSettings
from services.chassis.ground.settings import Settings
from tests.support.chromium import chromium
from tests.support.identity_provider import (
    CLIENT,
    PASSWORD,
    REVIEWER,
    SECRET,
    WITHOUT_POST,
    Keycloak,
    free_port,
    keycloak,
)

pytestmark = pytest.mark.long_run
PORT = free_port()
URL = f"http://127.0.0.1:{PORT}"


@pytest.fixture(scope="module")
def provider() -> Iterator[Keycloak]:
    with keycloak(URL) as running:
        yield running


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lika-oidc-") as made:
        Path(made).chmod(0o711)  # the database's own account passes through
        yield Path(made)


@pytest.fixture(scope="module")
def house(provider: Keycloak, folder: Path) -> Iterator[str]:
    with running(folder, provider, SECRET):
        yield URL


@contextmanager
def running(folder: Path, provider: Keycloak, secret: str) -> Iterator[None]:
    file = folder / "client-secret"
    file.touch(0o600)
    file.write_text(secret)
    settings = Settings(
        data_dir=folder / "data", database_url=None, jwks_url=provider.keys, token_issuer=provider.issuer,
        oidc=OidcSettings(issuer=provider.issuer, client_id=CLIENT, client_secret_file=file, console_url=URL),
    )  # fmt: skip
    with databases(settings) as conninfo, Server(build(settings, conninfo, None), "127.0.0.1", PORT):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(locale="zh-CN") as opened:
        opened.set_default_timeout(120_000)  # a provider that has just started takes its time
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sign_in_there(page: Page, account: str) -> None:
    """In the provider's own form."""
    page.locator("#username").fill(account)
    page.locator("#password").fill(PASSWORD)
    page.locator("#kc-login").click()


def to_the_provider(page: Page, path: str = "/console/") -> None:
    page.goto(f"{URL}{path}")
    page.get_by_role("link", name="到身份平台登录").click()


def test_who_signs_in_there_is_led_back_to_the_page_that_was_asked_for(
    house: str, page: Page, context: BrowserContext
) -> None:
    to_the_provider(page, "/console/households?status=registered")
    sign_in_there(page, REVIEWER)
    page.wait_for_url(f"{URL}/console/households?status=registered")
    expect(page.locator("body")).to_contain_text(REVIEWER)
    session = page.evaluate("fetch('/console/bff/session').then((answer) => answer.json())")
    assert [(hat["account"], hat["roles"], hat["division"]) for hat in session["hats"]] == [
        (REVIEWER, ["reviewer"], "990001")
    ]
    asked = "fetch('/console/api/registry/access', {headers: {'Lika-Account': '%s'}}).then((answer) => answer.status)"
    assert (page.evaluate(asked % REVIEWER), page.evaluate(asked % "another")) == (200, 401)
    (kept,) = (cookie for cookie in context.cookies(f"{URL}/console/") if cookie["name"].startswith("lika-"))
    assert (kept["httpOnly"], kept["sameSite"], kept["path"]) == (True, "Lax", "/console")
    shown = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, location.href])")
    assert "eyJ" not in shown


def test_signing_out_ends_the_session_there_too(house: str, page: Page) -> None:
    to_the_provider(page)
    sign_in_there(page, REVIEWER)
    page.wait_for_url(f"{URL}/console/")
    page.get_by_role("button", name="退出").first.click()
    page.locator("#kc-logout").click()
    page.wait_for_url(f"{URL}/console/sign-in")
    assert page.evaluate("fetch('/console/bff/session').then((answer) => answer.json())")["hats"] == []
    page.get_by_role("link", name="到身份平台登录").click()
    expect(page.locator("#password")).to_be_visible()  # who is asked for a password has no session


def test_who_is_signed_in_there_needs_no_password_for_a_new_session(
    house: str, page: Page, context: BrowserContext
) -> None:
    to_the_provider(page)
    sign_in_there(page, REVIEWER)
    page.wait_for_url(f"{URL}/console/")
    context.clear_cookies(name=re.compile("^lika-"))
    to_the_provider(page, "/console/households")
    page.wait_for_url(f"{URL}/console/households")


def test_an_account_without_a_post_is_told_whom_to_ask(house: str, page: Page) -> None:
    to_the_provider(page)
    sign_in_there(page, WITHOUT_POST)
    page.wait_for_url("**/console/provider/callback?*")
    expect(page.locator("body")).to_contain_text("sign_in_without_post")
    expect(page.locator("body")).to_contain_text("身份平台没有说明您的岗位")
    page.get_by_role("link", name="重新登录").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录")


def test_an_answer_that_another_browser_asked_for_opens_nothing(house: str, page: Page, browser: Browser) -> None:
    page.goto(f"{URL}/console/provider/sign-in")
    with page.expect_request("**/console/provider/callback?*") as answered:
        sign_in_there(page, REVIEWER)
    with browser.new_context(locale="zh-CN") as other:
        theirs = other.new_page()
        theirs.goto(answered.value.url)
        expect(theirs.locator("body")).to_contain_text("sign_in_not_begun_here")
        # By the context: the page itself may load nothing.
        assert other.request.get(f"{URL}/console/bff/session").json()["hats"] == []


def test_a_provider_that_goes_away_within_is_said_in_both_languages(house: str, page: Page, provider: Keycloak) -> None:
    page.goto(f"{URL}/console/provider/sign-in")
    state = parse_qs(urlsplit(page.url).query)["state"][0]
    provider.stop()
    told = page.goto(f"{URL}/console/provider/callback?{urlencode({'code': 'any', 'state': state})}")
    assert told is not None
    assert told.status == 503
    for expected in ("identity_provider_unreachable", "暂时连接不上身份平台", "cannot be reached"):
        expect(page.locator("body")).to_contain_text(expected)
