"""Queries of agreements over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from contracts.civil import civil_day
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.agreements.answers import AgreementAnswer, CoverageAnswer, ListedAgreementAnswer
from services.monitoring.agreements.queries import AgreementFilter, AgreementQueries
from services.monitoring.agreements.state import AgreementState
from services.monitoring.agreements.store import kind_on

BY_PLACE = Keyset("agreements", str, UUID)
BEFORE_FIRST = ("", UUID(int=0))
KindKey = Annotated[str, Query(pattern=rf"^{KEY_PATTERN}$")]
AnyKind = Annotated[str | None, Query(pattern=rf"^{KEY_PATTERN}$")]
Place = Annotated[str, Query(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]


def agreement_query_router(service: Service, queries: AgreementQueries, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(tags=["agreements"])

    async def today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/agreements")
    async def list_agreements(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", agreement_kind: AnyKind = None,
        state: AgreementState | None = None, behind: bool = False, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedAgreementAnswer]:  # fmt: skip
        """Agreements in the caller's area; ``behind``: those of which something due was not done by its last day."""
        await service.wait_for_positions(after)
        day = await today()
        asked = AgreementFilter(
            division=narrowed_to_area(division, actor), day=day, kind=agreement_kind, state=state, behind=behind
        )
        find = partial(queries.agreements, asked, BY_PLACE.after(cursor) or BEFORE_FIRST, limit + 1)
        found = [ListedAgreementAnswer.of(a, day) for a in await anyio.to_thread.run_sync(find)]
        return BY_PLACE.page(found, limit, lambda a: (a.division, a.agreement_id))

    @router.get("/agreements/{agreement_id}")
    async def read_agreement(
        agreement_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> AgreementAnswer:
        """One agreement: its terms, what is due by when and was done, on a day as known on another."""
        await service.wait_for_positions(after)
        instant = recorded_before(known_at)
        agreement, division, facts = await anyio.to_thread.run_sync(queries.agreement, agreement_id, as_of, instant)
        # Scope uses the real now, whatever day is asked about.
        if agreement is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return AgreementAnswer.of_agreement(agreement, facts, as_of or await today(), as_of, instant)

    @router.get("/agreement-coverage")
    async def read_agreement_coverage(
        actor: CurrentActor, after: AskedPositions, agreement_kind: KindKey, division: Place, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> CoverageAnswer:  # fmt: skip
        """How many units and persons agreements of a kind cover, of how many, on a day as known on another."""
        await service.wait_for_positions(after)
        if not actor.covers(division):
            raise Refused(NOT_FOUND)
        day, instant = as_of or await today(), recorded_before(known_at)

        def find() -> CoverageAnswer:
            kind = kind_on(documents.current(), agreement_kind, day, division)
            return CoverageAnswer.of(
                kind, division, queries.covered(agreement_kind, division, day, instant), day, instant
            )

        return await anyio.to_thread.run_sync(find)

    return router
