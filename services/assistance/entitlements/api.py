"""Suspending and resuming what was granted, over HTTP."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.suspensions import (
    Act,
    acting,
    annulling,
    resume,
    suspend,
    suspensions_of,
    unit_of_case,
)
from services.casework.positions import wait_for_positions
from services.chassis.ground.field_texts import read_line
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.field_readers import Reads
from services.chassis.web.payloads import Body
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

Paper = Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]
"""Number of the paper that says so."""


class SuspensionForm(Body):
    """``reason``: one of the programme's office, as a code."""

    on: TypedDay
    reason: Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["not_reached"])]
    paper: Paper


class ResumptionForm(Body):
    """``back_pay``: what fell into the suspension is due after all."""

    on: TypedDay
    back_pay: bool
    paper: Paper


class SuspensionAnnulmentForm(Body):
    paper: Paper


class SuspensionAnswer(BaseModel):
    """From ``since`` on, nothing is due ``until`` that day. ``number``: by which it is annulled; ``back_pay``: whether what fell into it
    is due, once it was resumed."""

    case_id: UUID
    number: int
    since: date
    until: date | None
    reason: str
    back_pay: bool | None


def suspensions_router(service: Service) -> DeferredRouter:
    router = DeferredRouter(prefix="/entitlements/{case_id}", tags=["entitlements"])

    def find_unit(case_id: UUID, actor: Actor) -> UUID:
        with service.store.reading() as conn, conn.cursor() as cur:
            return unit_of_case(cur, case_id, actor)

    async def handle(case_id: UUID, command: Command, handler: Callable[[Tx], Reply]) -> JSONResponse:
        unit = await anyio.to_thread.run_sync(find_unit, case_id, command.actor)
        return await execute(service.store, command, handler, stream_of(unit))

    @router.get("/suspensions")
    async def list_suspensions(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> list[SuspensionAnswer]:
        """When what was granted was suspended, first to last. What is due in between shows among what is due."""
        await wait_for_positions(service, after)

        def read() -> list[SuspensionAnswer]:
            own = service.store.stream(stream_of(find_unit(case_id, actor)))
            found = suspensions_of(own, case_id)
            return [SuspensionAnswer(case_id=case_id, **asdict(each)) for each in found]

        return await anyio.to_thread.run_sync(read)

    @router.post("/suspensions", status_code=201, responses=ACCEPTED)
    async def suspend_entitlement(
        case_id: UUID, body: SuspensionForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Nothing is due from that day on until it is resumed."""
        await wait_for_positions(service, after)
        decide = partial(suspend, reason=body.reason)
        return await handle(case_id, command, acting(Act(case_id, body.on, body.paper), command.actor, decide))

    @router.post("/resumptions", status_code=201, responses=ACCEPTED)
    async def resume_entitlement(
        case_id: UUID, body: ResumptionForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """It is due again from that day on."""
        await wait_for_positions(service, after)
        decide = partial(resume, back_pay=body.back_pay)
        return await handle(case_id, command, acting(Act(case_id, body.on, body.paper), command.actor, decide))

    @router.post("/suspensions/{number}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_suspension(
        case_id: UUID, number: Annotated[int, Path(ge=1, le=10**6)], body: SuspensionAnnulmentForm,
        command: CurrentCommand, after: AskedPositions,
    ) -> JSONResponse:  # fmt: skip
        """It never was."""
        await wait_for_positions(service, after)
        return await handle(case_id, command, annulling(case_id, number, body.paper, command.actor))

    return router
