"""What a browser keeps of the pages that somebody read: the heap of a tab that is left open all day. Floor: the same tab after
its first pages, when every script that it needs is loaded."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from operator import ne
from typing import Any

from playwright.sync_api import CDPSession, Page

from lika.demo.officials import AUDITOR
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.browser.conftest import SampleHouse, settled
from tests.support.chromium import chromium
from tests.support.sample import run_name, shared_house

ANSWERS_KEPT = 61_000
"""ms: a little longer than answers that no page shows are kept."""


@contextmanager
def browser_heap(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with shared_house(run_name()) as (url, link, folder), chromium() as browser, browser.new_context() as context:
        page = context.new_page()
        page.clock.install()
        SampleHouse(url, link, folder).open(page, "/households?limit=10", AUDITOR)
        devtools = context.new_cdp_session(page)
        yield {
            "first 10 pages": partial(_kept, page, devtools, 10),
            "50 pages more": partial(_kept, page, devtools, 50),
        }


def _kept(page: Page, devtools: CDPSession, pages: int) -> float:
    """MB, once as many pages more were read: a page of the list and a household of it in turns."""
    for _ in range(pages // 2):
        page.locator("tbody a").first.click()
        page.wait_for_url("**/households/*")
        settled(page)
        page.go_back()
        page.wait_for_url("**/households?*")
        settled(page)
        another = partial(ne, page.url)
        page.locator(".paging .next").click()
        page.wait_for_url(another)
        settled(page)
    page.clock.fast_forward(ANSWERS_KEPT)
    devtools.send("HeapProfiler.collectGarbage")
    usage: dict[str, Any] = devtools.send("Runtime.getHeapUsage")
    return float(usage["usedSize"]) / 1_000_000


BROWSER_HEAP = Benchmark("browser heap", browser_heap, rounds=1, warm=0)
