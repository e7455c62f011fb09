"""Risk funds over HTTP: what is paid in and taken out, and how far they cover what is lent."""

from typing import Annotated, Any

import anyio
from fastapi.responses import JSONResponse
from pydantic import Field

from contracts.assistance.loans import LoanAnnulment
from contracts.assistance.risk_funds import RiskFundFact, RiskFundFactsAnnulled, RiskFundPaidIn, RiskFundPaidOut
from services.assistance.loans.forms import Voucher, Yuan, yuan
from services.assistance.loans.queries import Asked
from services.assistance.loans.risk_funds.answers import LoanCoverageAnswer, RiskFundFactAnswer
from services.assistance.loans.risk_funds.domain import fund_of, stream_of
from services.assistance.loans.risk_funds.queries import RiskFundQueries
from services.assistance.loans.risk_funds.store import RiskFundCommands
from services.casework.asked_days import AsOf, KnownAt, days_asked
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.positions import wait_for_own_head, wait_for_positions
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

County = Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["990001"])]
Product = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["poverty_micro_credit"])]
FactId = Annotated[str, Field(pattern=r"^assistance/risk-fund-[0-9a-f-]{36}/[1-9][0-9]{0,8}$", max_length=80)]


class RiskFundForm(Body):
    """``division``: the county; ``product``: whose losses the fund bears."""

    product: Product
    division: County
    effective_on: TypedDay

    def common(self, by: str) -> dict[str, Any]:
        fund_id = fund_of(self.division, self.product)
        return {
            "fund_id": fund_id, "product": self.product, "division": self.division, "effective_on": self.effective_on,
            "entered_by": by,
        }  # fmt: skip


class RiskFundMoneyForm(RiskFundForm):
    amount: Yuan
    voucher: Voucher

    def fields(self, by: str) -> dict[str, Any]:
        return {**self.common(by), "amount": yuan(self.amount), "voucher": self.voucher}


class RiskFundAnnulmentForm(RiskFundForm):
    """``facts``: ids of entries, from the coverage."""

    facts: Annotated[
        list[FactId],
        Field(min_length=1, max_length=100, examples=[["assistance/risk-fund-00000000-0000-4000-8000-000000000001/1"]]),
    ]
    reason: LoanAnnulment


def risk_funds_router(service: Service, commands: RiskFundCommands, queries: RiskFundQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/loans", tags=["loans"])

    async def enter(command: Command, after: Any, fact: RiskFundFact) -> JSONResponse:
        # What the fund bore is read from the view.
        await wait_for_own_head(service, after)
        handler = commands.handler(fact, command.actor)
        return await execute(service.store, command, handler, stream_of(fact.fund_id), extends=(DOCUMENTS,))

    @router.post("/risk-fund-payments-in", status_code=201, responses=ACCEPTED)
    async def pay_into_risk_fund(
        body: RiskFundMoneyForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Money was paid into the county's risk fund of a product (风险补偿金)."""
        return await enter(command, after, RiskFundPaidIn(**body.fields(command.by)))

    @router.post("/risk-fund-payments-out", status_code=201, responses=ACCEPTED)
    async def pay_out_of_risk_fund(
        body: RiskFundMoneyForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Money that bears no loss was taken out of the fund again."""
        return await enter(command, after, RiskFundPaidOut(**body.fields(command.by)))

    @router.post("/risk-fund-annulments", status_code=201, responses=ACCEPTED)
    async def annul_risk_fund_entries(
        body: RiskFundAnnulmentForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Entries of a fund are void. Annulling an annulment restores."""
        void = RiskFundFactsAnnulled(**body.common(command.by), annuls=tuple(body.facts), reason=body.reason)
        return await enter(command, after, void)

    @router.get("/risk-fund-facts")
    async def list_risk_fund_facts(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> list[RiskFundFactAnswer]:
        """What was entered of the area's risk funds and stands on a day as known then: any of it may be annulled."""
        await wait_for_positions(service, after)
        day, known = await days_asked(service.store, as_of, known_at)
        return await anyio.to_thread.run_sync(queries.facts, narrowed_to_area(division, actor), Asked(day, known))

    @router.get("/coverage")
    async def read_loan_coverage(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> list[LoanCoverageAnswer]:
        """By county and product: who borrowed, whom that drew in, the jobs it gives, and how far the risk fund covers what is lent and
        what is overdue, on a day as known then."""
        await wait_for_positions(service, after)
        day, known = await days_asked(service.store, as_of, known_at)
        return await anyio.to_thread.run_sync(queries.coverage, narrowed_to_area(division, actor), Asked(day, known))

    return router
