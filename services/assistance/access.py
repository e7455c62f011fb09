"""Who reads in this service, how far a reader's area reaches, and read-your-writes."""

from collections.abc import Mapping
from typing import Annotated

import anyio
from fastapi import Depends, Query

from contracts.roles import Role
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import require

Reader = Annotated[Actor, Depends(require(Role.CADRE, Role.REVIEWER, Role.DECIDER, Role.ANALYST, Role.AUDITOR))]
DivisionPrefixParam = Annotated[str, Query(pattern=r"^[0-9]{0,12}$", description="区划代码前缀 / division prefix")]


def division_in_scope(asked: str, actor: Actor) -> str:
    """The narrower of what is asked for and what the reader may see. Raises ``Refused`` (404) when they do not meet."""
    if asked.startswith(actor.division):
        return asked
    if actor.division.startswith(asked):
        return actor.division
    raise Refused(NOT_FOUND)


async def wait_for_positions(service: Service, after: Mapping[str, int]) -> None:
    """Wait until answers reflect these positions, and what this service recorded in reaction to another's log.
    Raises ``Unavailable`` (503) after five seconds."""
    await service.wait_for_positions(after)
    if any(log != service.name for log in after):
        head = await anyio.to_thread.run_sync(service.store.recorder.max_notification_id)
        await service.wait_for_positions({service.name: head or 0})
