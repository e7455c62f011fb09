"""Pay-lists over HTTP: compiled, posted, verified, released, handed over; lines struck, held and freed; withdrawn."""

from functools import partial
from uuid import UUID, uuid5

import anyio
from fastapi.responses import JSONResponse

from contracts.civil import civil_day
from services.assistance.payments import acts
from services.assistance.payments.compiling import Compile, Compiler
from services.assistance.payments.forms import (
    ActForm,
    HandoverForm,
    LinesForm,
    PayListForm,
    ReleaseForm,
    StrikeForm,
)
from services.assistance.payments.ledger import Ledger
from services.assistance.payments.store import Decide, PaymentCommands, part_of
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter


def pay_lists_router(
    service: Service, commands: PaymentCommands, compiler: Compiler, ledger: Ledger, wait_for_positions: Waits
) -> DeferredRouter:
    router = DeferredRouter(prefix="/pay-lists", tags=["payments"])
    act = partial(_act, service, commands)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def compile_pay_list(body: PayListForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """All that is due by a day and on no other list, as it is known now: the same question, asked again with what is pinned,
        gives the same list. Of two that are compiled at once, one wins."""
        await wait_for_positions(after)
        if not command.actor.covers(body.division):
            raise Refused(NOT_FOUND)
        compiling = Compile(
            uuid5(command.ref.command_id, "pay-list"), body.programme, body.division, body.period_from, body.period_to,
            body.due_as_of, body.means, command.by,
        )  # fmt: skip
        return await compiled(command, partial(_drafted, service, compiler, compiling))

    @router.post("/{list_id}/reissues", status_code=201, responses=ACCEPTED)
    async def reissue_payments(list_id: UUID, body: ActForm, command: CurrentCommand) -> JSONResponse:
        """What was returned and nobody has paid again, as a list of its own: it was posted and verified already."""
        reissue = acts.Reissue(uuid5(command.ref.command_id, "pay-list"), list_id, body.on, command.by)
        return await compiled(command, partial(acts.reissued, service.store, ledger, reissue, command.actor))

    @router.post("/{list_id}/postings", status_code=201, responses=ACCEPTED)
    async def post_pay_list(list_id: UUID, body: ActForm, command: CurrentCommand) -> JSONResponse:
        """The list hangs for its working days; the day of posting does not count."""
        return await act(list_id, command, partial(acts.post, by=command.by, on=body.on))

    @router.post("/{list_id}/strikes", status_code=201, responses=ACCEPTED)
    async def strike_payment_lines(list_id: UUID, body: StrikeForm, command: CurrentCommand) -> JSONResponse:
        """Lines are not paid by this list, for an objection that was upheld or another reason: what is due is unpaid again."""
        return await act(
            list_id, command, partial(acts.strike, by=command.by, on=body.on, lines=body.lines, reason=body.reason)
        )

    @router.post("/{list_id}/verifications", status_code=201, responses=ACCEPTED)
    async def verify_pay_list(list_id: UUID, body: ActForm, command: CurrentCommand) -> JSONResponse:
        """The department has verified the list; nobody verifies what they compiled or posted."""
        return await act(list_id, command, partial(acts.verify, by=command.by, on=body.on))

    @router.post("/{list_id}/releases", status_code=201, responses=ACCEPTED)
    async def release_payments(
        list_id: UUID, body: ReleaseForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Finance checks the quota and reserves of it, under the fund's document and the treasury's order. What a fund has granted
        is read as it is known here: after a reservation, name its position."""
        await wait_for_positions(after)
        release = partial(
            acts.release, by=command.by, on=body.on, fund_document=body.fund_document, order_no=body.order_no
        )
        return await act(list_id, command, release)

    @router.post("/{list_id}/handovers", status_code=201, responses=ACCEPTED)
    async def hand_over_payments(list_id: UUID, body: HandoverForm, command: CurrentCommand) -> JSONResponse:
        """The lines that are neither struck, held nor handed over go to the platform, or to whoever delivers. The file is the
        list's lines as xlsx or CSV; its control code comes back with the result."""
        handed = partial(acts.hand_over, by=command.by, on=body.on, voucher_no=body.voucher_no)
        return await act(list_id, command, handed)

    async def compiled(command: Command, draft: acts.Drafts) -> JSONResponse:
        work = await anyio.to_thread.run_sync(acts.decided_later, draft)
        return await execute(service.store, command, work)

    return router


def corrections_router(service: Service, commands: PaymentCommands) -> DeferredRouter:
    router = DeferredRouter(prefix="/pay-lists", tags=["payments"])
    act = partial(_act, service, commands)

    @router.post("/{list_id}/frees", status_code=201, responses=ACCEPTED)
    async def free_payment_lines(list_id: UUID, body: LinesForm, command: CurrentCommand) -> JSONResponse:
        """The report of a death came to nothing: the lines held for it go on."""
        return await act(list_id, command, partial(acts.free, by=command.by, on=body.on, lines=body.lines))

    @router.post("/{list_id}/withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_pay_list(list_id: UUID, body: ActForm, command: CurrentCommand) -> JSONResponse:
        """The list is not paid: all that it names is unpaid again."""
        return await act(list_id, command, partial(acts.withdraw, by=command.by, on=body.on))

    return router


async def _act(
    service: Service, commands: PaymentCommands, list_id: UUID, command: Command, decide: Decide
) -> JSONResponse:
    handler = commands.handler(list_id, command.actor, decide)
    return await execute(service.store, command, handler, parts=(part_of(list_id),), extends=(DOCUMENTS,))


def _drafted(service: Service, compiler: Compiler, compiling: Compile) -> acts.Work:
    return compiler.handler(compiler.draft(compiling, civil_day(service.store.now())))
