"""The posting of what a fund is used for, over HTTP."""

from datetime import date
from typing import Annotated

import anyio
from fastapi import Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.assistance.payment_funds import PaymentFundUsePosted
from services.assistance.payments.forms import ActForm, Programme, Text
from services.assistance.payments.funds import annulling, posting, postings, stream_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.payloads import Body
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

COUNTY = r"^[0-9]{6}$"
Paying = Annotated[str, Field(pattern=COUNTY, examples=["990001"])]


class FundPostingForm(ActForm):
    """``division``: of the county that pays; ``place``: where it hung."""

    programme: Programme
    division: Paying
    fund_document: Text
    place: Text


class FundPostingAnnulmentForm(Body):
    programme: Programme
    division: Paying
    reason: Text


class FundPostingAnswer(BaseModel):
    """``number``: by which it is annulled."""

    number: int
    fund_document: str
    posted_on: date
    place: str


def fund_postings_router(service: Service, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/payments/fund-postings", tags=["payments"])

    @router.get("")
    async def list_fund_postings(
        actor: CurrentActor, after: AskedPositions, programme: Annotated[str, Query(pattern=rf"^{KEY_PATTERN}$")],
        division: Annotated[str, Query(pattern=COUNTY)],
    ) -> list[FundPostingAnswer]:  # fmt: skip
        """Where it hung what each fund of a programme is used for; without it nothing of the fund is released."""
        await wait_for_positions(after)
        if not actor.covers(division):
            raise Refused(NOT_FOUND)
        recorded = await anyio.to_thread.run_sync(service.store.stream, stream_of(programme, division))
        return [FundPostingAnswer.model_validate(one, from_attributes=True) for one in postings(recorded)]

    @router.post("", status_code=201, responses=ACCEPTED)
    async def post_payment_fund(body: FundPostingForm, command: CurrentCommand) -> JSONResponse:
        """It hangs what the money is used for."""
        fact = PaymentFundUsePosted(
            programme=body.programme, division=body.division, fund_document=body.fund_document, place=body.place,
            effective_on=body.on, entered_by=command.by,
        )  # fmt: skip
        stream = stream_of(body.programme, body.division)
        return await execute(service.store, command, posting(fact, command.actor), stream)

    @router.post("/{number}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_fund_posting(
        number: Annotated[int, Path(ge=1, le=10**6)], body: FundPostingAnnulmentForm, command: CurrentCommand
    ) -> JSONResponse:
        """It never hung."""
        handler = annulling(body.programme, body.division, number, body.reason, command.actor)
        return await execute(service.store, command, handler, stream_of(body.programme, body.division))

    return router
