"""The sample township in a house of its own, as ``make run`` starts it, and a real browser before it."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lika.demo.officials import Official
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token
from services.console.cookies import PATH
from services.console.sealing import Seal
from services.console.sessions import Session, Sessions
from tests.support.chromium import chromium

LINK = re.compile(r"(http://\S+?)/sign-in/\S+")
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
        for place, official in enumerate(officials):
            life = timedelta(hours=2, minutes=-place)
            token = issue_token(
                key, subject=official.subject, roles=[official.role], division=official.division, ttl=life, now=now,
            )  # fmt: skip
            cookie = sessions.cookie({"scheme": "http"}, Session(official.subject, token, now + life), now)
            name, _, value = cookie.split(";")[0].partition("=")
            context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": PATH, "httpOnly": True}])


@pytest.fixture(scope="session")
def sample() -> Iterator[SampleHouse]:
    """One for all of a worker's browser tests: what one of them records, the others see."""
    with tempfile.TemporaryDirectory(prefix="lika-browser-") as folder:
        Path(folder).chmod(0o711)  # the database's own account passes through
        data = Path(folder) / "data"
        environment = {**os.environ, "LIKA_DATA_DIR": str(data), "LIKA_OPERATIONS_PORT": "0", "COLUMNS": "200"}
        for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
            environment.pop(name, None)
        house = subprocess.Popen(
            [sys.executable, "-m", "lika.cli", "up", "--sample", "--port", "0"],
            cwd=folder, env=environment, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert house.stderr is not None
        said = ""
        for line in house.stderr:
            said += line
            if (found := LINK.search(line)) is not None:
                yield SampleHouse(found[1], found[0], data)
                break
        else:
            pytest.fail(f"the house did not start:\n{said}")
        house.terminate()
        house.communicate(timeout=60)


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
    opened = context.new_page()
    broken: list[str] = []
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    assert broken == []
