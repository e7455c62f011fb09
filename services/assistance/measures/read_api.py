"""Reading measures over HTTP; the reader's area limits every list."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from services.assistance.measures.answers import (
    HouseholdMeasuresAnswer,
    ListedPlanAnswer,
    MeasureDeliveredTotalAnswer,
    MeasureTotalAnswer,
)
from services.assistance.measures.queries import MeasureQueries
from services.casework.asked_days import AsOf, KnownAt, days_asked, recorded_before
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

BY_PLACE = Keyset("household_plans", str, UUID)
BEFORE_FIRST = ("", UUID(int=0))
Missing = Annotated[
    bool, Query(description="只看有致贫原因而无对应措施的户 / only those with a cause that no measure is against")
]


def measure_queries_router(service: Service, queries: MeasureQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/measures", tags=["measures"])

    async def asked(as_of: date | None, known_at: date | None) -> tuple[date, datetime]:
        return await days_asked(service.store, as_of, known_at)

    @router.get("/plans")
    async def list_household_plans(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", missing: Missing = False,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedPlanAnswer]:  # fmt: skip
        """Plans of an area as known now, with the causes that no measure is against."""
        await wait_for_positions(service, after)
        area, start = narrowed_to_area(division, actor), BY_PLACE.after(cursor) or BEFORE_FIRST
        found = await anyio.to_thread.run_sync(partial(queries.plans, area, start, limit + 1, missing=missing))
        return BY_PLACE.page([ListedPlanAnswer(**row) for row in found], limit, lambda a: (a.division, a.household_id))

    @router.get("/totals")
    async def read_measure_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> list[MeasureTotalAnswer]:
        """By kind and grade: households and persons, and those where the last step was taken."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.totals, narrowed_to_area(division, actor), day, known)
        return [MeasureTotalAnswer(**row) for row in found]

    @router.get("/delivered-totals")
    async def read_delivered_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> list[MeasureDeliveredTotalAnswer]:
        """What was delivered, by kind and unit."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.delivered, narrowed_to_area(division, actor), day, known)
        return [MeasureDeliveredTotalAnswer(**row) for row in found]

    @router.get("/households/{household_id}")
    async def read_household_measures(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> HouseholdMeasuresAnswer:
        """A household's plan and measures, and entries that contradict others."""
        await wait_for_positions(service, after)
        instant = recorded_before(known_at)
        facts, division = await anyio.to_thread.run_sync(queries.household, household_id, as_of, instant)
        if division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return HouseholdMeasuresAnswer.of(household_id, facts)

    return router
