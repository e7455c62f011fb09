"""What is done about clues, over HTTP. How they are received is in ``receiving_api``, queries are in ``read_api``."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse

from contracts.registry import clues as c
from contracts.registry.households import HouseholdRecorded
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.registry.clues import forms as f
from services.registry.clues.domain import stream_of
from services.registry.clues.store import ClueCommands
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households.claims import required_claims
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.forms import HouseholdForm
from services.registry.households.recordings import record_handler


def clues_router(commands: HouseholdCommandService, clues: ClueCommands) -> DeferredRouter:
    router = DeferredRouter(prefix="/clues", tags=["clues"])

    @router.post("/{clue_id}/acceptances", status_code=201, responses=ACCEPTED)
    async def accept_clue(clue_id: UUID, form: f.AcceptanceForm, command: CurrentCommand) -> JSONResponse:
        """A household's report is accepted (受理)."""
        fact = c.ClueAccepted(**_common(clue_id, form, command))
        return await _carry_out(commands, command, clue_id, fact, clues.accept(fact, command.actor))

    @router.post("/{clue_id}/refusals", status_code=201, responses=ACCEPTED)
    async def refuse_clue(clue_id: UUID, form: f.RefusalForm, command: CurrentCommand) -> JSONResponse:
        """A household's report is not accepted, with a reason (不予受理)."""
        fact = await commands.sealer.seal(c.ClueRefused(**_common(clue_id, form, command)), dry_run=command.dry_run)
        return await _carry_out(commands, command, clue_id, fact, clues.refuse(fact, command.actor))

    @router.post("/{clue_id}/forwardings", status_code=201, responses=ACCEPTED)
    async def forward_clue(clue_id: UUID, form: f.ForwardingForm, command: CurrentCommand) -> JSONResponse:
        """The household lives in another village: the clue goes on there."""
        fact = c.ClueForwarded(**_common(clue_id, form, command), from_division="")
        work = clues.forward(fact, command.actor)
        return await _carry_out(commands, command, clue_id, fact, work, division_stream(form.to_division))

    @router.post("/{clue_id}/identifications", status_code=201, responses=ACCEPTED)
    async def identify_clue_household(
        clue_id: UUID, form: f.IdentificationForm, command: CurrentCommand
    ) -> JSONResponse:
        """The household that it is about is on record: this one."""
        fact = c.ClueHouseholdIdentified(**_common(clue_id, form, command))
        if not command.dry_run:
            await commands.sealer.list_under(clue_id, (form.household_id,))
        work = clues.identify(fact, command.actor)
        return await _carry_out(commands, command, clue_id, fact, work, household_stream(form.household_id))

    @router.post("/{clue_id}/households", status_code=201, responses=ACCEPTED)
    async def record_clue_household(clue_id: UUID, form: HouseholdForm, command: CurrentCommand) -> JSONResponse:
        """Record the household that the clue is about: it causes the recording, and both are linked in one act."""
        await commands.note_dry_run(command, "record_clue_household", len(form.members))
        read = await commands.words.read(form, command, form.effective_on, form.division)
        form, command = read.form, read.command
        fact, ids = await commands.first_record(form, command)
        number, actor = commands.household_no_digests(form.national_no), command.actor

        def work(tx: Tx) -> Reply:
            def recording(first: HouseholdRecorded) -> Callable[[Tx], Reply]:
                return read.deciding(first, lambda decided: record_handler(decided, actor, ids, number))

            return clues.record_household(clue_id, fact, actor, recording)(tx)

        noticed = commands.noticing_account(form.account, fact.household_id, actor, work)
        if not command.dry_run:
            await commands.sealer.list_under(clue_id, (fact.household_id,))
        streams = (
            stream_of(clue_id),
            household_stream(fact.household_id),
            division_stream(fact.division),
            *read.streams,
        )
        return await commands.carry_out(
            command, noticed, *streams, evidence=fact.evidence, about=(fact.household_id,),
            claims=required_claims(ids, number), subjects=tuple(m.person_id for m in fact.members),
        )  # fmt: skip

    @router.post("/{clue_id}/answers", status_code=201, responses=ACCEPTED)
    async def answer_clue(clue_id: UUID, form: f.AnswerForm, command: CurrentCommand) -> JSONResponse:
        """The clue leads to no case: answered with a reason."""
        fact = await commands.sealer.seal(c.ClueAnswered(**_common(clue_id, form, command)), dry_run=command.dry_run)
        others = () if form.duplicate_of is None else (stream_of(form.duplicate_of),)
        return await _carry_out(commands, command, clue_id, fact, clues.answer(fact, command.actor), *others)

    return router


async def _carry_out(
    commands: HouseholdCommandService, command: Command, clue_id: UUID, fact: c.ClueFact,
    work: Callable[[Tx], Reply], *streams: str,
) -> JSONResponse:  # fmt: skip
    return await commands.carry_out(
        command, work, stream_of(clue_id), *streams, evidence=fact.evidence, about=(clue_id,)
    )


def _common(clue_id: UUID, form: f.ClueStepForm, command: Command) -> dict[str, Any]:
    return {**form.fact_fields(), "clue_id": clue_id, "entered_by": command.by}
