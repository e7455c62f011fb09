"""Who reads in this service, and read-your-writes."""

from collections.abc import Mapping
from typing import Annotated

import anyio
from fastapi import Depends

from contracts.roles import Role
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import require

Reader = Annotated[Actor, Depends(require(Role.CADRE, Role.REVIEWER, Role.DECIDER, Role.ANALYST, Role.AUDITOR))]


async def wait_for_positions(service: Service, after: Mapping[str, int]) -> None:
    """Wait until answers reflect these positions, and what this service recorded in reaction to another's log.
    Raises ``Unavailable`` (503) after five seconds."""
    await service.wait_for_positions(after)
    if any(log != service.name for log in after):
        head = await anyio.to_thread.run_sync(service.store.recorder.max_notification_id)
        await service.wait_for_positions({service.name: head or 0})
