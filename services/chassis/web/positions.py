"""Position tokens: a command says how far its log has come, and a read given the token waits until it has seen that."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Annotated

import anyio
from fastapi import Depends, Header, Request

from services.chassis.ground.refusals import Unavailable, rule
from services.chassis.web.position_tokens import HEADER, Positions, parse_positions
from services.chassis.web.provisional import READS_VIEWS

FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.02
"""Seconds between two looks, each pause twice the one before: most often a view follows within milliseconds. A look costs a
dictionary access or one indexed row."""

NOT_REACHED = rule(
    "position_not_reached",
    zh="数据尚未更新到所要求的位置，请稍后再试。",
    en="The answer has not yet caught up with the position asked for; try again shortly.",
    source="Lika interface rules",
    status=503,
)


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
    deadline, pause = anyio.current_time() + timeout, FIRST_PAUSE
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
        await anyio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
