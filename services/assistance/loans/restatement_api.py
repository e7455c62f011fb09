"""Over HTTP: how one loan was restated between two days of knowledge."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import BaseModel

from contracts.civil import civil_day, end_of_day
from services.assistance.loans import rules
from services.assistance.loans.account import Account
from services.assistance.loans.answers import LoanAccount
from services.assistance.loans.borrowers import office_of
from services.assistance.loans.queries import LoanQueries
from services.assistance.loans.restatements import Change, Knowledge, Restatement, restated
from services.casework.asked_days import AsOf, KnownAt
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

ComparedWith = Annotated[
    Day,
    Query(
        description="与该日所知比较，早于“按当时所知”的日期 / compared with what was known at the end of that day; earlier than known_at"
    ),
]


class LoanFigureChangeAnswer(BaseModel):
    """A figure of the statement, by the name of its field; as known earlier and later, ``null`` where there was none."""

    figure: str
    earlier: str | None
    later: str | None


class LoanAmountChangeAnswer(BaseModel):
    """An amount of a due day or of a quarter (its last day); yuan, ``null`` where nothing was due then."""

    on: date
    earlier: Decimal | None
    later: Decimal | None

    @classmethod
    def of(cls, change: Change) -> Self:
        return cls(on=date.fromisoformat(change.of), earlier=_yuan(change.earlier), later=_yuan(change.later))


class LoanMovementChangeAnswer(BaseModel):
    """What an account moved by on a day; debits above zero. ``facts``: ids of what was learned in between and takes effect by then."""

    on: date
    account: LoanAccount
    earlier: Decimal
    later: Decimal
    facts: list[str]


class LoanLearnedFactAnswer(BaseModel):
    """What was learned of the loan in between. ``annuls``: ids of the facts that it makes void."""

    id: str
    type: str
    effective_on: date
    recorded_at: datetime
    annuls: list[str]


class LoanRestatementAnswer(BaseModel):
    """One loan at the end of ``as_of`` as known at the end of two days. Only what is otherwise is listed. ``instalments``: what is to be
    paid on each due day, past and to come; ``subsidies``: of each quarter; ``terms_changed``: the paper that says how much of the
    interest is subsidised was another."""

    loan_id: UUID
    as_of: date
    compared_with: date
    known_at: date
    terms_changed: bool
    learned: list[LoanLearnedFactAnswer]
    figures: list[LoanFigureChangeAnswer]
    instalments: list[LoanAmountChangeAnswer]
    subsidies: list[LoanAmountChangeAnswer]
    movements: list[LoanMovementChangeAnswer]


def loan_restatements_router(service: Service, queries: LoanQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/loans", tags=["loans"])

    def read(loan_id: UUID, actor: Any, day: date, days: tuple[date, date]) -> Restatement:
        """Blocking. Raises ``NOT_FOUND``."""
        told = queries.facts(loan_id)
        latest = Account([r for r in told if r.recorded_at < end_of_day(days[1])])
        contract = latest.contract
        if contract is None or not actor.covers(office_of(latest)):
            raise Refused(NOT_FOUND)
        earlier, later = (
            Knowledge(on, end_of_day(on), queries.subsidy_terms(contract, day, end_of_day(on))) for on in days
        )
        return restated(told, day, earlier, later)

    @router.get("/{loan_id}/restatement")
    async def read_loan_restatement(
        loan_id: UUID, compared_with: ComparedWith, actor: CurrentActor, after: AskedPositions,
        as_of: AsOf = None, known_at: KnownAt = None,
    ) -> LoanRestatementAnswer:  # fmt: skip
        """What of a loan is otherwise than it was known, and by which facts: every figure, due day, quarter and movement."""
        await wait_for_positions(service, after)
        today = civil_day(await anyio.to_thread.run_sync(service.store.now))
        days = compared_with, min(known_at or today, today)
        if days[0] >= days[1]:
            raise Refused(rules.COMPARED_WITH_LATER, compared_with=days[0], known_at=days[1])
        day = as_of or today
        found = await anyio.to_thread.run_sync(read, loan_id, actor, day, days)
        return _answer(loan_id, day, days, found)

    return router


def _answer(loan_id: UUID, day: date, days: tuple[date, date], found: Restatement) -> LoanRestatementAnswer:
    return LoanRestatementAnswer(
        loan_id=loan_id, as_of=day, compared_with=days[0], known_at=days[1], terms_changed=found.terms_changed,
        learned=[
            LoanLearnedFactAnswer(
                id=r.id, type=r.fact.type_name, effective_on=r.fact.effective_on, recorded_at=r.recorded_at,
                annuls=list(r.fact.annuls),
            )
            for r in found.learned
        ],
        figures=[LoanFigureChangeAnswer(figure=c.of, earlier=c.earlier, later=c.later) for c in found.figures],
        instalments=[LoanAmountChangeAnswer.of(c) for c in found.instalments],
        subsidies=[LoanAmountChangeAnswer.of(c) for c in found.subsidies],
        movements=[
            LoanMovementChangeAnswer(on=m.on, account=LoanAccount(m.account), earlier=m.earlier, later=m.later, facts=list(m.facts))
            for m in found.movements
        ],
    )  # fmt: skip


def _yuan(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
