"""How long until somebody reads: the largest paint of pages of the sample in a real browser, here and on a slow phone, and the
time from a key to the picture that answers it. Floor: a bare page with the same heading, from a server that does nothing else."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import quantiles
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from lika.demo.officials import AUDITOR, TOWNSHIP_REVIEWER
from services.console.cookies import PATH
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.browser.conftest import SampleHouse, settled
from tests.support.chromium import chromium
from tests.support.sample import run_name, shared_house

FAST_3G: dict[str, Any] = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 180_000,
    "uploadThroughput": 84_375,
}
"""As Chromium's developer tools have it: ms, bytes/s."""
SLOWER = 4
KEYS = 20
BARE = "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>立卡</title><h1>待办</h1>"
LARGEST_PAINT = """() => new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime))
  .observe({ type: 'largest-contentful-paint', buffered: true }))"""
WATCH_KEYS = """() => { window.answered = []; new PerformanceObserver(list => list.getEntries().forEach(
  entry => entry.name === 'keydown' && window.answered.push(entry.duration))).observe({ type: 'event', durationThreshold: 16 }) }"""
ROWS_PAINTED = """count => new Promise(resolve => {
  const answered = () => Math.max(...performance.getEntriesByType('resource').filter(each => each.name.includes('/registry/households'))
    .map(each => each.responseEnd)), painted = new MessageChannel()
  painted.port1.onmessage = () => resolve(performance.now() - answered())
  const look = () => document.querySelectorAll('main tbody tr').length < count
    ? requestAnimationFrame(look) : painted.port2.postMessage(null); look() })"""
"""What a frame posts comes when the frame is drawn; the next frame would begin up to 16 ms later."""


@contextmanager
def pages(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with shared_house(run_name()) as (url, link, folder), _bare_page() as bare, chromium() as browser:
        house = SampleHouse(url, link, folder)
        inbox = f"{url}{PATH}/"
        with _phone(house, browser) as phone:
            yield {
                "inbox": partial(_first_open, house, browser, inbox),
                "inbox on a slow phone, again": partial(_slowly, phone, inbox),
                "bare page": partial(_first_open, house, browser, bare),
                "bare page on a slow phone, again": partial(_slowly, phone, bare),
                "slider": partial(_slider, house, browser),
                "200 rows": partial(_rows, house, browser),
                "ms": _one,
            }


def _one() -> float:
    return 1.0


def _first_open(house: SampleHouse, browser: Browser, address: str) -> float:
    """Nothing of it in the browser yet."""
    with browser.new_context() as context:
        house.sign_in(context, TOWNSHIP_REVIEWER)
        return _largest_paint(context.new_page(), address)


def _largest_paint(page: Page, address: str) -> float:
    page.goto(address)
    if PATH in address:
        settled(page)
    painted: float = page.evaluate(LARGEST_PAINT)
    return painted


@contextmanager
def _phone(house: SampleHouse, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True) as context:
        house.sign_in(context, TOWNSHIP_REVIEWER)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", FAST_3G)
        yield page


def _slowly(phone: Page, address: str) -> float:
    """Slowed for as long as that takes: a browser slows a tab by keeping a processor busy, at rest as well."""
    devtools = phone.context.new_cdp_session(phone)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    painted = _largest_paint(phone, address)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    devtools.detach()
    return painted


def _slider(house: SampleHouse, browser: Browser) -> float:
    """From the arrow key on the knowledge slider to the next paint: the 98th of 100, as browsers report it (INP)."""
    with browser.new_context() as context:
        page = _household(house, context)
        page.evaluate(WATCH_KEYS)
        slider = page.locator("input[type=range]").last
        slider.focus()
        for key in ("ArrowLeft", "ArrowRight"):
            for _ in range(KEYS // 2):
                page.keyboard.press(key)
        page.evaluate("() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))")
        taken: list[float] = page.evaluate("window.answered")
        return quantiles([16.0, *taken, *[16.0] * (KEYS - len(taken))], n=50)[-1]


def _household(house: SampleHouse, context: BrowserContext) -> Page:
    """The sample's longest history: who fell back and was taken in again."""
    house.sign_in(context, AUDITOR)
    headers = {"Lika-Account": AUDITOR.subject}
    listed = context.request.get(f"{house.url}{PATH}/api/registry/households?status=returned&limit=1", headers=headers)
    page = context.new_page()
    house.open(page, f"/households/{listed.json()['items'][0]['household_id']}")
    return page


def _rows(house: SampleHouse, browser: Browser) -> float:
    """From the answer's last byte to the paint of as many rows as a page of a list may have."""
    with browser.new_context() as context:
        house.sign_in(context, AUDITOR)
        page = context.new_page()
        page.goto(f"{house.url}{PATH}/households?limit=200")
        taken: float = page.evaluate(ROWS_PAINTED, 200)
        return taken


class _BareHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(BARE.encode())

    def log_message(self, *_: object) -> None:  # a line for each would stand in the table
        pass


class _BareServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:  # a browser that left does not wait for its answer
        pass


@contextmanager
def _bare_page() -> Iterator[str]:
    with _BareServer(("127.0.0.1", 0), _BareHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


PAGES = Benchmark("pages", pages)
