"""Reading a county's opening balance: the balance beside what the register holds on that day, and the households that differ."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path

from services.casework.asked_days import KnownAt, days_asked
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.opening_balances.answers import DifferingHouseholdAnswer, OpeningBalanceAnswer
from services.registry.opening_balances.api import County
from services.registry.opening_balances.queries import OpeningBalanceQueries

BY_VILLAGE = Keyset("opening_differences", str, UUID)
NIL_ID = UUID(int=0)
Listed = Annotated[str, Path(examples=["990001"])]
"""What is no county is none of the caller's, as with every list of what has an id."""


def opening_balance_queries_router(service: Service, queries: OpeningBalanceQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/opening-balances", tags=["opening balances"])

    async def instant(known_at: date | None) -> datetime:
        return (await days_asked(service.store, None, known_at))[1]

    @router.get("/{county}")
    async def read_opening_balance(
        county: County, actor: CurrentActor, after: AskedPositions, known_at: KnownAt = None
    ) -> OpeningBalanceAnswer:
        """The balance that stands beside what the register holds on the opening day, both as known then; and what waits for another
        person."""
        _require_related(county, actor)
        await service.wait_for_positions(after)
        known = await instant(known_at)

        def read() -> OpeningBalanceAnswer:
            state = queries.county(county, known)
            if not state.proposals:
                raise Refused(NOT_FOUND)
            balance = state.approved and state.approved.proposal
            lines = balance and queries.lines(balance, known, queries.differing(balance, known))
            return OpeningBalanceAnswer.of_county(county, state, lines or ())

        return await anyio.to_thread.run_sync(read)

    @router.get("/{county}/households")
    async def list_opening_differences(
        county: Listed, actor: CurrentActor, after: AskedPositions, division: Prefix = "", known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[DifferingHouseholdAnswer]:  # fmt: skip
        """The households in your area of which the older system's list and the register say something else of the opening day, by village.
        None where the balance names no comparison."""
        _require_related(county, actor)
        area = narrowed_to_area(division, actor)
        await service.wait_for_positions(after)
        known, start = await instant(known_at), BY_VILLAGE.after(cursor) or ("", NIL_ID)

        def find() -> list[DifferingHouseholdAnswer]:
            standing = queries.county(county, known).approved
            if standing is None:
                raise Refused(NOT_FOUND)
            found = queries.differing(standing.proposal, known)
            here = [h for h in found if h.division.startswith(area) and (h.division, h.subject) > start]
            return [DifferingHouseholdAnswer.of(each) for each in here[: limit + 1]]

        answers = await anyio.to_thread.run_sync(find)
        return BY_VILLAGE.page(answers, limit, lambda a: (a.division, a.subject))

    return router


def _require_related(county: str, actor: Actor) -> None:
    """Whoever's area has a part of the county, or lies in it."""
    if not (actor.covers(county) or actor.division.startswith(county)):
        raise Refused(NOT_FOUND)
