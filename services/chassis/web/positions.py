"""Position tokens: a command says how far its log has come, and a read given the token waits until it has seen that."""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

import anyio
from fastapi import Depends, Header, Request
from pydantic import Field

from services.chassis.ground.refusals import Refused, Unavailable, rule
from services.chassis.web.provisional import READS_VIEWS

HEADER = "Lika-Position"
LARGEST = 2**63 - 1
MOST_LOGS = 16
POLL = 0.02
"""Seconds between two looks; a look costs a dictionary access or one indexed row."""

_ENTRY = re.compile(r"\s*([a-z][a-z0-9_-]{0,30})=([0-9]{1,19})\s*", re.ASCII)

Positions = Mapping[str, int]
"""Log name → position in it; 0 is before the first event."""

PositionToken = dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")], Annotated[int, Field(ge=0, le=LARGEST)]]
"""The token as JSON, for bodies and answers."""

BAD_POSITION = rule(
    "bad_position",
    zh="位置标记的写法应为“日志=位置, 日志=位置”。",
    en="A position token is written log=position, log=position.",
    source="Lika interface rules",
    status=422,
)
NOT_REACHED = rule(
    "position_not_reached",
    zh="数据尚未更新到所要求的位置，请稍后再试。",
    en="The answer has not yet caught up with the position asked for; try again shortly.",
    source="Lika interface rules",
    status=503,
)


def parse_positions(text: str | None) -> dict[str, int]:
    """The token in a header; nothing sent is an empty token. Raises ``Refused`` (422)."""
    found: dict[str, int] = {}
    if text is None or not text.strip():
        return found
    for part in text.split(",", MOST_LOGS):
        match = _ENTRY.fullmatch(part)
        if match is None or match[1] in found or int(match[2]) > LARGEST:
            raise Refused(BAD_POSITION)
        found[match[1]] = int(match[2])
    return found


def format_positions(positions: Positions) -> str:
    """The token as a header's value: ``registry=123, assistance=4``."""
    return ", ".join(f"{log}={position}" for log, position in positions.items())


def later_of(one: Positions, other: Positions) -> dict[str, int]:
    """A token that waits for both."""
    return {log: max(one.get(log, 0), other.get(log, 0)) for log in {**one, **other}}


async def asked_positions(
    request: Request,
    token: Annotated[
        str | None,
        Header(alias=HEADER, description="等待数据更新到此位置 / wait until the answer has seen these positions"),
    ] = None,
) -> dict[str, int]:
    """FastAPI dependency of every read."""
    request.scope[READS_VIEWS] = True
    return parse_positions(token)


AskedPositions = Annotated[dict[str, int], Depends(asked_positions)]

Waits = Callable[[Positions], Awaitable[None]]
"""Waits until a service's answers reflect the positions asked for."""

Reached = Callable[[str], Awaitable[int | None] | int | None]
"""Log name → how far this service has seen it; ``None`` when no answer of this service depends on that log."""


async def wait_for(positions: Positions, reached: Reached, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - answers 503
    """Return when every named log has been seen that far. Holds neither thread nor connection between looks.

    Raises ``Unavailable`` (503) after ``timeout`` seconds, naming the logs that lag.
    """
    missing = dict(positions)
    deadline = anyio.current_time() + timeout
    while True:
        for log in list(missing):
            answer = reached(log)
            seen = await answer if inspect.isawaitable(answer) else answer
            if seen is None or seen >= missing[log]:
                del missing[log]
        if not missing:
            return
        if anyio.current_time() >= deadline:
            raise Unavailable(NOT_REACHED, retry_after=1, logs=sorted(missing))
        await anyio.sleep(POLL)
