"""Commands about the works of projects that do a line of a target, over HTTP."""

from uuid import UUID

from fastapi.responses import JSONResponse

from contracts.monitoring.targets import TargetWorkNamed, TargetWorkRemoved
from services.casework.evidence.citations import Citations
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.monitoring.projects.domain import stream_of as project_stream
from services.monitoring.targets.domain import stream_of
from services.monitoring.targets.forms import WorkForm, WorkRemovalForm
from services.monitoring.targets.project_works import naming, removing


def target_works_router(citations: Citations) -> DeferredRouter:
    router = DeferredRouter(prefix="/targets", tags=["targets"])

    @router.post("/{target_id}/works", status_code=201, responses=ACCEPTED)
    async def name_target_work(target_id: UUID, form: WorkForm, command: CurrentCommand) -> JSONResponse:
        """A component of a project does a line: its progress is what was accepted, and is typed no longer."""
        fact = TargetWorkNamed(
            target_id=target_id, line=form.line, project_id=form.project_id, component=form.component,
            **form.common(command.by),
        )  # fmt: skip
        streams = stream_of(target_id), project_stream(form.project_id)
        return await citations.execute(
            command, naming(fact, command.actor), *streams, evidence=fact.evidence, about=(target_id,)
        )

    @router.post("/{target_id}/work-removals", status_code=201, responses=ACCEPTED)
    async def remove_target_work(target_id: UUID, form: WorkRemovalForm, command: CurrentCommand) -> JSONResponse:
        """This component does not do the line; what it had done is taken off."""
        fact = TargetWorkRemoved(
            target_id=target_id, line=form.line, project_id=form.project_id, component=form.component,
            reason=form.reason, **form.common(command.by),
        )  # fmt: skip
        streams = stream_of(target_id), project_stream(form.project_id)
        return await citations.execute(
            command, removing(fact, command.actor), *streams, evidence=fact.evidence, about=(target_id,)
        )

    return router
