"""Commands about what a project is bid for, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi.responses import JSONResponse

from contracts.monitoring import projects as facts
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.monitoring.projects import forms
from services.monitoring.projects.command_service import ProjectCommandService
from services.monitoring.projects.funding import apply_for_funding, decide_funding

Number = Annotated[int, Path(ge=1, le=10_000)]


def project_funding_router(work: ProjectCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/projects", tags=["projects"])

    @router.post("/{project_id}/funding-applications", status_code=201, responses=ACCEPTED)
    async def apply_for_project_funding(
        project_id: UUID, form: forms.FundingApplicationForm, command: CurrentCommand
    ) -> JSONResponse:
        """Its money is applied for, or it is bid for, with a level above, government, society or abroad."""
        fact = facts.ProjectFundingApplied(
            project_id=project_id, application=0, origin=form.origin, applied_to=form.applied_to,
            asked=form.asked_for.yuan, **form.common(command.by),
        )  # fmt: skip
        return await work.step(command, fact, lambda project, tx: apply_for_funding(fact, project, tx.today))

    @router.post("/{project_id}/funding-applications/{application}/decisions", status_code=201, responses=ACCEPTED)
    async def decide_project_funding(
        project_id: UUID, application: Number, form: forms.FundingDecisionForm, command: CurrentCommand
    ) -> JSONResponse:
        """What became of it: granted, or refused for a reason."""
        fact = facts.ProjectFundingDecided(
            project_id=project_id, application=application, granted=None if form.granted is None else form.granted.yuan,
            reason=form.reason, **form.common(command.by),
        )  # fmt: skip
        return await work.step(command, fact, lambda project, tx: decide_funding(fact, project, tx.today))

    return router
