"""Queries of funds over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from contracts.civil import civil_day
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Text
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.funds.answers import (
    ExecutionAnswer,
    FundAnswer,
    ListedFundAnswer,
    TrialBalanceAnswer,
)
from services.monitoring.funds.queries import ExecutionBy, FundQueries, by_use

BY_PLACE, BY_KEY = Keyset("funds", str, UUID), Keyset("execution", str)
BEFORE_FIRST = ("", UUID(int=0))
TitlePart = Annotated[Text | None, Query(max_length=80)]
Year = Annotated[int | None, Query(ge=1990, le=2100)]


def fund_query_router(service: Service, queries: FundQueries) -> DeferredRouter:
    router = DeferredRouter(tags=["funds"])

    async def today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/funds")
    async def list_funds(
        actor: CurrentActor, after: AskedPositions, title: TitlePart = None, division: Prefix = "", year: Year = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedFundAnswer]:  # fmt: skip
        """Funds in the caller's area with their balances, pledges overdue and the age of what is carried over; ``title``: a part of
        it, or of the document's number."""
        await wait_for_positions(service, after)
        start = BY_PLACE.after(cursor) or BEFORE_FIRST
        find = partial(queries.funds, narrowed_to_area(division, actor), year, title, start, limit + 1)
        day = await today()
        found = [ListedFundAnswer.of(p, day) for p in await anyio.to_thread.run_sync(find)]
        return BY_PLACE.page(found, limit, lambda a: (a.division, a.fund_id))

    @router.get("/funds/{fund_id}")
    async def read_fund(
        fund_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> FundAnswer:
        """One fund: balances by use on a day as known on another, notices, the treasury's vouchers that differ."""
        await wait_for_positions(service, after)
        day, instant = as_of or await today(), recorded_before(known_at)
        position, book, division, facts = await anyio.to_thread.run_sync(queries.fund, fund_id, day, instant)
        # Scope uses the real now, whatever day is asked about.
        if position is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        uses = {*by_use(position.balances), *(notice.use for notice in position.fund.notices)}
        titles = await anyio.to_thread.run_sync(queries.titles, uses)
        return FundAnswer.of_fund(position, book, facts, day, instant, titles)

    @router.get("/trial-balance")
    async def read_trial_balance(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> TrialBalanceAnswer:
        """All debits and credits of the funds under a division, on a day as known on another."""
        await wait_for_positions(service, after)
        day, instant = as_of or await today(), recorded_before(known_at)
        area = narrowed_to_area(division, actor)
        trial, balances = await anyio.to_thread.run_sync(queries.trial_balance, area, day, instant)
        return TrialBalanceAnswer.of(trial, dict(balances), day, instant)

    @router.get("/execution")
    async def list_execution(
        actor: CurrentActor, after: AskedPositions, by: ExecutionBy, division: Prefix = "", as_of: AsOf = None,
        known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ExecutionAnswer]:  # fmt: skip
        """What was paid of what is to hand, by fund, project, division, day or month, or by division and month: as published at
        ``known_at``, and restated."""
        await wait_for_positions(service, after)
        day, instant = as_of or await today(), recorded_before(known_at)
        (start,) = BY_KEY.after(cursor) or ("",)
        area = narrowed_to_area(division, actor)
        find = partial(queries.execution, area, by, day, instant, start, limit + 1)
        executed = await anyio.to_thread.run_sync(find)
        named = queries.fund_titles if by is ExecutionBy.FUND else queries.titles
        titles = await anyio.to_thread.run_sync(named, [each.key for each in executed])
        found = [ExecutionAnswer.of(each, titles) for each in executed]
        return BY_KEY.page(found, limit, lambda a: (a.key,))

    return router
