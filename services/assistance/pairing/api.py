"""Pairing over HTTP: helpers of households."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Field

from contracts.accounts import normalised
from contracts.assistance.pairing import ReleaseReason
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.pairing.domain import Assign, HandOver, Release, stream_of
from services.assistance.pairing.domain import Command as PairingCommand
from services.assistance.pairing.queries import BEFORE_FIRST, PairingQueries
from services.assistance.pairing.store import PairingCommands
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.positions import wait_for_positions
from services.chassis.ground.field_texts import read_line
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.field_readers import Reads
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["staff-0101"]), AfterValidator(normalised)]
AccountParam = Annotated[Account | None, Query()]
HELPER_ORDER = Keyset("helpers", str, str)
UNHELPED_ORDER = Keyset("unhelped", str, UUID)
PAIRING_ORDER = Keyset("pairings", str, UUID, int)


class HelperForm(Body):
    """``helper``: a staff account, never a name; ``unit``: the organisation that sends the helper."""

    helper: Account
    unit: Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]
    effective_on: TypedDay = Field(examples=["2014-06-10"])


class AssignmentForm(HelperForm):
    """``additional``: beside whoever helps the household already."""

    household_id: UUID
    additional: bool = False


class HandoverForm(HelperForm):
    """``former_helper``: who hands over; need not be said of the only helper."""

    former_helper: Account | None = None


class ReleaseForm(Body):
    """``former_helper``: whose help ends; need not be said of the only helper."""

    reason: ReleaseReason
    effective_on: TypedDay
    former_helper: Account | None = None


class PairingAnswer(BaseModel):
    """``released_on``: first day without this helper."""

    household_id: UUID
    national_no: str | None
    division: str
    status: PovertyStatus
    number: int
    helper: str
    unit: str
    assigned_on: date
    released_on: date | None
    end_reason: str | None


class HelperLoadAnswer(BaseModel):
    """Whom a helper helps today: households, with all who live in them."""

    helper: str
    unit: str
    households: int
    persons: int


class UnhelpedHouseholdAnswer(BaseModel):
    """``since``: in the register from that day on."""

    household_id: UUID
    national_no: str | None
    division: str
    since: date
    persons: int


def pairing_router(service: Service, commands: PairingCommands, queries: PairingQueries) -> DeferredRouter:
    router = DeferredRouter(tags=["pairing"])

    async def handle(command: Command, pairing_command: PairingCommand) -> JSONResponse:
        handler = commands.handler(pairing_command, command.actor.covers)
        return await execute(
            service.store, command, handler, stream_of(pairing_command.household_id), extends=(DOCUMENTS,)
        )

    @router.post("/pairings", status_code=201, responses=ACCEPTED)
    async def assign_helper(body: AssignmentForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """A registered household gets its helper (M049), or another besides. Waits for the positions named, as a read does."""
        await wait_for_positions(service, after)
        pairing_command = Assign(
            household_id=body.household_id, on=body.effective_on, by=command.by, helper=body.helper, unit=body.unit,
            additional=body.additional,
        )  # fmt: skip
        return await handle(command, pairing_command)

    @router.post("/pairings/{household_id}/releases", status_code=201, responses=ACCEPTED)
    async def release_helper(household_id: UUID, body: ReleaseForm, command: CurrentCommand) -> JSONResponse:
        """The helper is released; a registered household is then owed another."""
        pairing_command = Release(
            household_id=household_id,
            on=body.effective_on,
            by=command.by,
            reason=body.reason,
            former=body.former_helper,
        )
        return await handle(command, pairing_command)

    @router.post("/pairings/{household_id}/handovers", status_code=201, responses=ACCEPTED)
    async def hand_over(household_id: UUID, body: HandoverForm, command: CurrentCommand) -> JSONResponse:
        """Staff turnover does not break the pairing: released and assigned in one command (source facts §5 rule 46)."""
        pairing_command = HandOver(
            household_id=household_id, on=body.effective_on, by=command.by, helper=body.helper, unit=body.unit,
            former=body.former_helper,
        )  # fmt: skip
        return await handle(command, pairing_command)

    @router.get("/pairings")
    async def list_pairings(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", helper: AccountParam = None,
        current: bool = True, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PairingAnswer]:  # fmt: skip
        """Households and their helpers, by division; ``current=false`` shows former helpers too."""
        await wait_for_positions(service, after)
        start = PAIRING_ORDER.after(cursor) or BEFORE_FIRST
        find = partial(
            queries.pairings, narrowed_to_area(division, actor), None, helper, start, limit + 1, current=current
        )
        found = await anyio.to_thread.run_sync(find)
        answers = [PairingAnswer.model_validate(row, from_attributes=True) for row in found]
        return PAIRING_ORDER.page(answers, limit, lambda a: (a.division, a.household_id, a.number))

    @router.get("/helpers")
    async def list_helpers(
        actor: CurrentActor,
        after: AskedPositions,
        division: Prefix = "",
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[HelperLoadAnswer]:
        """Helpers, and how many households and persons each helps in the division."""
        await wait_for_positions(service, after)
        start = HELPER_ORDER.after(cursor) or ("", "")
        find = partial(queries.loads, narrowed_to_area(division, actor), start, limit + 1)
        answers = [
            HelperLoadAnswer.model_validate(row, from_attributes=True) for row in await anyio.to_thread.run_sync(find)
        ]
        return HELPER_ORDER.page(answers, limit, lambda a: (a.helper, a.unit))

    @router.get("/unhelped-households")
    async def list_unhelped_households(
        actor: CurrentActor,
        after: AskedPositions,
        division: Prefix = "",
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[UnhelpedHouseholdAnswer]:
        """Households in the register whom nobody helps today (M049, source facts §5 rule 42)."""
        await wait_for_positions(service, after)
        start = UNHELPED_ORDER.after(cursor) or ("", UUID(int=0))
        found = await anyio.to_thread.run_sync(queries.unhelped, narrowed_to_area(division, actor), start, limit + 1)
        answers = [UnhelpedHouseholdAnswer.model_validate(row, from_attributes=True) for row in found]
        return UNHELPED_ORDER.page(answers, limit, lambda a: (a.division, a.household_id))

    @router.get("/pairings/{household_id}")
    async def read_pairing(household_id: UUID, actor: CurrentActor, after: AskedPositions) -> list[PairingAnswer]:
        """Every helper of one household, first to last."""
        await wait_for_positions(service, after)
        find = partial(queries.pairings, actor.division, household_id, None, BEFORE_FIRST, 200, current=False)
        found = await anyio.to_thread.run_sync(find)
        if not found:
            raise Refused(NOT_FOUND)
        return [PairingAnswer.model_validate(row, from_attributes=True) for row in found]

    return router
