"""The sample township in a house of its own, the same for every worker of the run, and a real browser before it.

How to write a journey here, cheaply:

- ``page``: a tab of a browser that nobody has used yet, 1280 px wide; what the page's script does wrong fails the test.
  ``phone``: the same at 360 px, touched instead of clicked.
- ``sample.open(page, "/households", AUDITOR)`` signs in as these officials (the first is in front), opens the page and waits
  until what it reads has come. ``sample.sign_in(context, …)`` and ``page.goto`` do the halves.
- All tests of all workers share the house: whoever records something takes a household of their own.
- Playwright's synchronous interface keeps an event loop running in its thread. The browser therefore lives as long as a
  module, and no fixture of a longer life may hold a page.
- A test costs 0.3 s, a module 1 s more. All of ``tests/browser`` together may cost ``make test`` 25 s: what is longer, or walks
  through everything, carries ``@pytest.mark.long_run`` and belongs to ``make faults``.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from lika.demo.officials import Official
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token
from services.console.cookies import PATH
from services.console.sealing import Seal
from services.console.sessions import Session, Sessions
from tests.support.chromium import chromium
from tests.support.sample import ToldSample, run_name, shared_house

NOTHING_AWAITED = """() => [...document.querySelectorAll('main .skeleton, main [aria-busy=true]')]
  .every(each => !each.checkVisibility())"""
"""What is folded away is read when it is opened."""
WIDE, PHONE = (1280, 800), (360, 740)


@dataclass(frozen=True)
class SampleHouse:
    """``link``: printed at the start, good once."""

    url: str
    link: str
    folder: Path

    def sign_in(self, context: BrowserContext, *officials: Official) -> None:
        """As these officials, the first in front, as the link or an identity provider would."""
        key, sessions = (
            LocalKey.at(self.folder / "keys" / SIGNING_KEY),
            Sessions(Seal.of(Settings(data_dir=self.folder))),
        )
        now = SystemClock().now()
        if len(officials) > 1:  # a tab of several asks; tabs of a test have chosen the first
            account = json.dumps(officials[0].subject)
            context.add_init_script(f"sessionStorage['lika-account'] ??= {account}")
        for place, official in enumerate(officials):
            life = timedelta(hours=2, minutes=-place)
            token = issue_token(
                key, subject=official.subject, roles=[official.role], division=official.division, ttl=life, now=now,
            )  # fmt: skip
            cookie = sessions.cookie({"scheme": "http"}, Session(official.subject, token, now + life), now)
            name, _, value = cookie.split(";")[0].partition("=")
            context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": PATH, "httpOnly": True}])

    def open(self, page: Page, path: str, *officials: Official) -> None:
        """This page of the console, as these officials where any are named, with what it reads."""
        self.sign_in(page.context, *officials)
        page.goto(f"{self.url}{PATH}{path}")
        settled(page)


def settled(page: Page) -> None:
    """Until the page has its heading, or is refused or empty, and waits for nothing any more."""
    page.locator("main h1, main .refusal, main .empty").first.wait_for()
    page.wait_for_function(NOTHING_AWAITED)


@pytest.fixture(scope="package")
def sample(told: ToldSample) -> Iterator[SampleHouse]:
    """One for all browser tests of the run: what one of them records, the others see. It ends with the last of them."""
    with shared_house(run_name()) as (url, link, folder):
        yield SampleHouse(url, link, folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="zh-CN") as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Of nobody yet. What the page's own script does wrong fails the test."""
    yield from _watched(context)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """``page`` on a phone."""
    width, height = PHONE
    with browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    ) as opened:
        yield from _watched(opened)


def _watched(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    broken: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # The browser's own lines about answers that were no success are the test's matter.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            broken.append(message.text)

    opened.on("pageerror", lambda error: broken.append(str(error)))
    opened.on("console", heard)
    yield opened
    opened.unroute_all(behavior="ignoreErrors")  # what is on its way when the page closes has nobody to answer
    assert broken == []
