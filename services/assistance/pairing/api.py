"""Pairing over HTTP: who helps whom, and which households still wait for somebody."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.assistance.pairing import ReleaseReason
from contracts.registry.households import PovertyStatus
from contracts.roles import Role
from services.assistance.access import Prefix, Reader, reflects, within
from services.assistance.pairing.domain import Assign, HandOver, Release, stream_of
from services.assistance.pairing.domain import Command as Order
from services.assistance.pairing.queries import PairingReading
from services.assistance.pairing.state import DutyState
from services.assistance.pairing.store import Pairings
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.commands import ACCEPTED, Command, CommandedBy, execute
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

OfficeCommand = Annotated[Command, Depends(CommandedBy(Role.CADRE, Role.REVIEWER))]
Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["staff-0101"])]
AskedAccount = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
BY_PLACE = Keyset("pairings", str, UUID, int)
BY_DAY = Keyset("helper_duties", date, str)


class HelperForm(Body):
    """``helper``: a staff account, never a name; ``unit``: the organisation that sends the helper."""

    helper: Account
    unit: str = Field(min_length=1, max_length=120)
    effective_on: date = Field(examples=["2014-06-10"])


class AssignmentForm(HelperForm):
    household_id: UUID


class ReleaseForm(Body):
    reason: ReleaseReason
    effective_on: date


class PairingAnswer(BaseModel):
    """``released_on``: first day without this helper."""

    household_id: UUID
    division: str
    status: PovertyStatus
    number: int
    helper: str
    unit: str
    assigned_on: date
    released_on: date | None
    end_reason: str | None


class DutyAnswer(BaseModel):
    """``settled_on``: when somebody was found, in time or late, or nobody was needed any more."""

    duty: str
    household_id: UUID
    division: str
    set_on: date
    due_on: date
    state: DutyState
    settled_on: date | None


def pairing_router(service: Service, pairings: Pairings, reading: PairingReading) -> APIRouter:
    router = APIRouter(tags=["pairing"])

    async def carry(command: Command, order: Order) -> JSONResponse:
        work = pairings.carrying(order, command.actor.covers)
        return await execute(service.store, command, work, stream_of(order.household_id))

    @router.post("/pairings", status_code=201, responses=ACCEPTED)
    async def assign_helper(body: AssignmentForm, command: OfficeCommand, after: AskedPositions) -> JSONResponse:
        """A registered household gets its helper (M049). Waits for the positions named, as a read does."""
        await reflects(service, after)
        order = Assign(
            household_id=body.household_id, on=body.effective_on, by=command.by, helper=body.helper, unit=body.unit
        )
        return await carry(command, order)

    @router.post("/pairings/{household_id}/releases", status_code=201, responses=ACCEPTED)
    async def release_helper(household_id: UUID, body: ReleaseForm, command: OfficeCommand) -> JSONResponse:
        """The helper leaves; a registered household is then owed another."""
        order = Release(household_id=household_id, on=body.effective_on, by=command.by, reason=body.reason)
        return await carry(command, order)

    @router.post("/pairings/{household_id}/handovers", status_code=201, responses=ACCEPTED)
    async def submit_async(household_id: UUID, body: HelperForm, command: OfficeCommand) -> JSONResponse:
        """Staff turnover does not break the pairing: released and assigned in one act (source facts §5 rule 46)."""
        order = HandOver(
            household_id=household_id, on=body.effective_on, by=command.by, helper=body.helper, unit=body.unit
        )
        return await carry(command, order)

    @router.get("/pairings")
    async def list_pairings(
        actor: Reader, after: AskedPositions, division: Prefix = "", helper: AskedAccount = None,
        current: bool = True, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PairingAnswer]:  # fmt: skip
        """Households and their helpers, by village; ``current=false`` shows former helpers too."""
        await reflects(service, after)
        start = BY_PLACE.after(cursor) or ("", UUID(int=0), 0)
        find = partial(reading.pairings, within(division, actor), None, helper, start, limit + 1, current=current)
        found = await anyio.to_thread.run_sync(find)
        answers = [PairingAnswer.model_validate(line, from_attributes=True) for line in found]
        return BY_PLACE.page(answers, limit, lambda a: (a.division, a.household_id, a.number))

    @router.get("/pairings/{household_id}")
    async def read_pairing(household_id: UUID, actor: Reader, after: AskedPositions) -> list[PairingAnswer]:
        """Every helper of one household, first to last."""
        await reflects(service, after)
        find = partial(reading.pairings, actor.division, household_id, None, ("", UUID(int=0), 0), 200, current=False)
        found = await anyio.to_thread.run_sync(find)
        if not found:
            raise Refused(NOT_FOUND)
        return [PairingAnswer.model_validate(line, from_attributes=True) for line in found]

    @router.get("/duties")
    async def list_duties(
        actor: Reader, after: AskedPositions, division: Prefix = "", state: DutyState | None = None,
        household_id: UUID | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[DutyAnswer]:  # fmt: skip
        """Duties to find a helper, by the day they are due."""
        await reflects(service, after)
        start = BY_DAY.after(cursor) or (date.min, "")
        find = partial(reading.duties, within(division, actor), state, household_id, start, limit + 1)
        found = await anyio.to_thread.run_sync(find)
        answers = [DutyAnswer.model_validate(line, from_attributes=True) for line in found]
        return BY_DAY.page(answers, limit, lambda a: (a.due_on, a.duty))

    return router
