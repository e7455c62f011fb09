"""Answers that are read while a service catches up with a log - after its start, or when much has come at once - say that
they are provisional, and how far they are: ``Lika-Provisional: registry=123/4567``. Refusals say so, too: what is not
found yet may be among what is still to come."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import MappingProxyType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "Lika-Provisional"
READS_VIEWS = "lika.reads_views"
"""Key in the ASGI scope of a request whose answer rests on what was read of the logs."""

Progress = tuple[int, int | None]
"""How far answers reflect a log, and where it ended when that was last looked at; ``None``: not looked at yet."""

behind_at_request: ContextVar[Mapping[str, Progress]] = ContextVar("behind_at_request", default=MappingProxyType({}))
"""What the header of the answer to this request is made of, for answers that say in their body that they may change."""


def format_progress(behind: Mapping[str, Progress]) -> str:
    """As a header's value: ``registry=123/4567, assistance=0/?``."""
    return ", ".join(f"{log}={position}/{'?' if head is None else head}" for log, (position, head) in behind.items())


class ProvisionalHeader:
    """ASGI middleware. ``catching_up``: the logs that answers do not reflect to the end yet; none in the long run."""

    def __init__(self, app: ASGIApp, catching_up: Callable[[], Mapping[str, Progress]]) -> None:
        self.app, self.catching_up = app, catching_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Looked at before anything is read: what is read is as far as this, or farther.
        behind = self.catching_up() if scope["type"] == "http" else {}
        behind_at_request.set(behind)
        if not behind:
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and scope.get(READS_VIEWS):
                header = HEADER.lower().encode(), format_progress(behind).encode()
                message["headers"] = [*message["headers"], header]
            await send(message)

        await self.app(scope, receive, told)
