"""Commands that keep a fund's books over HTTP: back to the source, the fiscal year, posted accounts, the treasury's vouchers,
annulments."""

from uuid import UUID

from fastapi.responses import JSONResponse

from contracts.monitoring import funds as facts
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.funds import domain, forms
from services.monitoring.funds.api import FundCommandService
from services.monitoring.funds.reports import file_report, filed


def fund_keeping_router(work: FundCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/funds", tags=["funds"])

    @router.post("/{fund_id}/returns", status_code=201, responses=ACCEPTED)
    async def return_fund(fund_id: UUID, form: forms.VoucherForm, command: CurrentCommand) -> JSONResponse:
        """What was left goes back to where it came from."""
        return await work.record(command, facts.FundReturned(fund_id=fund_id, **form.moved_fields(command.by)))

    @router.post("/{fund_id}/year-closings", status_code=201, responses=ACCEPTED)
    async def close_fund_year(fund_id: UUID, form: forms.YearForm, command: CurrentCommand) -> JSONResponse:
        """The fiscal year is closed for the fund; what is left is carried over."""
        fact = facts.FundYearClosed(fund_id=fund_id, year=form.year, **form.common(command.by))
        return await work.decide(command, fact, lambda fund, _, __, tx: domain.close_year(fact, fund, tx.today))

    @router.post("/{fund_id}/posted-accounts", status_code=201, responses=ACCEPTED)
    async def post_fund_accounts(fund_id: UUID, form: forms.AccountsForm, command: CurrentCommand) -> JSONResponse:
        """A village fund's accounts of a half-year are posted, checked by the villagers' group."""
        fact = facts.FundAccountsPosted(
            fund_id=fund_id, year=form.year, half=form.half, checked_by=form.checked_by, until=form.until,
            **form.common(command.by),
        )  # fmt: skip
        return await work.decide(command, fact, lambda fund, _, __, tx: domain.post_accounts(fact, fund, tx.today))

    @router.post("/{fund_id}/reports", status_code=201, responses=ACCEPTED)
    async def file_fund_report(fund_id: UUID, form: forms.FundReportForm, command: CurrentCommand) -> JSONResponse:
        """What a common fund received, spent and had left is reported, as its ledger has it now."""
        fields = {"fund_id": fund_id, "reported_to": form.reported_to, **form.common(command.by)}
        empty = filed(fields, (), form.period_from, form.period_to)
        return await work.decide(
            command, empty,
            lambda fund, known, _, tx: file_report(
                filed(fields, known, form.period_from, form.period_to), fund, tx.today
            ),
        )  # fmt: skip

    @router.post("/{fund_id}/treasury-vouchers", status_code=201, responses=ACCEPTED)
    async def report_treasury_voucher(fund_id: UUID, form: forms.VoucherForm, command: CurrentCommand) -> JSONResponse:
        """The treasury's own books have this voucher: it is compared."""
        fact = facts.TreasuryVoucherReported(fund_id=fund_id, **form.moved_fields(command.by))
        return await work.record(command, fact)

    @router.post("/{fund_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_fund_acts(
        fund_id: UUID, form: forms.FundAnnulmentForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Acts were wrong, or an annulment of some was; what is left stands on every day."""
        await work.wait_for_positions(after)
        fact = facts.FundActsAnnulled(
            fund_id=fund_id, reason=form.reason, annuls=form.annuls, **form.common(command.by)
        )
        return await work.decide(command, fact, lambda fund, known, _, tx: domain.annul(fact, fund, known, tx.today))

    return router
