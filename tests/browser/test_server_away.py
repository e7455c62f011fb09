"""The house is killed under an open page and started again."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from lika.demo.officials import TOWNSHIP_REVIEWER
from tests.browser.conftest import SampleHouse, settled
from tests.browser.test_resilience import content_of
from tests.support.sample import ToldSample, start_house

pytestmark = pytest.mark.long_run


@pytest.fixture
def data(told: ToldSample) -> Iterator[Path]:
    """A copy of the sample of one's own; short, for sockets."""
    with tempfile.TemporaryDirectory(prefix="lika-away-") as folder:
        Path(folder).chmod(0o711)
        told.copy_to(Path(folder) / "house")
        yield Path(folder) / "house"


def test_a_page_outlives_its_server_and_the_session_goes_on(data: Path, context: BrowserContext) -> None:
    log = data.with_name("house.log")
    url, link, house = start_house(data, log)
    page = context.new_page()  # not `page`: an answer that breaks off is an error of the browser
    try:
        page.clock.install()
        SampleHouse(url, link, data).open(page, "/", TOWNSHIP_REVIEWER)
        content = content_of(page)
        house.kill()
        house.wait()
        page.clock.fast_forward(61_000)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
        page.clock.run_for(5_000)
        notice = page.locator("[data-notice=outdated]")
        expect(notice).to_contain_text("连接不上系统")
        assert content_of(page) == content
        _, _, house = start_house(data, log, "--port", url.rpartition(":")[2])
        notice.get_by_role("button").click()
        expect(notice).to_be_hidden(timeout=30_000)
        settled(page)
        assert content_of(page) == content
    finally:
        house.send_signal(signal.SIGTERM)
        house.wait(60)
