"""Acts on pairs over HTTP: a list of whom they are for, forming, letters, contracts, ends, successors, other villages."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi.responses import JSONResponse

from contracts.assistance.pairs import CommitmentSigned, ExitContractSigned, HelpUnlisted, PairEnded
from services.assistance.pairs.forms import (
    PairCommitmentForm,
    PairContractForm,
    PairDayForm,
    PairEndForm,
    PairForm,
    PairListingForm,
    PairReassignmentForm,
    PairSuccessionForm,
)
from services.assistance.pairs.store import Handler, PairCommands
from services.assistance.pairs.streams import stream_of, streams_of
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.casework.positions import wait_for_positions
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.evidence_forms import papers
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

Number = Annotated[int, Path(ge=1, le=10**6)]
ONE = "/pairs/{subject}/{number}"


def pairs_router(service: Service, commands: PairCommands, citations: Citations) -> DeferredRouter:
    router = DeferredRouter(tags=["pairs"])

    async def handle(command: Command, handler: Handler, *subjects: UUID) -> JSONResponse:
        streams = [stream for subject in subjects for stream in streams_of(subject)]
        return await execute(service.store, command, handler, *streams, extends=(DOCUMENTS,))

    @router.post("/listings", status_code=201, responses=ACCEPTED)
    async def list_for_help(body: PairListingForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """Somebody comes on the list of those whom pairs of a kind are for. Waits for the positions named, as a read does."""
        await wait_for_positions(service, after)
        fact = body.fact(command.by)
        return await handle(command, commands.list_for_help(fact, command.actor), fact.subject)

    @router.post("/listings/{subject}/{number}/ends", status_code=201, responses=ACCEPTED)
    async def unlist(subject: UUID, number: Number, body: PairDayForm, command: CurrentCommand) -> JSONResponse:
        """They are off the list from that day on."""
        fact = HelpUnlisted(effective_on=body.effective_on, entered_by=command.by, subject=subject, listing=number)
        return await handle(command, commands.unlist(fact, command.actor), subject)

    @router.post("/pairs", status_code=201, responses=ACCEPTED)
    async def form_pair(body: PairForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """A helper is paired with whoever is helped, as the document of the kind allows."""
        await wait_for_positions(service, after)
        fact = body.fact(command.by)
        handler = commands.form(fact, command.actor, additional=body.additional)
        return await handle(command, handler, fact.subject)

    @router.post(f"{ONE}/commitments", status_code=201, responses=ACCEPTED)
    async def sign_commitment(
        subject: UUID, number: Number, body: PairCommitmentForm, command: CurrentCommand
    ) -> JSONResponse:
        """One of the two signs; the pair takes effect when both have (M051)."""
        fact = CommitmentSigned(
            effective_on=body.effective_on, entered_by=command.by, subject=subject, pair=number, side=body.side,
            evidence=papers(body.evidence),
        )  # fmt: skip
        return await citations.execute(
            command, commands.sign(fact, command.actor), stream_of(subject), evidence=fact.evidence, about=(subject,),
            extends=(DOCUMENTS,),
        )  # fmt: skip

    @router.post(f"{ONE}/contracts", status_code=201, responses=ACCEPTED)
    async def sign_exit_contract(
        subject: UUID, number: Number, body: PairContractForm, command: CurrentCommand
    ) -> JSONResponse:
        """The helper answers for the household's exit by a day (M050)."""
        fact = ExitContractSigned(
            effective_on=body.effective_on, entered_by=command.by, subject=subject, pair=number, exit_by=body.exit_by,
            evidence=papers(body.evidence),
        )  # fmt: skip
        return await citations.execute(
            command, commands.contract(fact, command.actor), stream_of(subject), evidence=fact.evidence, about=(subject,),
            extends=(DOCUMENTS,),
        )  # fmt: skip

    @router.post(f"{ONE}/ends", status_code=201, responses=ACCEPTED)
    async def end_pair(subject: UUID, number: Number, body: PairEndForm, command: CurrentCommand) -> JSONResponse:
        """The pair is over; completed only with what its document asks for at the end."""
        fact = PairEnded(
            effective_on=body.effective_on, entered_by=command.by, subject=subject, pair=number, reason=body.reason
        )  # fmt: skip
        return await handle(command, commands.end(fact, command.actor), subject)

    @router.post(f"{ONE}/successions", status_code=201, responses=ACCEPTED)
    async def succeed_helper(
        subject: UUID, number: Number, body: PairSuccessionForm, command: CurrentCommand
    ) -> JSONResponse:
        """Another helper takes over, without a gap (source facts §5 rule 46)."""
        fact = body.fact(subject, command.by)
        return await handle(command, commands.hand_over(fact, number, command.actor), subject)

    @router.post(f"{ONE}/reassignments", status_code=201, responses=ACCEPTED)
    async def reassign_helper(
        subject: UUID, number: Number, body: PairReassignmentForm, command: CurrentCommand
    ) -> JSONResponse:
        """The helper helps another village from that day on; what was done for the former one stays with it (M060)."""
        fact = body.fact(command.by)
        handler = commands.reassign(fact, subject, number, command.actor)
        return await handle(command, handler, subject, fact.subject)

    @router.post(f"{ONE}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_pair(subject: UUID, number: Number, command: CurrentCommand) -> JSONResponse:
        """The pair was entered by mistake."""
        return await handle(command, commands.annul(subject, number, command.actor), subject)

    return router
