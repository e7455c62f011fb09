"""Moves over HTTP: entered by the side that a household leaves, accepted or declined by the side that it comes to."""

from typing import Annotated
from uuid import UUID, uuid5

import anyio
import msgspec
from fastapi import Query
from fastapi.responses import JSONResponse

from contracts.personal import Personal
from contracts.registry.households import HouseholdMoved
from contracts.registry.moves import MoveOutcome, MoveProposalEnded
from services.casework.documents.reading import Documents
from services.chassis.security.sealing import seal
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.evidence_forms import papers
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter
from services.registry.households import domain as households
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.forms import fact_fields
from services.registry.moves.domain import Move, stream_of
from services.registry.moves.forms import AcceptanceForm, MoveAnswer, MoveEndingForm, MoveForm
from services.registry.moves.queries import MoveQueries
from services.registry.moves.store import (
    Acceptance,
    acceptance_handler,
    ending_handler,
    move_handler,
    open_move_claim,
)

BY_ID = Keyset("moves", UUID)
NIL_ID = UUID(int=0)


def moves_router(
    commands: HouseholdCommandService, queries: MoveQueries, documents: Documents, wait_for_positions: Waits
) -> DeferredRouter:
    router = DeferredRouter(tags=["moves"])

    @router.post("/households/{household_id}/moves", status_code=201, responses=ACCEPTED)
    async def move_household(household_id: UUID, form: MoveForm, command: CurrentCommand) -> JSONResponse:
        """The household moves to another village. Recorded where the caller's area covers both; else proposed to the village
        that it moves to, and nothing changes before that accepts: the answer's location is the proposal."""
        fact = HouseholdMoved(
            household_id=household_id, entered_by=command.by, **fact_fields(form, "earlier_move_missing")
        )
        move_id = uuid5(command.ref.command_id, "move")
        work = move_handler(fact, move_id, command.actor, documents, earlier_move_missing=form.earlier_move_missing)
        about = (household_id,) if command.actor.covers(form.to_division) else (household_id, move_id)
        return await commands.carry_out(
            command, work, households.stream_of(household_id), stream_of(move_id), evidence=fact.evidence, about=about,
            claims=(open_move_claim(household_id),),
        )  # fmt: skip

    @router.post("/moves/{move_id}/acceptances", status_code=201, responses=ACCEPTED)
    async def accept_move(move_id: UUID, form: AcceptanceForm, command: CurrentCommand) -> JSONResponse:
        """The receiving side accepts: the household moved on the day of the paper, and what is open about it goes on there."""
        proposed = await anyio.to_thread.run_sync(queries.proposed, move_id)
        household, evidence = proposed.household_id, papers(form.evidence)

        def moved(move: Move, village: str) -> HouseholdMoved:
            paper = move.proposed
            return HouseholdMoved(
                household_id=household, effective_on=paper.effective_on, precision=paper.precision, entered_by=command.by,
                evidence=(*paper.evidence, *evidence), caused_by=move.fact_id, from_division=paper.from_division,
                to_division=village,
            )  # fmt: skip

        work = acceptance_handler(move_id, Acceptance(form.to_division, moved), command.actor)
        return await commands.carry_out(
            command, work, households.stream_of(household), stream_of(move_id), evidence=evidence, about=(move_id,),
            claims=(open_move_claim(household),),
        )  # fmt: skip

    @router.post("/moves/{move_id}/refusals", status_code=201, responses=ACCEPTED)
    async def decline_move(move_id: UUID, form: MoveEndingForm, command: CurrentCommand) -> JSONResponse:
        """The receiving side declines, with a reason: the household stays where it is."""
        return await end(move_id, MoveOutcome.DECLINED, form, command)

    @router.post("/moves/{move_id}/withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_move(move_id: UUID, form: MoveEndingForm, command: CurrentCommand) -> JSONResponse:
        """The side that proposed it takes it back, with a reason."""
        return await end(move_id, MoveOutcome.WITHDRAWN, form, command)

    async def end(move_id: UUID, outcome: MoveOutcome, form: MoveEndingForm, command: Command) -> JSONResponse:
        proposed = await anyio.to_thread.run_sync(queries.proposed, move_id)
        household, evidence = proposed.household_id, papers(form.evidence)
        keys = await commands.sealer.keys((household,), dry_run=command.dry_run)

        def with_reason(fact: MoveProposalEnded) -> MoveProposalEnded:
            return seal(msgspec.structs.replace(fact, reason=Personal(form.reason), evidence=evidence), keys)

        work = ending_handler(move_id, outcome, command.actor, with_reason)
        return await commands.carry_out(
            command, work, households.stream_of(household), stream_of(move_id), evidence=evidence, about=(move_id,),
            claims=(open_move_claim(household),),
        )  # fmt: skip

    @router.get("/moves/{move_id}")
    async def read_move(move_id: UUID, actor: CurrentActor, after: AskedPositions) -> MoveAnswer:
        """A proposed move, for both sides."""
        await wait_for_positions(after)
        return await anyio.to_thread.run_sync(queries.move, move_id, actor)

    @router.get("/moves")
    async def list_moves(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "",
        is_open: Annotated[bool | None, Query(alias="open")] = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[MoveAnswer]:  # fmt: skip
        """Proposed moves into and out of a division."""
        await wait_for_positions(after)
        (start,) = BY_ID.after(cursor) or (NIL_ID,)
        area = narrowed_to_area(division, actor)
        found = await anyio.to_thread.run_sync(queries.moves, area, is_open, start, limit + 1)
        return BY_ID.page(found, limit, lambda a: (a.move_id,))

    return router
