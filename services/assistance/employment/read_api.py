"""Reading work over HTTP. Nothing here is personal but who works, by id; the reader's area limits every list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from services.assistance.employment.answers import (
    EarnedAnswer,
    EmploymentTotalAnswer,
    JobOfferAnswer,
    ListedPlacementAnswer,
    ProposedPersonAnswer,
    SeveralPostsAnswer,
    WorkAnswer,
)
from services.assistance.employment.candidates import PostQueries
from services.assistance.employment.queries import EmploymentQueries
from services.casework.asked_days import AsOf, KnownAt, days_asked, recorded_before
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

BY_PLACE, OFFERS = Keyset("placements", str, UUID), Keyset("job_offers", str, UUID)
BY_HOUSEHOLD = Keyset("several_posts", str, UUID)
BEFORE_FIRST = ("", UUID(int=0))
First = Annotated[Day, Query(description="自该日起 / from that day on")]
BEGINNING = date(1990, 1, 1)


def post_queries_router(service: Service, queries: PostQueries) -> DeferredRouter:
    """Who comes first for a post, and who has too many."""
    router = DeferredRouter(prefix="/employment", tags=["employment"])

    @router.get("/offers/{offer_id}/candidates")
    async def list_job_candidates(
        offer_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None
    ) -> list[ProposedPersonAnswer]:
        """Who is proposed for an offer, in the order in which the document of its kind of post has them come first: older women
        for public-welfare posts (M153)."""
        await wait_for_positions(service, after)
        day, _ = await days_asked(service.store, as_of, None)
        found = await anyio.to_thread.run_sync(queries.proposed, offer_id, actor, day)
        return [ProposedPersonAnswer.model_validate(each, from_attributes=True) for each in found]

    @router.get("/several-posts")
    async def list_several_posts(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[SeveralPostsAnswer]:  # fmt: skip
        """Households that have more than one post of a kind of which each is to have one, because somebody moved in or a death was
        taken back: somebody has to decide which of them ends."""
        await wait_for_positions(service, after)
        day, _ = await days_asked(service.store, as_of, None)
        area, start = narrowed_to_area(division, actor), BY_HOUSEHOLD.after(cursor) or BEFORE_FIRST
        found = await anyio.to_thread.run_sync(queries.several, area, day, start, limit + 1)
        answers = [SeveralPostsAnswer(**row) for row in found]
        return BY_HOUSEHOLD.page(answers, limit, lambda a: (a.division, a.household_id))

    return router


def employment_queries_router(service: Service, queries: EmploymentQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/employment", tags=["employment"])

    async def asked(as_of: date | None, known_at: date | None) -> tuple[date, datetime]:
        return await days_asked(service.store, as_of, known_at)

    @router.get("/placements")
    async def list_placements(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedPlacementAnswer]:  # fmt: skip
        """Placements of an area by where the person lived when placed."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        area, start = narrowed_to_area(division, actor), BY_PLACE.after(cursor) or BEFORE_FIRST
        found = await anyio.to_thread.run_sync(queries.placements, area, day, known, start, limit + 1)
        answers = [ListedPlacementAnswer(**row) for row in found]
        return BY_PLACE.page(answers, limit, lambda a: (a.division, a.placement_id))

    @router.get("/offers")
    async def list_job_offers(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[JobOfferAnswer]:  # fmt: skip
        """Offers of an area with how many were placed."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        area, start = narrowed_to_area(division, actor), OFFERS.after(cursor) or BEFORE_FIRST
        found = await anyio.to_thread.run_sync(queries.offers, area, day, known, start, limit + 1)
        return OFFERS.page([JobOfferAnswer(**row) for row in found], limit, lambda a: (a.division, a.offer_id))

    @router.get("/totals")
    async def read_employment_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", since: First = BEGINNING, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> list[EmploymentTotalAnswer]:  # fmt: skip
        """By kind of post: persons, women among them, placements, and jobs kept after three and six months."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.totals, narrowed_to_area(division, actor), since, day, known)
        return [EmploymentTotalAnswer(**row) for row in found]

    @router.get("/households/{household_id}/earned")
    async def read_household_wages(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> list[EarnedAnswer]:
        """What is reported of a household's wages, by person and year, for its next survey to confirm."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        found, division = await anyio.to_thread.run_sync(queries.earned, household_id, day, known)
        if division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return [EarnedAnswer(**row) for row in found]

    @router.get("/persons/{person_id}")
    async def read_work(
        person_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> WorkAnswer:
        """One person's work: matches, placements, what is kept and earned, and entries that contradict others."""
        await wait_for_positions(service, after)
        instant = recorded_before(known_at)
        facts, division = await anyio.to_thread.run_sync(queries.work, person_id, as_of, instant)
        # Scope uses the real now, whatever day is asked about.
        if division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return WorkAnswer.of(person_id, facts)

    return router
