"""Education aid over HTTP: from the application to the decision."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from contracts.facts import Decision
from services.assistance.aid import commands as c
from services.assistance.aid.domain import stream_of
from services.assistance.aid.forms import (
    ApplicationForm,
    AppraisalForm,
    DecisionForm,
    ResolutionForm,
    ReviewForm,
    StepForm,
)
from services.assistance.aid.store import AidCommands
from services.assistance.positions import wait_for_positions
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.positions import AskedPositions

Number = Annotated[int, Path(ge=1, le=1000)]
ONE = "/{person_id}/{number}"


def applications_router(service: Service, commands: AidCommands) -> APIRouter:
    router = APIRouter(prefix="/aid/applications", tags=["aid"])

    async def handle(command: Command, aid_command: c.Command) -> JSONResponse:
        handler = commands.handler(aid_command, command.actor.covers)
        return await execute(service.store, command, handler, stream_of(aid_command.person_id), extends=(DOCUMENTS,))

    @router.post("", status_code=201, responses=ACCEPTED)
    async def apply_for_aid(body: ApplicationForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """Apply for a pupil of a registered household (M112). Waits for the positions named, as a read does."""
        await wait_for_positions(service, after)
        aid_command = c.Apply(
            person_id=body.person_id, other_grants=body.other_grants_per_year, **body.common(command.by)
        )
        return await handle(command, aid_command)

    @router.post(f"{ONE}/appraisals", status_code=201, responses=ACCEPTED)
    async def appraise_aid(
        person_id: UUID, number: Number, body: AppraisalForm, command: CurrentCommand
    ) -> JSONResponse:
        """The meeting's votes; without a majority the application ends."""
        votes = body.model_dump(include={"entitled", "present", "in_favour", "against", "abstained"})
        aid_command = c.HoldAppraisal(person_id=person_id, number=number, **body.common(command.by), **votes)
        return await handle(command, aid_command)

    @router.post(f"{ONE}/notices", status_code=201, responses=ACCEPTED)
    async def post_aid_notice(person_id: UUID, number: Number, body: StepForm, command: CurrentCommand) -> JSONResponse:
        """The notice is posted; it closes by itself after its days unless somebody objects."""
        return await handle(command, c.PostNotice(person_id=person_id, number=number, **body.common(command.by)))

    @router.post(f"{ONE}/objections", status_code=201, responses=ACCEPTED)
    async def object_to_aid(person_id: UUID, number: Number, body: StepForm, command: CurrentCommand) -> JSONResponse:
        """An objection is raised; its document is evidence, and nothing of its content is stored here."""
        return await handle(command, c.RaiseObjection(person_id=person_id, number=number, **body.common(command.by)))

    @router.post(f"{ONE}/objections/{{objection_no}}/resolutions", status_code=201, responses=ACCEPTED)
    async def resolve_aid_objection(
        person_id: UUID, number: Number, objection_no: Number, body: ResolutionForm, command: CurrentCommand
    ) -> JSONResponse:
        """The township looked into it: upheld ends the application, dismissed lets the notice close."""
        aid_command = c.ResolveObjection(
            person_id=person_id, number=number, objection_no=objection_no, upheld=body.upheld, **body.common(command.by)
        )
        return await handle(command, aid_command)

    @router.post(f"{ONE}/reviews", status_code=201, responses=ACCEPTED)
    async def review_aid(person_id: UUID, number: Number, body: ReviewForm, command: CurrentCommand) -> JSONResponse:
        """The township's opinion, after an objection-free notice."""
        aid_command = c.GiveReview(person_id=person_id, number=number, passed=body.passed, **body.common(command.by))
        return await handle(command, aid_command)

    @router.post(f"{ONE}/decisions", status_code=201, responses=ACCEPTED)
    async def decide_aid(person_id: UUID, number: Number, body: DecisionForm, command: CurrentCommand) -> JSONResponse:
        """The county grants or rejects; a grant starts on the decision's day at that day's standard."""
        decision = Decision(
            organ=body.organ, decided_on=body.effective_on, document_no=body.document_no, signer=body.signer
        )
        aid_command = c.Decide(
            person_id=person_id, number=number, approved=body.approved, decision=decision, **body.common(command.by)
        )
        return await handle(command, aid_command)

    @router.post(f"{ONE}/withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_aid_application(
        person_id: UUID, number: Number, body: StepForm, command: CurrentCommand
    ) -> JSONResponse:
        """The application is taken back."""
        return await handle(command, c.Withdraw(person_id=person_id, number=number, **body.common(command.by)))

    return router
