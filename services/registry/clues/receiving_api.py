"""Clues are received: reported by a household, found on a round or by the screening, alerted by a department."""

from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.registry import clues as c
from contracts.registry.clues import ClueSource
from services.casework.documents.reading import Documents
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.registry.clues import forms as f
from services.registry.clues.domain import receipt_no, stream_of
from services.registry.clues.store import receive_handler
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.domain import stream_of as household_stream


def receiving_router(commands: HouseholdCommandService, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(prefix="/clues", tags=["clues"])

    async def receive(form: f.ClueForm, command: Command, source: ClueSource) -> JSONResponse:
        """The clue's id is derived from the command, so that a repeated request is no second one."""
        clue_id, fields = uuid5(command.ref.command_id, "clue"), form.fact_fields()
        fact = c.ClueReceived(
            **fields, clue_id=clue_id, source=source, entered_by=command.by, received_in=command.actor.division,
            receipt_no=receipt_no(clue_id, form.division, form.on), document="", end_by=form.on,
        )  # fmt: skip
        fact = await commands.sealer.seal(fact, dry_run=command.dry_run)
        streams = [stream_of(clue_id), division_stream(form.division)]
        about: tuple[UUID, ...] = (clue_id,)
        if form.household_id is not None:
            streams.append(household_stream(form.household_id))
            about = (clue_id, form.household_id)
            if not command.dry_run:
                await commands.sealer.list_under(clue_id, (form.household_id,))
        work = receive_handler(fact, command.actor, documents)
        return await commands.carry_out(command, work, *streams, evidence=fact.evidence, about=about)

    @router.post("/self-reports", status_code=201, responses=ACCEPTED)
    async def receive_self_report(form: f.SelfReportForm, command: CurrentCommand) -> JSONResponse:
        """A household reports itself (自主申报): the answer's location is the receipt, to be given to the person at once."""
        return await receive(form, command, ClueSource.SELF_REPORT)

    @router.post("/rounds", status_code=201, responses=ACCEPTED)
    async def receive_round_clue(form: f.RoundClueForm, command: CurrentCommand) -> JSONResponse:
        """A cadre found something on a round."""
        return await receive(form, command, ClueSource.CADRE_ROUND)

    @router.post("/alerts", status_code=201, responses=ACCEPTED)
    async def receive_alert(form: f.AlertForm, command: CurrentCommand) -> JSONResponse:
        """A department's data raise an alert (部门预警)."""
        return await receive(form, command, ClueSource.DEPARTMENT_ALERT)

    @router.post("/screenings", status_code=201, responses=ACCEPTED)
    async def receive_screening_clue(form: f.ScreeningClueForm, command: CurrentCommand) -> JSONResponse:
        """The yearly screening of all households raised something (排查)."""
        return await receive(form, command, ClueSource.SCREENING)

    return router
