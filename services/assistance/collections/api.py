"""Collections over HTTP."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi import Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.assistance.collections import (
    CollectionEntryAnnulled,
    CollectionOpened,
    DonationPledged,
    DonationReceived,
)
from contracts.civil import civil_day
from contracts.selection import timeline
from services.assistance.collections import domain
from services.assistance.collections.domain import Collection, Entry, fold, stream_of
from services.assistance.collections.store import CollectionCommands, Decide, Entering, recipient_of
from services.assistance.entitlements.domain import stream_of as entitlement_stream
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.reading import Documents
from services.casework.positions import wait_for_own_head, wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.payloads import Body
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

Money = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$", examples=["2016-0031"])]


class CollectionForm(Body):
    """``target``: yuan that are sought."""

    on: TypedDay
    target: Money


class PledgeForm(Body):
    """``donor``: number of the donor's card; ``due_on``: the day by which it is promised."""

    on: TypedDay
    donor: Code
    amount: Money
    due_on: TypedDay


class DonationForm(Body):
    """``pledge``: number of the pledge that it keeps, where it keeps one."""

    on: TypedDay
    donor: Code
    amount: Money
    receipt_no: Code
    pledge: Annotated[int | None, Field(ge=1)] = None


class CollectionAnnulmentForm(Body):
    """``reason``: as a code."""

    on: TypedDay
    reason: Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["entered_wrongly"])]


class PledgeAnswer(BaseModel):
    """``left``: yuan that did not come in; ``overdue``: and the day by which they were promised is over."""

    number: int
    donor: str
    amount: Decimal
    on: date
    due_on: date
    left: Decimal
    overdue: bool


class DonationAnswer(BaseModel):
    number: int
    donor: str
    amount: Decimal
    on: date
    receipt_no: str
    pledge: int | None


class CollectionAnswer(BaseModel):
    """Yuan. What was received is due to the recipient. ``number``: of the opening, by which it is annulled."""

    number: int
    case_id: UUID
    unit_id: UUID
    programme: str
    opened_on: date
    target: Decimal
    pledged: Decimal
    received: Decimal
    pledges: list[PledgeAnswer]
    donations: list[DonationAnswer]

    @classmethod
    def of(cls, found: Collection, today: date) -> Self:
        """Raises ``Refused`` where nothing was sought."""
        if found.opened is None:
            raise Refused(NOT_FOUND)
        opened = found.opened.said
        return cls(
            number=found.opened.number, case_id=opened.case_id, unit_id=opened.unit_id, programme=opened.programme,
            opened_on=opened.effective_on, target=opened.target, pledged=found.pledged, received=found.received,
            pledges=[_pledge(found, entry, today) for entry in found.pledges],
            donations=[_donation(entry) for entry in found.donations],
        )  # fmt: skip


def _pledge(found: Collection, entry: Entry[DonationPledged], today: date) -> PledgeAnswer:
    said = entry.said
    return PledgeAnswer(
        number=entry.number, donor=said.donor, amount=said.amount, on=said.effective_on, due_on=said.due_on,
        left=found.left_of(entry), overdue=found.is_overdue(entry, today),
    )  # fmt: skip


def _donation(entry: Entry[DonationReceived]) -> DonationAnswer:
    said = entry.said
    return DonationAnswer(
        number=entry.number, donor=said.donor, amount=said.amount, on=said.effective_on, receipt_no=said.receipt_no,
        pledge=said.pledge,
    )  # fmt: skip


def collections_router(service: Service, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(prefix="/entitlements/{case_id}/collection", tags=["collections"])
    commands, store = CollectionCommands(documents), service.store

    def recipient(case_id: UUID, actor: Actor) -> UUID:
        with store.reading() as conn, conn.cursor() as cur:
            return recipient_of(cur, case_id, actor)

    async def entered(case_id: UUID, on: date, command: Command, decide: Decide, after: AskedPositions) -> JSONResponse:
        await wait_for_own_head(service, after)
        unit = await anyio.to_thread.run_sync(recipient, case_id, command.actor)
        handler = commands.handler(Entering(case_id, on), command.actor, decide)
        return await execute(
            store, command, handler, stream_of(case_id), entitlement_stream(unit), extends=(DOCUMENTS,)
        )

    @router.get("")
    async def read_collection(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> CollectionAnswer:
        """What is sought for the recipient, pledged, overdue and received."""
        await wait_for_positions(service, after)

        def read() -> CollectionAnswer:
            recipient(case_id, actor)
            return CollectionAnswer.of(fold(timeline(store.stream(stream_of(case_id)))), civil_day(store.now()))

        return await anyio.to_thread.run_sync(read)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def open_collection(
        case_id: UUID, body: CollectionForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Money is sought for a recipient who was chosen before: only for what was granted."""
        decide = partial(_opened, target=body.target)
        return await entered(case_id, body.on, command, decide, after)

    @router.post("/pledges", status_code=201, responses=ACCEPTED)
    async def pledge_donation(
        case_id: UUID, body: PledgeForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A donor promises so much by a day."""

        def decide(state: Collection, common: dict[str, object], today: date) -> DonationPledged:
            return domain.pledge(state, common, body.donor, body.amount, body.due_on, today)

        return await entered(case_id, body.on, command, decide, after)

    @router.post("/donations", status_code=201, responses=ACCEPTED)
    async def receive_donation(
        case_id: UUID, body: DonationForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Money came in against a receipt, and is due to the recipient."""

        def decide(state: Collection, common: dict[str, object], today: date) -> DonationReceived:
            return domain.receive(state, common, body.amount, body.receipt_no, body.donor, body.pledge, today)

        return await entered(case_id, body.on, command, decide, after)

    @router.post("/entries/{number}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_collection_entry(
        case_id: UUID, number: Annotated[int, Path(ge=1, le=10**6)], body: CollectionAnnulmentForm,
        command: CurrentCommand, after: AskedPositions,
    ) -> JSONResponse:  # fmt: skip
        """A pledge or a donation never was, or the opening, where nothing stands that was entered after it."""
        decide = partial(_annulled, number=number, reason=body.reason)
        return await entered(case_id, body.on, command, decide, after)

    return router


def _opened(state: Collection, common: dict[str, object], today: date, *, target: Decimal) -> CollectionOpened:
    return domain.open_collection(state, common, target, today)


def _annulled(
    state: Collection, common: dict[str, object], _: date, *, number: int, reason: str
) -> CollectionEntryAnnulled:
    return domain.annul(state, common, number, reason)
