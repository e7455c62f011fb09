"""A visit over HTTP, as one command. The sheet that it is made with is in ``sheet_api``."""

from uuid import UUID

from fastapi.responses import JSONResponse

from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.registry.visits.command_service import VisitCommandService
from services.registry.visits.forms import VisitForm


def visits_router(visits: VisitCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/households", tags=["households"])

    @router.post("/{household_id}/visits", status_code=201, responses=ACCEPTED)
    async def record_visit(household_id: UUID, form: VisitForm, command: CurrentCommand) -> JSONResponse:
        """What a visit found: only what has changed, a talk and a clue where there was one; all of it is recorded, or nothing."""
        return await visits.record(household_id, form, command)

    return router
