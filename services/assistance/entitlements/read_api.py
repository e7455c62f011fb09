"""Queries of entitlements over HTTP. Nothing here is personal; the reader's area limits every list."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import anyio
from fastapi import Query

from contracts.civil import civil_day
from services.assistance.entitlements.answers import EligibilityAnswer, EntitlementAnswer
from services.assistance.entitlements.queries import BEFORE_FIRST_PROGRAMME, EntitlementQueries
from services.casework.people.lists import BEFORE_FIRST, AskedPersons
from services.casework.positions import wait_for_positions
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

ENTITLEMENT_ORDER = Keyset("entitlements", str, UUID, UUID)
ELIGIBILITY_ORDER = Keyset("eligibility", str, UUID, UUID, str)
Only = Literal["all", "to_apply", "not_eligible", "differences"]
Programme = Annotated[
    str, Query(pattern=rf"^{KEY_PATTERN}$", description="帮扶项目 / key of the programme, such as education_aid")
]


def entitlements_router(service: Service, queries: EntitlementQueries) -> DeferredRouter:
    router = DeferredRouter(tags=["entitlements"])

    async def today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/entitlements")
    async def list_entitlements(
        filters: AskedPersons,
        after: AskedPositions,
        programme: Programme | None = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[EntitlementAnswer]:
        """What was granted, past and present, with what is due by period and occasion."""
        await wait_for_positions(service, after)
        start = ENTITLEMENT_ORDER.after(cursor) or BEFORE_FIRST
        found = await anyio.to_thread.run_sync(
            queries.entitlements, programme, filters, await today(), start, limit + 1
        )
        return ENTITLEMENT_ORDER.page(found, limit, lambda a: (a.division, a.unit_id, a.case_id))

    @router.get("/eligibility")
    async def list_eligibility(
        filters: AskedPersons,
        after: AskedPositions,
        programme: Programme | None = None,
        only: Only = "all",
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[EligibilityAnswer]:
        """Every unit that the programme could be for, with the reasons for or against, or of all programmes in force where none is
        named, and what still runs of those that ended; ``only=to_apply`` is the list of those left out, ``only=not_eligible`` of
        those who have it and would not be granted it today, with the reasons, ``only=differences`` of both."""
        await wait_for_positions(service, after)
        start = ELIGIBILITY_ORDER.after(cursor) or BEFORE_FIRST_PROGRAMME
        found = await anyio.to_thread.run_sync(
            queries.eligibility, programme, filters, await today(), start, limit + 1, only
        )
        return ELIGIBILITY_ORDER.page(found, limit, lambda a: (a.division, a.household_id, a.unit_id, a.programme))

    return router
