"""Account numbers in plain over HTTP, for the platform's file."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.assistance.programmes import PayeeKind
from contracts.civil import civil_day
from services.assistance.payments.account_readings import AccountRun, opened, reading_handler, sealed_run
from services.assistance.payments.forms import Text
from services.casework.purposes import access_stream
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.data_keys import DataKeys
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.payloads import Body
from services.chassis.web.position_tokens import HEADER, PositionToken, parse_positions
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter


class AccountReadingForm(Body):
    """``organ``: whose payment it is; ``after_line``: go on behind this line."""

    organ: Annotated[Text, Field(examples=["县财政局"])]
    after_line: Annotated[int, Field(ge=0, le=10**7)] = 0


class AccountLineAnswer(BaseModel):
    """``holder``: person or household whose account it is; ``account``: in plain, ``shredded`` where its key was destroyed, none where
    the register has none, or none is held there (a school's)."""

    line: int
    unit: UUID
    holder: UUID
    payee_kind: PayeeKind
    amount: Decimal
    account: str | None


class AccountReadingAnswer(BaseModel):
    """At most 256 lines; ``next_line``: to go on behind. A repeated request is answered without lines."""

    position: PositionToken
    replayed: bool
    control: str
    lines: list[AccountLineAnswer]
    next_line: int | None


def account_readings_router(service: Service, keys: DataKeys, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/pay-lists", tags=["payments"])

    @router.post(
        "/{list_id}/account-readings", status_code=201, responses={**ACCEPTED, 201: {"model": AccountReadingAnswer}}
    )
    async def read_payment_accounts(
        list_id: UUID, form: AccountReadingForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The accounts of lines that were handed over and not answered yet, as the platform's file needs them. Reader, treasury
        order and households are recorded before the answer."""
        await wait_for_positions(after)
        run = await anyio.to_thread.run_sync(sealed_run, service.store, list_id, form.after_line, command.actor)
        record, recorded = reading_handler(run, form.organ, command.actor), list[bool]()

        def work(tx: Tx) -> Reply:
            reply = record(tx)
            recorded.append(True)
            return reply

        stream = access_stream(command.by, civil_day(service.store.clock.now()))
        answer = await execute(service.store, command, work, stream)
        if command.dry_run:
            return answer
        # The work of a repeated request is not run: it gets no values.
        lines = await anyio.to_thread.run_sync(_lines, run, keys) if recorded else []
        position = parse_positions(answer.headers[HEADER])
        body = AccountReadingAnswer(
            position=position, replayed=not recorded, control=run.control, lines=lines, next_line=run.next
        )
        headers = {HEADER: answer.headers[HEADER], "Cache-Control": "no-store"}
        return JSONResponse(body.model_dump(mode="json"), 201, headers)

    return router


def _lines(run: AccountRun, keys: DataKeys) -> list[AccountLineAnswer]:
    plain = opened(run, keys)
    return [
        AccountLineAnswer(
            line=a.line,
            unit=a.unit,
            holder=a.holder,
            payee_kind=a.payee_kind,
            amount=a.amount,
            account=plain.get(a.line),
        )
        for a in run.lines
    ]
