"""What a browser and the server keep of a visit beside the pages themselves, to be searched for what must not be there."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, Request, Response

from services.console.cookies import PATH

KEPT = """async () => ({
  localStorage: JSON.stringify(localStorage), sessionStorage: JSON.stringify(sessionStorage), cookies: document.cookie,
  history: JSON.stringify(history.state),
  databases: (await indexedDB.databases()).map(each => each.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


@dataclass
class Traces:
    """Of one page, from now on. ``cached``: answers of services that a browser or a proxy might keep."""

    page: Page
    places: dict[str, list[str]] = field(default_factory=lambda: {"address": [], "title": [], "console": []})
    cached: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.page.on("framenavigated", lambda frame: self.places["address"].append(frame.url))
        self.page.on("console", lambda message: self.places["console"].append(message.text))

    def look(self) -> None:
        """At what stands now."""
        self.places["title"].append(self.page.title())
        kept = self.page.evaluate(KEPT)
        assert (kept["databases"], kept["caches"], kept["workers"]) == ([], [], 0)
        self.places.setdefault("storage", []).append(json.dumps(kept, ensure_ascii=False))

    def found(self, values: Iterable[str], logs: Iterable[Path]) -> list[str]:
        """The places where one of these stands, never the value itself."""
        texts = {place: "\n".join(lines) for place, lines in self.places.items()}
        texts |= {log.name: log.read_text("utf-8") for log in logs}
        wanted = set(values)
        return [place for place, text in texts.items() if any(value in text for value in wanted)]

    def _request(self, request: Request) -> None:
        self.places["address"].append(request.url)
        self.places["address"].append(request.headers.get("referer", ""))

    def _response(self, response: Response) -> None:
        if f"{PATH}/api/" in response.url and "no-store" not in response.headers.get("cache-control", ""):
            self.cached.append(response.url)
