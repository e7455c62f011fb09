"""Cases over HTTP, mounted by each service: each step is a POST to what it creates; the procedure document says which
office may take it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from fastapi.responses import JSONResponse

from services.casework.procedures import commands as c
from services.casework.procedures.batches import BatchAnswer, BatchForm
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.forms import COMMANDS, STEPS, OpenForm, ResolutionForm, StepRoute
from services.chassis.ground.refusals import Refused
from services.chassis.web.based_on import BAD_BASED_ON
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.dry_run import DryRunAnswer
from services.chassis.web.position_tokens import HEADER, format_positions
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter


def cases_router(
    commands: CaseCommandService, wait_for_positions: Waits, decisive: object = CurrentCommand
) -> DeferredRouter:
    """``decisive``: how the commands are taken that bring something about."""
    router = DeferredRouter(prefix="/cases", tags=["cases"])

    def add_step(step: StepRoute) -> None:
        form_type = step.form

        async def endpoint(case_id: UUID, form: Any, command: CurrentCommand) -> JSONResponse:
            return await commands.execute(command, COMMANDS[form_type](**form.command_fields(case_id, command.by)))

        endpoint.__annotations__["form"] = form_type
        endpoint.__annotations__["command"] = decisive if step.decisive else CurrentCommand
        endpoint.__name__, endpoint.__doc__ = step.operation, step.summary
        router.post(f"/{{case_id}}/{step.path}", status_code=201, responses=ACCEPTED)(endpoint)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def open_case(form: OpenForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """Open a procedure for a subject: an application or a cadre's first selection. Waits for the positions named, as a
        read does."""
        await wait_for_positions(after)
        return await commands.open_case(form, command)

    for step in STEPS:
        add_step(step)

    @router.post("/{case_id}/objections/{objection_no}/resolutions", status_code=201, responses=ACCEPTED)
    async def resolve_objection(
        case_id: UUID, objection_no: Annotated[int, Path(ge=1, le=10**9)], form: ResolutionForm, command: CurrentCommand
    ) -> JSONResponse:
        """The objection is resolved."""
        fields = form.command_fields(case_id, command.by)
        return await commands.execute(command, c.ResolveObjection(**fields, objection_no=objection_no))

    @router.post(
        "/batches", status_code=201,
        responses={
            200: {"model": BatchAnswer | DryRunAnswer, "description": "试运行的结果 / of a dry run"},
            201: {"model": BatchAnswer},
        },
    )  # fmt: skip
    async def take_step_in_batch(form: BatchForm, command: CurrentCommand) -> JSONResponse:
        """One act on up to a thousand cases, such as a meeting's votes, a notice, a decision under one document number. Each
        case is accepted or refused by itself; the same request again goes on where it broke off, and another one under its key
        is refused."""
        if command.based_on:
            raise Refused(BAD_BASED_ON)  # one header for a thousand cases would have to name all of them
        answer = await commands.execute_batch(form, command)
        status = 200 if command.dry_run else 201
        return JSONResponse(answer.model_dump(mode="json"), status, {HEADER: format_positions(answer.position)})

    return router
