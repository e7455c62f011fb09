"""The pages of a list, asked for one after the other as its caller would, so that a file has what they have and no more."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from anyio import from_thread
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Scope

from services.chassis.web.paging import LARGEST_PAGE
from services.chassis.web.position_tokens import HEADER

NOT_PASSED_ON = frozenset({b"accept", b"accept-language", b"range", HEADER.lower().encode()})
"""Headers that say how the file is asked for; positions were waited for before the first page."""

Answer = list[Message]


class NoPage(Exception):
    """The list refused: ``answer`` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("no page")
        self.answer = answer


def items_of(app: ASGIApp, scope: Scope, read: Callable[[int], None]) -> Iterator[list[dict[str, Any]]]:
    """The items of each page. ``read``: told how many there are so far. Blocking, for a worker thread; the application runs in
    this thread's context. Raises ``NoPage``."""
    asked = QueryParams(scope["query_string"]).multi_items()
    cursor, count = None, 0
    while True:
        query = [*asked, ("limit", str(LARGEST_PAGE)), *([("cursor", cursor)] if cursor is not None else [])]
        page = from_thread.run(_page, app, scope, urlencode(query).encode())
        count += len(page["items"])
        read(count)
        yield page["items"]
        cursor = page["next"]
        if cursor is None:
            return


async def _page(app: ASGIApp, scope: Scope, query: bytes) -> dict[str, Any]:
    answer: Answer = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        answer.append(message)

    headers = [(name, value) for name, value in scope["headers"] if name not in NOT_PASSED_ON]
    await app({**scope, "query_string": query, "headers": headers}, receive, send)
    start, *parts = answer
    if start["status"] != 200:
        raise NoPage(answer)
    found: dict[str, Any] = json.loads(b"".join(part.get("body", b"") for part in parts))
    return found
