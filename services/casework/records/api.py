"""Records over HTTP: made, corrected, annulled, restored, and confirmed. Mounted by each service that keeps records."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi.responses import JSONResponse

from contracts.personal import Personal
from services.casework.records.command_service import RecordCommandService
from services.casework.records.commands import AnnulRecord, ConfirmRecord, RestoreRecord
from services.casework.records.forms import ReasonForm, RecordCorrectionForm, RecordForm
from services.casework.records.streams import RecordId
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

Year = Annotated[int, Path(ge=1900, le=2200)]
Number = Annotated[int, Path(ge=1, le=10**6)]
ONE = "/{subject}/{year}/{number}"


def records_router(commands: RecordCommandService, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/records", tags=["records"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def make_record(form: RecordForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """Say what was done. Waits for the positions named, as a read does."""
        await wait_for_positions(after)
        return await commands.make(form, command)

    @router.post(f"{ONE}/corrections", status_code=201, responses=ACCEPTED)
    async def correct_record(
        subject: UUID,
        year: Year,
        number: Number,
        form: RecordCorrectionForm,
        command: CurrentCommand,
        after: AskedPositions,
    ) -> JSONResponse:
        """Tell the record anew, as a whole; what it said before stays readable and counts no more."""
        await wait_for_positions(after)
        return await commands.correct(RecordId(subject, year, number), form, command)

    @router.post(f"{ONE}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_record(
        subject: UUID, year: Year, number: Number, form: ReasonForm, command: CurrentCommand
    ) -> JSONResponse:
        """The record was wrong: it counts as never made, and stays readable."""
        annulment = AnnulRecord(number, command.by, Personal(form.reason))
        return await commands.turn(RecordId(subject, year, number), annulment, command)

    @router.post(f"{ONE}/restorations", status_code=201, responses=ACCEPTED)
    async def restore_record(
        subject: UUID, year: Year, number: Number, form: ReasonForm, command: CurrentCommand
    ) -> JSONResponse:
        """The annulment was wrong: the record stands again as it was told last."""
        restoration = RestoreRecord(number, command.by, Personal(form.reason))
        return await commands.turn(RecordId(subject, year, number), restoration, command)

    return router


def confirmations_router(commands: RecordCommandService) -> DeferredRouter:
    """Where a kind of record asks for a second person."""
    router = DeferredRouter(prefix="/records", tags=["records"])

    @router.post(f"{ONE}/confirmations", status_code=201, responses=ACCEPTED)
    async def confirm_record(subject: UUID, year: Year, number: Number, command: CurrentCommand) -> JSONResponse:
        """A second person confirms the record, where its document asks for one; from now on it counts."""
        return await commands.turn(RecordId(subject, year, number), ConfirmRecord(number, command.by), command)

    return router
