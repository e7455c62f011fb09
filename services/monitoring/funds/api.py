"""Commands about funds over HTTP. Queries are in ``read_api``."""

from collections.abc import Callable, Sequence
from uuid import UUID

from fastapi.responses import JSONResponse

from contracts.facts import Fact, Recorded
from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundFact
from services.casework.evidence.citations import Citations
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter
from services.monitoring.funds import domain, forms
from services.monitoring.funds.state import Fund
from services.monitoring.funds.store import Decide, command_handler, declare_handler, stream_of
from services.monitoring.projects.domain import stream_of as project_stream
from services.monitoring.projects.state import Project


class FundCommandService:
    def __init__(self, citations: Citations, wait_for_positions: Waits) -> None:
        self._citations, self.wait_for_positions = citations, wait_for_positions

    async def carry_out(self, command: Command, fact: FundFact, handler: Callable[[Tx], Reply]) -> JSONResponse:
        use = getattr(fact, "use", None)
        streams = [stream_of(fact.fund_id)]
        if use is not None and use.project_id is not None:
            streams.append(project_stream(use.project_id))
        return await self._citations.execute(command, handler, *streams, evidence=fact.evidence, about=(fact.fund_id,))

    async def decide(self, command: Command, fact: FundFact, by: Decide) -> JSONResponse:
        return await self.carry_out(command, fact, command_handler(fact, command.actor, by))

    async def record(self, command: Command, fact: FundFact, *, sum_confirmed: bool = True) -> JSONResponse:
        """An act that moves money, or is asked for before it moves."""

        def recorded(fund: Fund, known: Sequence[Recorded], project: Project | None, tx: Tx) -> Sequence[Fact]:
            return domain.record(fact, fund, known, project, tx.today, sum_confirmed=sum_confirmed)

        return await self.decide(command, fact, recorded)


def funds_router(work: FundCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/funds", tags=["funds"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def declare_fund(form: forms.FundForm, command: CurrentCommand) -> JSONResponse:
        """A sum is promised; told twice it counts once."""
        # The id comes from the command, so that a repeated request declares no second one.
        fact = form.fact(command.ref.command_id, command.by)
        return await work.carry_out(
            command, fact, declare_handler(fact, command.actor, sum_confirmed=form.sum_confirmed)
        )

    @router.post("/{fund_id}/receipts", status_code=201, responses=ACCEPTED)
    async def receive_fund(fund_id: UUID, form: forms.VoucherForm, command: CurrentCommand) -> JSONResponse:
        """Money has arrived."""
        fact = facts.FundReceived(fund_id=fund_id, **form.moved_fields(command.by))
        return await work.record(command, fact, sum_confirmed=form.sum_confirmed)

    @router.post("/{fund_id}/pledge-cuts", status_code=201, responses=ACCEPTED)
    async def cut_pledge(fund_id: UUID, form: forms.PledgeCutForm, command: CurrentCommand) -> JSONResponse:
        """So much of what was promised will not come; nothing is overdue of it any more."""
        return await work.record(command, facts.FundPledgeCut(fund_id=fund_id, **form.moved_fields(command.by)))

    @router.post("/{fund_id}/allocations", status_code=201, responses=ACCEPTED)
    async def allocate_fund(fund_id: UUID, form: forms.UseMovedForm, command: CurrentCommand) -> JSONResponse:
        """So much is for this use, by decision; earmark and purpose match."""
        fact = facts.FundAllocated(fund_id=fund_id, **form.moved_fields(command.by))
        return await work.record(command, fact, sum_confirmed=form.sum_confirmed)

    @router.post("/{fund_id}/allocation-withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_allocation(fund_id: UUID, form: forms.UseMovedForm, command: CurrentCommand) -> JSONResponse:
        """What is allocated and not reserved is free again."""
        fact = facts.FundAllocationWithdrawn(fund_id=fund_id, **form.moved_fields(command.by))
        return await work.record(command, fact)

    @router.post("/{fund_id}/use-notices", status_code=201, responses=ACCEPTED)
    async def post_fund_use(fund_id: UUID, form: forms.UseNoticeForm, command: CurrentCommand) -> JSONResponse:
        """The use is posted before anything is spent (使用前张榜公示)."""
        fact = facts.FundUseNoticePosted(
            fund_id=fund_id, use=form.use.use_of_fund, place=form.place, until=form.until, **form.common(command.by)
        )
        return await work.record(command, fact)

    @router.post("/{fund_id}/reservations", status_code=201, responses=ACCEPTED)
    async def reserve_quota(fund_id: UUID, form: forms.UseMovedForm, command: CurrentCommand) -> JSONResponse:
        """The quota is reserved before anything is paid."""
        fact = facts.QuotaReserved(fund_id=fund_id, **form.moved_fields(command.by))
        return await work.record(command, fact, sum_confirmed=form.sum_confirmed)

    @router.post("/{fund_id}/reservation-releases", status_code=201, responses=ACCEPTED)
    async def release_quota(
        fund_id: UUID, form: forms.UseMovedForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """What is reserved, not paid and held by no released pay-list is free again."""
        await work.wait_for_positions(after)
        return await work.record(command, facts.QuotaReleased(fund_id=fund_id, **form.moved_fields(command.by)))

    @router.post("/{fund_id}/payments", status_code=201, responses=ACCEPTED)
    async def pay_from_fund(fund_id: UUID, form: forms.FundPaymentForm, command: CurrentCommand) -> JSONResponse:
        """Paid out of the quota, after the notice; part of it may be retained."""
        fact = facts.FundPaid(fund_id=fund_id, **form.moved_fields(command.by))
        return await work.record(command, fact, sum_confirmed=form.sum_confirmed)

    @router.post("/{fund_id}/retention-payments", status_code=201, responses=ACCEPTED)
    async def pay_retention(fund_id: UUID, form: forms.UseVoucherForm, command: CurrentCommand) -> JSONResponse:
        """What was kept back is paid."""
        return await work.record(command, facts.RetentionPaid(fund_id=fund_id, **form.moved_fields(command.by)))

    @router.post("/{fund_id}/payment-returns", status_code=201, responses=ACCEPTED)
    async def return_payment(fund_id: UUID, form: forms.UseVoucherForm, command: CurrentCommand) -> JSONResponse:
        """What was paid came back."""
        fact = facts.FundPaymentReturned(fund_id=fund_id, **form.moved_fields(command.by))
        return await work.record(command, fact)

    return router
