"""Clues are received: reported by a household, found on a round or by the screening, alerted by a department."""

from fastapi.responses import JSONResponse

from contracts.registry.clues import ClueSource
from services.casework.documents.reading import Documents
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.registry.clues import forms as f
from services.registry.clues.receiving import clue_received, streams_of
from services.registry.clues.store import receive_handler
from services.registry.households.command_service import HouseholdCommandService


def receiving_router(commands: HouseholdCommandService, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(prefix="/clues", tags=["clues"])

    async def receive(form: f.ClueForm, command: Command, source: ClueSource) -> JSONResponse:
        fact = await clue_received(commands.sealer, form, command, source)
        about = (fact.clue_id,) if fact.household_id is None else (fact.clue_id, fact.household_id)
        work = receive_handler(fact, command.actor, documents)
        return await commands.carry_out(command, work, *streams_of(fact), evidence=fact.evidence, about=about)

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
