"""A walk over all pages, from the navigation along the links that pages show, with what must hold on each of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from lika.demo.officials import AUDITOR, HATS, TOWNSHIP_REVIEWER, Official
from services.console.cookies import PATH
from tests.browser.conftest import PHONE, WIDE, SampleHouse, settled
from tests.browser.routes import page_of, patterns
from tests.browser.traces import Traces
from tests.support.long_run import LONG

AXE = Axe()
LIKE_THOSE_BEFORE = "main :is(tr, li, details, article, option):nth-child(n+7)"
"""Of a list or a table the lines after the first six."""
LOOKED_AT = None if LONG else {"exclude": [[LIKE_THOSE_BEFORE]]}
"""What axe looks at: everything in the long run; most of its time goes into lines that are like one another."""
LINKS = f"[...document.querySelectorAll('a[href^=\"{PATH}/\"]')].map(a => a.getAttribute('href').slice({len(PATH)}))"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => [...document.querySelectorAll('main *, header *, nav *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table, .tabs, .grid, .unseen'))
  .slice(0, 3).map(e => e.tagName + '.' + e.className)"""


@dataclass(frozen=True)
class Seat:
    """In what language and at what size somebody looks."""

    language: str
    size: tuple[int, int]


SEATS = (Seat("zh", WIDE), Seat("en", PHONE), Seat("en", WIDE), Seat("zh", PHONE))
TRIES = 8
"""Refusals after which a page counts as refused: one household or act is like the other, and there are hundreds of links."""
ENLARGED = Seat("zh", (320, 200))
"""1280 × 800 at 400 % (WCAG 2.2, 1.4.10)."""


@dataclass
class Walk:
    """``seen``: page → an address of it and a hat that may read it. ``wrong``: what did not hold, and where."""

    sample: SampleHouse
    context: BrowserContext
    page: Page
    traces: Traces
    hats: Sequence[Official] = tuple(dict.fromkeys((TOWNSHIP_REVIEWER, AUDITOR, *HATS)))
    seen: dict[str, tuple[str, Official]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def over_every_page(self, seats: Sequence[Seat] = SEATS) -> None:
        """Each page once, at the seats in turn; along links, so that a page that none leads to is wrong as well. Who sees
        other work finds other links: hats are changed as long as a page is missing."""
        known = patterns()
        waiting = [(path, hat) for hat in self.hats for path in known if ":" not in path]
        refused: Counter[str] = Counter()
        while waiting and len(self.seen) < len(known):
            path, hat = next((each for each in waiting if page_of(each[0]) not in self.seen), waiting[0])
            waiting.remove((path, hat))
            page = page_of(path)
            if page is None or refused[page] >= TRIES or (":" in page and page in self.seen):
                continue
            if not self.open(path, hat, seats[len(self.seen) % len(seats)]):
                refused[page] += 1
                self.refused[page] = self.where
                continue
            if page not in self.seen:
                self.seen[page] = (path, hat)
                self.check()
            found = dict.fromkeys(self.page.evaluate(LINKS))
            waiting += [(link, hat) for link in found if ":" in (page_of(link) or "")]
        self.wrong += [
            f"{page}: no link leads there, or {self.refused.get(page)}" for page in known if page not in self.seen
        ]

    def open(self, path: str, hat: Official, seat: Seat) -> bool:
        """Whether the hat may read it: a refusal of rights is content of another test."""
        self.where = f"{path} ({hat.subject}, {seat.language}, {seat.size[0]})"
        self.page.set_viewport_size({"width": seat.size[0], "height": seat.size[1]})
        self.page.evaluate(
            "([hat, language]) => { sessionStorage['lika-account'] = hat; localStorage['lika-language'] = language }",
            [hat.subject, seat.language],
        )
        self.heard.clear()
        self.page.goto(f"{self.sample.url}{PATH}{path}")
        settled(self.page)
        return self.page.locator("main :is(.refusal, .empty)[data-code]").count() == 0

    def check(self) -> None:
        self._must(self.page.locator("h1").count() == 1, "not one h1")
        heading, title = self.page.locator("h1").first.inner_text(), self.page.title()
        self._must(heading.strip() != "", "an empty h1")
        self._must(title.endswith(" · 立卡 Lika") and not title.startswith(" "), f"title {title!r}")
        self._must(self.heard == [], f"heard {self.heard}")
        self.check_width()
        self.traces.look()
        for violation in AXE.run(self.page, context=LOOKED_AT).response["violations"]:
            nodes = [(node["html"][:160], node["failureSummary"][:200]) for node in violation["nodes"][:2]]
            self._must(False, f"{violation['id']} × {len(violation['nodes'])}: {nodes}")

    def check_width(self) -> None:
        over = self.page.evaluate(OVERFLOW)
        self._must(over <= 0, f"{over} px too wide: {self.page.evaluate(WIDEST) if over > 0 else ''}")

    def _must(self, held: bool, what: str) -> None:
        if not held:
            self.wrong.append(f"{self.where}: {what}")

    where: str = ""


@contextmanager
def walking(sample: SampleHouse, browser: Browser) -> Iterator[Walk]:
    """In one tab that is signed in as all of them."""
    with browser.new_context(locale="zh-CN") as context:
        sample.sign_in(context, *HATS)
        page = context.new_page()
        walk = Walk(sample, context, page, Traces(page))

        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
                walk.heard.append(message.text)

        def failed(request: Request) -> None:
            if request.failure != "net::ERR_ABORTED":  # that the page before no longer waits for
                walk.heard.append(f"{request.failure} {request.url}")

        def answered(response: Response) -> None:
            if response.status >= 400:
                walk.heard.append(f"{response.status} {response.url}")

        page.on("console", said)
        page.on("pageerror", lambda error: walk.heard.append(str(error)))
        page.on("requestfailed", failed)
        page.on("response", answered)
        page.goto(f"{sample.url}{PATH}/sign-in")
        yield walk
