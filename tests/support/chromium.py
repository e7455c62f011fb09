"""A real browser for tests: Debian's Chromium, driven by Playwright's wheel, which downloads no browser of its own.

Its headless shell is the same engine without the browser's own window, whose address bar alone is a page of a hundred scripts:
that takes 0.3 s of a processor for each tab, of the processors that the house under test runs on."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

PROGRAM = "chromium-headless-shell"
PACKAGES = (PROGRAM, "fonts-noto-cjk")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Ended with the block: while it runs, no other event loop can be started in this thread. Fails, never skips."""
    with sync_playwright() as playwright:
        # No sandbox: it wants rights that root in a container lacks, and only this house's own pages are opened.
        browser = playwright.chromium.launch(
            executable_path=_program(), args=["--no-sandbox"], env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        yield browser
        browser.close()


def _program() -> str:
    if shutil.which(PROGRAM) is None and os.geteuid() == 0 and shutil.which("apt-get") is not None:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        with open(Path(tempfile.gettempdir()) / "lika-test-chromium-apt", "w") as installing:
            fcntl.flock(installing, fcntl.LOCK_EX)
            for arguments in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
                subprocess.run(["apt-get", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    found = shutil.which(PROGRAM) or shutil.which("chromium")  # which does as well, only slower
    if found is None:
        pytest.fail(f"Chromium is missing: apt-get install {' '.join(PACKAGES)}")
    return found
