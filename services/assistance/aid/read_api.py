"""Queries of education aid over HTTP. Nothing here is personal; the reader's area limits every list."""

from datetime import date
from typing import Literal
from uuid import UUID

import anyio

from contracts.civil import civil_day
from services.assistance.aid.answers import EligibilityAnswer, EntitlementAnswer
from services.assistance.aid.queries import AidQueries
from services.assistance.positions import wait_for_positions
from services.casework.people.lists import BEFORE_FIRST, AskedPersons
from services.chassis.service import Service
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

ENTITLEMENT_ORDER = Keyset("aid_entitlements", str, UUID, UUID)
ELIGIBILITY_ORDER = Keyset("aid_eligibility", str, UUID, UUID)


Only = Literal["all", "to_apply"]


def aid_query_router(service: Service, queries: AidQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/aid", tags=["aid"])

    async def today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/entitlements")
    async def list_aid_entitlements(
        filters: AskedPersons, after: AskedPositions, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Page[EntitlementAnswer]:
        """What was granted, past and present, with what is due by school year."""
        await wait_for_positions(service, after)
        start = ENTITLEMENT_ORDER.after(cursor) or BEFORE_FIRST
        found = await anyio.to_thread.run_sync(queries.entitlements, filters, await today(), start, limit + 1)
        return ENTITLEMENT_ORDER.page(found, limit, lambda a: (a.division, a.person_id, a.case_id))

    @router.get("/eligibility")
    async def list_aid_eligibility(
        filters: AskedPersons,
        after: AskedPositions,
        only: Only = "all",
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[EligibilityAnswer]:
        """Everybody in school, with the reasons for or against; ``only=to_apply`` is the list of those left out."""
        await wait_for_positions(service, after)
        start, to_apply = ELIGIBILITY_ORDER.after(cursor) or BEFORE_FIRST, only == "to_apply"
        found = await anyio.to_thread.run_sync(queries.eligibility, filters, await today(), start, limit + 1, to_apply)
        return ELIGIBILITY_ORDER.page(found, limit, lambda a: (a.division, a.household_id, a.person_id))

    return router
