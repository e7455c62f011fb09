"""Reading loans over HTTP. Nothing here is personal; the reader's area limits every list."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import anyio
from fastapi import Query

from contracts.civil import civil_day, end_of_day
from services.assistance.loans.account import Account
from services.assistance.loans.answers import (
    LoanEligibilityAnswer,
    LoanListAnswer,
    LoanPortfolioAnswer,
    LoanReasonAnswer,
    LoanStatementAnswer,
)
from services.assistance.loans.borrowers import office_of, product_in_force
from services.assistance.loans.eligibility import reasons_against
from services.assistance.loans.products import LoanProduct
from services.assistance.loans.queries import Asked, LoanQueries
from services.assistance.loans.rules import PRODUCT_NOT_IN_FORCE
from services.assistance.loans.schedule_answers import LoanScheduleAnswer
from services.assistance.loans.statements import statement
from services.casework.asked_days import AsOf, KnownAt
from services.casework.ledgers.money import yuan_of
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Text
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

ProductKey = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ContractNo = Annotated[Text | None, Query(max_length=80)]
BY_PLACE = Keyset("loans", str, UUID)
FEN = ("principal", "arrears", "claims")


def loan_queries_router(service: Service, queries: LoanQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/loans", tags=["loans"])

    async def asked(as_of: date | None, known_at: date | None) -> tuple[Asked, date]:
        # Nothing is known later than today; its end, so that what was just recorded counts.
        today = civil_day(await anyio.to_thread.run_sync(service.store.now))
        known_on = min(known_at or today, today)
        return Asked(as_of or today, end_of_day(known_on)), known_on

    def read(loan_id: UUID, actor: Any, of: Asked, known_on: date) -> LoanStatementAnswer:
        """Blocking. Raises ``NOT_FOUND``."""
        told = queries.facts(loan_id, of)
        account = Account(told)
        contract = account.contract
        if contract is None or not actor.covers(office_of(account)):
            raise Refused(NOT_FOUND)
        terms = queries.subsidy_terms(contract, of.day, of.known_at)
        answer = statement(told, of.day, known_on, terms)
        assert answer is not None
        return answer.model_copy(update={"base_rate": queries.base_rate(contract, of.known_at)})

    @router.get("")
    async def list_loans(
        actor: CurrentActor, after: AskedPositions, contract_no: ContractNo = None, division: Prefix = "", as_of: AsOf = None,
        known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[LoanListAnswer]:  # fmt: skip
        """Loans of an area with what is overdue of them on a day, as known then."""
        await wait_for_positions(service, after)
        of, _ = await asked(as_of, known_at)
        start = BY_PLACE.after(cursor) or ("", UUID(int=0))
        area = narrowed_to_area(division, actor)
        found = await anyio.to_thread.run_sync(queries.loans, area, of, contract_no, start, limit + 1)
        return BY_PLACE.page([LoanListAnswer(**_yuan(row)) for row in found], limit, lambda a: (a.division, a.loan_id))

    @router.get("/portfolio")
    async def read_loan_portfolio(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> list[LoanPortfolioAnswer]:
        """What is lent in an area by product and age of arrears, on a day as known then."""
        await wait_for_positions(service, after)
        of, _ = await asked(as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.portfolio, narrowed_to_area(division, actor), of)
        return [LoanPortfolioAnswer(**_yuan(row)) for row in found]

    @router.get("/eligibility")
    async def read_loan_eligibility(
        person_id: UUID, product: ProductKey, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None
    ) -> LoanEligibilityAnswer:
        """Whether a person may borrow under a product as of a day, and why not."""
        await wait_for_positions(service, after)
        of, _ = await asked(as_of, None)
        person = await anyio.to_thread.run_sync(queries.person, person_id, of.day)
        if person.division is None or not actor.covers(person.division):
            raise Refused(NOT_FOUND)
        paper = await anyio.to_thread.run_sync(_product, queries, product, of.day, person.division)
        if paper is None:
            raise Refused(PRODUCT_NOT_IN_FORCE, product=product, on=of.day)
        against = reasons_against(paper, person, of.day)
        return LoanEligibilityAnswer(
            person_id=person_id, product=product, as_of=of.day, eligible=not against, limit=paper.limit,
            reasons=[LoanReasonAnswer.of(reason) for reason in against],
        )  # fmt: skip

    @router.get("/{loan_id}")
    async def read_loan(
        loan_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> LoanStatementAnswer:
        """One loan's statement: every entry and balance through a day, as known then."""
        await wait_for_positions(service, after)
        of, known_on = await asked(as_of, known_at)
        return await anyio.to_thread.run_sync(read, loan_id, actor, of, known_on)

    @router.get("/{loan_id}/schedule")
    async def read_loan_schedule(
        loan_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> LoanScheduleAnswer:
        """What falls due when, for the household to take home: what was paid of it, and what is still to pay."""
        await wait_for_positions(service, after)
        of, known_on = await asked(as_of, known_at)
        return LoanScheduleAnswer.of(await anyio.to_thread.run_sync(read, loan_id, actor, of, known_on))

    return router


def _yuan(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: yuan_of(row[name]) for name in FEN}}


def _product(queries: LoanQueries, product: str, day: date, division: str) -> LoanProduct | None:
    return product_in_force(queries.documents.current(), product, day, division)
