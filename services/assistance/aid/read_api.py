"""Queries of education aid over HTTP. Nothing here is personal; the reader's area limits every list."""

from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query

from contracts.civil import civil_day
from services.assistance.access import Reader, wait_for_positions
from services.assistance.aid.answers import EligibilityAnswer, EntitlementAnswer
from services.assistance.aid.queries import BEFORE_FIRST, AidQueries, ListFilter
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

ENTITLEMENT_ORDER = Keyset("aid_entitlements", str, UUID, UUID)
ELIGIBILITY_ORDER = Keyset("aid_eligibility", str, UUID, UUID)


class EligibilityFilter(StrEnum):
    ALL = "all"
    TO_APPLY = "to_apply"


EligibilityFilterParam = Annotated[
    EligibilityFilter, Query(description="to_apply：应助未助 / eligible, and neither aided nor applied for")
]


def aid_query_router(service: Service, queries: AidQueries) -> APIRouter:
    router = APIRouter(prefix="/aid", tags=["aid"])

    def today() -> date:
        return civil_day(service.store.clock.now())

    @router.get("/entitlements")
    async def list_aid_entitlements(
        actor: Reader, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[EntitlementAnswer]:  # fmt: skip
        """What was granted, past and present, with what is due by school year."""
        await wait_for_positions(service, after)
        filters = ListFilter(narrowed_to_area(division, actor), household_id, person_id)
        start = ENTITLEMENT_ORDER.after(cursor) or BEFORE_FIRST
        found = await anyio.to_thread.run_sync(queries.entitlements, filters, today(), start, limit + 1)
        return ENTITLEMENT_ORDER.page(found, limit, lambda a: (a.division, a.person_id, a.case_id))

    @router.get("/eligibility")
    async def list_aid_eligibility(
        actor: Reader, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, only: EligibilityFilterParam = EligibilityFilter.ALL, limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[EligibilityAnswer]:  # fmt: skip
        """Everybody in school, with the reasons for or against; ``only=to_apply`` is the list of those left out."""
        await wait_for_positions(service, after)
        filters = ListFilter(narrowed_to_area(division, actor), household_id, person_id)
        start = ELIGIBILITY_ORDER.after(cursor) or BEFORE_FIRST
        find = partial(
            queries.eligibility, filters, today(), start, limit + 1, only_to_apply=only is not EligibilityFilter.ALL
        )
        found = await anyio.to_thread.run_sync(find)
        return ELIGIBILITY_ORDER.page(found, limit, lambda a: (a.division, a.household_id, a.person_id))

    return router
