"""The console's pages, as their folders say them: a page that lands later is here by itself."""

import re
from functools import cache
from pathlib import Path

import services.console

PAGES = Path(services.console.__file__).parent / "web" / "src" / "pages"
PATH = re.compile(r"""\bpath:\s*["'`]([^"'`]+)["'`]""")
NOWHERE = "/nowhere"
"""Of the page for addresses that are none."""


@cache
def patterns() -> list[str]:
    """As vue-router takes them: ``/households/:id``."""
    found = [path for file in sorted(PAGES.glob("*/route.ts")) for path in PATH.findall(file.read_text("utf-8"))]
    assert found
    return [NOWHERE if "(.*)" in path else path for path in found]


def shows(pattern: str, path: str) -> bool:
    """Whether this address, without its query, is that page's."""
    expression = re.sub(r":\w+(\([^)]*\))?", lambda found: found[1] or "[^/]+", pattern)
    return re.fullmatch(expression, path) is not None


@cache
def page_of(path: str) -> str | None:
    """The page that an address opens: one that is said in full goes before one with a part left open."""
    fitting = [pattern for pattern in patterns() if shows(pattern, path.partition("?")[0])]
    return min(fitting, key=lambda pattern: pattern.count(":"), default=None)
