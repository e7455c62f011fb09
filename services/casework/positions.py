"""Read-your-writes across logs."""

from collections.abc import Mapping

import anyio

from services.chassis.service import Service


async def wait_for_positions(service: Service, after: Mapping[str, int]) -> None:
    """Wait until answers reflect these positions, and what this service recorded in reaction to another's log.
    Raises ``Unavailable`` (503) after five seconds."""
    await service.wait_for_positions(after)
    if any(log != service.name for log in after):
        head = await anyio.to_thread.run_sync(service.store.recorder.max_notification_id)
        await service.wait_for_positions({service.name: head or 0})


async def wait_for_own_head(service: Service, after: Mapping[str, int]) -> None:
    """Wait until answers reflect these positions and all that this service recorded until now: for what is decided by a view that
    the caller's own last command may not have reached. Raises ``Unavailable`` (503) after five seconds."""
    head = await anyio.to_thread.run_sync(service.store.recorder.max_notification_id)
    await wait_for_positions(service, {**after, service.name: head or 0})
