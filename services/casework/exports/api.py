"""How far one's own exports have come, over HTTP: a list is read to its end before the file is given out."""

from datetime import datetime

from pydantic import BaseModel

from services.casework.exports.lists import ListExports
from services.chassis.web.callers import CurrentActor
from services.chassis.web.routing import DeferredRouter


class RunningExportAnswer(BaseModel):
    """``items`` of the list that have been read."""

    operation: str
    started_at: datetime
    items: int


def exports_router(exports: ListExports) -> DeferredRouter:
    router = DeferredRouter(prefix="/exports", tags=["exports"])

    @router.get("")
    async def list_running_exports(actor: CurrentActor) -> list[RunningExportAnswer]:
        """The caller's own exports that this process is writing."""
        return [
            RunningExportAnswer(operation=each.operation, started_at=each.started_at, items=each.items)
            for each in exports.running.values()
            if each.account == actor.subject
        ]

    return router
