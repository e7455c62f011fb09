"""Acts on loans over HTTP."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID, uuid5

import anyio
from fastapi.responses import JSONResponse

from services.assistance.loans import commands as c
from services.assistance.loans.domain import stream_of
from services.assistance.loans.forms import (
    LoanAnnulmentForm,
    LoanCompensationForm,
    LoanContractForm,
    LoanExtensionForm,
    LoanJobsForm,
    LoanMoneyForm,
    LoanRateForm,
    LoanRepaymentForm,
    LoanReviewForm,
    common,
    percent,
)
from services.assistance.loans.queries import LoanQueries
from services.assistance.loans.store import LoanCommands, borrower_of
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

LOANS = UUID("6a0d3b7c-2a5e-5f0a-8b0a-0f6f7d1c9e11")
"""Namespace of the ids of loans that no case applied for: of their commands."""


Enter = Callable[[Command, Mapping[str, int], c.Command], Awaitable[JSONResponse]]


def loans_router(service: Service, commands: LoanCommands, queries: LoanQueries) -> DeferredRouter:
    """Contracts, and money that goes out or comes in."""
    router, enter = DeferredRouter(prefix="/loans", tags=["loans"]), entering(service, commands, queries)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def contract_loan(body: LoanContractForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """A contract is signed; nothing is paid out yet."""
        await wait_for_positions(service, after)
        told = body.command(uuid5(LOANS, str(command.ref.command_id)), command.by)
        handler = commands.contract(told, command.actor.covers)
        return await execute(service.store, command, handler, stream_of(borrower_of(told)), extends=(DOCUMENTS,))

    @router.post("/{loan_id}/disbursements", status_code=201, responses=ACCEPTED)
    async def disburse_loan(
        loan_id: UUID, body: LoanMoneyForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A part of the principal is paid out, or all of it."""
        return await enter(command, after, c.Disburse(**body.fields(loan_id, command.by)))

    @router.post("/{loan_id}/repayments", status_code=201, responses=ACCEPTED)
    async def repay_loan(
        loan_id: UUID, body: LoanRepaymentForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The borrower paid, on whatever day; later days are restated."""
        return await enter(command, after, body.command(loan_id, command.by))

    @router.post("/{loan_id}/recoveries", status_code=201, responses=ACCEPTED)
    async def recover_loan(
        loan_id: UUID, body: LoanMoneyForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Of a compensated loan something came back, and is shared by who bore it."""
        return await enter(command, after, c.Recover(**body.fields(loan_id, command.by)))

    @router.post("/{loan_id}/subsidies", status_code=201, responses=ACCEPTED)
    async def pay_loan_subsidy(
        loan_id: UUID, body: LoanMoneyForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The treasury paid subsidised interest that was due (贴息)."""
        return await enter(command, after, c.PaySubsidy(**body.fields(loan_id, command.by)))

    @router.post("/{loan_id}/subsidy-returns", status_code=201, responses=ACCEPTED)
    async def return_loan_subsidy(
        loan_id: UUID, body: LoanMoneyForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The lender gave back subsidised interest that is not due any more (退回贴息)."""
        return await enter(command, after, c.ReturnSubsidy(**body.fields(loan_id, command.by)))

    @router.post("/{loan_id}/dividends", status_code=201, responses=ACCEPTED)
    async def pay_loan_dividend(
        loan_id: UUID, body: LoanMoneyForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A dividend of a loan that was invested for it: the historical kind."""
        return await enter(command, after, c.PayDividend(**body.fields(loan_id, command.by)))

    return router


def loan_changes_router(service: Service, commands: LoanCommands, queries: LoanQueries) -> DeferredRouter:
    """What becomes of a loan otherwise."""
    router, enter = DeferredRouter(prefix="/loans", tags=["loans"]), entering(service, commands, queries)

    @router.post("/{loan_id}/rate-corrections", status_code=201, responses=ACCEPTED)
    async def correct_loan_rate(
        loan_id: UUID, body: LoanRateForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The contract's rate was typed wrong: every later interest, subsidy and arrears is restated."""
        told = c.CorrectRate(
            **common(loan_id, body.effective_on, command.by), rate=percent(body.rate), until=body.until
        )
        return await enter(command, after, told)

    @router.post("/{loan_id}/extensions", status_code=201, responses=ACCEPTED)
    async def extend_loan(
        loan_id: UUID, body: LoanExtensionForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """What is not due yet falls due later (展期)."""
        told = c.Extend(**common(loan_id, body.effective_on, command.by), final_on=body.final_on)
        return await enter(command, after, told)

    @router.post("/{loan_id}/jobs", status_code=201, responses=ACCEPTED)
    async def report_loan_jobs(
        loan_id: UUID, body: LoanJobsForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """How many jobs the business that was lent for gives; the number told last counts."""
        told = c.CountJobs(**common(loan_id, body.effective_on, command.by), jobs=body.jobs)
        return await enter(command, after, told)

    @router.post("/{loan_id}/compensations", status_code=201, responses=ACCEPTED)
    async def compensate_loan(
        loan_id: UUID, body: LoanCompensationForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Risk fund and lender bear the whole debt in the product's proportion (代偿)."""
        told = c.Compensate(**common(loan_id, body.effective_on, command.by), voucher=body.voucher)
        return await enter(command, after, told)

    @router.post("/{loan_id}/review-decisions", status_code=201, responses=ACCEPTED)
    async def decide_loan_review(
        loan_id: UUID, body: LoanReviewForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """What becomes of a loan whose borrower died, or whose household was removed."""
        told = c.DecideReview(
            **common(loan_id, body.effective_on, command.by),
            review=body.review,
            outcome=body.outcome,
            debtor=body.debtor,
        )
        return await enter(command, after, told)

    @router.post("/{loan_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_loan_entries(
        loan_id: UUID, body: LoanAnnulmentForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Entries are void: the bank took them back, or they were typed wrong. Annulling an annulment restores."""
        fields = common(loan_id, body.effective_on, command.by)
        return await enter(command, after, c.Annul(**fields, facts=tuple(body.facts), reason=body.reason))

    return router


def entering(service: Service, commands: LoanCommands, queries: LoanQueries) -> Enter:
    """Records what is entered on a loan's account."""

    async def enter(command: Command, after: Mapping[str, int], told: c.Command) -> JSONResponse:
        await wait_for_positions(service, after)
        borrower = await anyio.to_thread.run_sync(queries.borrower_of, told.loan_id)
        if borrower is None:
            # Contracted a moment ago, it may stand in the log and not in the view yet.
            head = await anyio.to_thread.run_sync(service.store.recorder.max_notification_id)
            await service.wait_for_positions({service.name: head or 0})
            borrower = await anyio.to_thread.run_sync(queries.borrower_of, told.loan_id)
        if borrower is None:
            raise Refused(NOT_FOUND)
        handler = commands.enter(borrower, told, command.actor.covers)
        return await execute(service.store, command, handler, stream_of(borrower), extends=(DOCUMENTS,))

    return enter
