"""Queries of the register over HTTP: one household, a list, totals, and the ids of facts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import BaseModel

from contracts.quantities import Figures
from contracts.registry.households import Attribute
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.casework.asked_days import AsOf, KnownAt, days_asked
from services.casework.directory.answers import PostThenAnswer, posts_then
from services.casework.directory.queries import Directory
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.application import Text
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.households.annulments import annulled_by
from services.registry.households.answers import HouseholdAnswer
from services.registry.households.lists import NIL_ID, HouseholdFilter
from services.registry.households.reading import HouseholdReader
from services.registry.households.snapshot_api import route_snapshots

Kind = Annotated[str | None, Query(pattern=rf"^{KEY_PATTERN}$")]
MOST_NAMED = 100
"""As an address may be long."""
Households = Annotated[
    tuple[UUID, ...], Query(max_length=MOST_NAMED, description="只查这些户 / these households alone, by their ids")
]
BY_DIVISION = Keyset("households", str, UUID)


class HouseholdListItemAnswer(BaseModel):
    household_id: UUID
    national_no: str | None
    division: str
    status: PovertyStatus
    attribute: Attribute
    monitoring: MonitoringStatus | None
    monitoring_kind: str | None
    persons: int


class FactListItemAnswer(BaseModel):
    """A fact and its act, for corrections; its contents are in the audit's history. ``annulled_by``: id of the fact that
    makes it void; ``entered_by_posts``: what whoever entered it held on that day."""

    id: str
    type: str
    act: UUID
    annulled_by: str | None
    effective_on: date
    recorded_at: datetime
    entered_by: str
    entered_by_posts: list[PostThenAnswer]


class FiguresAnswer(BaseModel):
    households: int
    persons: int

    @classmethod
    def of(cls, *figures: Figures) -> Self:
        """Their sum."""
        return cls(households=sum(f.households for f in figures), persons=sum(f.persons for f in figures))


class TotalsAnswer(BaseModel):
    """``position``: the registry's log position these figures rest on."""

    division: str
    as_of: date
    known_at: datetime
    position: int
    by_status: dict[PovertyStatus, FiguresAnswer]


class MonitoringTotalsAnswer(BaseModel):
    """Of the households that are or were monitored, by kind: each kind once under each status."""

    division: str
    as_of: date
    known_at: datetime
    position: int
    by_status: dict[MonitoringStatus, FiguresAnswer]
    by_kind: dict[MonitoringStatus, dict[str, FiguresAnswer]]


class CountedBy(StrEnum):
    """Whose figures: of the poverty status, or of the monitoring status."""

    POVERTY = "poverty"
    MONITORING = "monitoring"


class CategoryTotalsAnswer(BaseModel):
    """Of the households in stock, or of those that are monitored, each of which has one category or is ``unclassified``:
    ``by_attribute`` adds up to ``households`` and ``persons``."""

    division: str
    as_of: date
    known_at: datetime
    position: int
    households: int
    persons: int
    by_attribute: dict[Attribute, FiguresAnswer]


def household_queries_router(service: Service, reader: HouseholdReader, directory: Directory) -> DeferredRouter:
    router, queries = DeferredRouter(tags=["households"]), reader.queries

    @router.get("/households/{household_id}")
    async def read_household(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> HouseholdAnswer:
        """A household on any day, as known on any other; personal fields masked."""
        await service.wait_for_positions(after)
        day, known = await days_asked(service.store, as_of, known_at)
        return await anyio.to_thread.run_sync(reader.answer, household_id, actor, day, known)

    @router.get("/households/{household_id}/facts")
    async def list_facts(household_id: UUID, actor: CurrentActor, after: AskedPositions) -> list[FactListItemAnswer]:
        """Ids of everything recorded about the household, oldest first."""
        await service.wait_for_positions(after)
        facts = await anyio.to_thread.run_sync(queries.visible_facts, household_id, actor)
        void, posts = annulled_by(facts), await anyio.to_thread.run_sync(posts_then, directory, facts)
        return [
            FactListItemAnswer(
                id=r.id, type=r.fact.type_name, act=r.command_id, annulled_by=void.get(r.id),
                effective_on=r.fact.effective_on, recorded_at=r.recorded_at, entered_by=r.fact.entered_by,
                entered_by_posts=posts[r.id],
            )
            for r in facts
        ]  # fmt: skip

    @router.get("/households")
    async def list_households(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", status: PovertyStatus | None = None,
        attribute: Attribute | None = None, open_case: bool | None = None,
        monitoring: MonitoringStatus | None = None, monitoring_kind: Kind = None,
        national_no: Annotated[Text | None, Query(max_length=40)] = None, household_id: Households = (),
        as_of: AsOf = None, known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[HouseholdListItemAnswer]:  # fmt: skip
        """Households under a division, by village. Whether a case is open is asked of today, whatever the day."""
        await service.wait_for_positions(after)
        start, (day, known) = (
            BY_DIVISION.after(cursor) or ("", NIL_ID),
            await days_asked(service.store, as_of, known_at),
        )
        asked = HouseholdFilter(
            division=narrowed_to_area(division, actor), as_of=day, known_at=known, status=status, attribute=attribute,
            monitoring=monitoring, monitoring_kind=monitoring_kind, national_no=national_no, open_case=open_case,
            households=household_id,
        )  # fmt: skip
        found = await anyio.to_thread.run_sync(queries.list_households, asked, start, limit + 1)
        answers = [HouseholdListItemAnswer.model_validate(item, from_attributes=True) for item in found]
        return BY_DIVISION.page(answers, limit, lambda a: (a.division, a.household_id))

    @router.get("/totals")
    async def read_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> TotalsAnswer:
        """Households and persons by poverty status."""
        await service.wait_for_positions(after)
        prefix, (day, known) = narrowed_to_area(division, actor), await days_asked(service.store, as_of, known_at)
        position = service.reached(service.name) or 0
        found = await anyio.to_thread.run_sync(queries.totals, prefix, day, known)
        by_status = {s: FiguresAnswer.of(f) for s, f in found.items()}
        return TotalsAnswer(division=prefix, as_of=day, known_at=known, position=position, by_status=by_status)

    @router.get("/monitoring-totals")
    async def read_monitoring_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> MonitoringTotalsAnswer:
        """Households and persons by monitoring status and kind."""
        await service.wait_for_positions(after)
        prefix, (day, known) = narrowed_to_area(division, actor), await days_asked(service.store, as_of, known_at)
        position = service.reached(service.name) or 0
        found = await anyio.to_thread.run_sync(queries.monitoring_totals, prefix, day, known)
        by_kind = {s: {kind: f for (of, kind), f in found.items() if of is s} for s in MonitoringStatus}
        return MonitoringTotalsAnswer(
            division=prefix, as_of=day, known_at=known, position=position,
            by_status={s: FiguresAnswer.of(*kinds.values()) for s, kinds in by_kind.items()},
            by_kind={s: {kind: FiguresAnswer.of(f) for kind, f in kinds.items()} for s, kinds in by_kind.items()},
        )  # fmt: skip

    @router.get("/category-totals")
    async def read_category_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        status: CountedBy = CountedBy.POVERTY,
    ) -> CategoryTotalsAnswer:  # fmt: skip
        """Households and persons by category (M004): of the stock of poor households, or of those that are monitored."""
        await service.wait_for_positions(after)
        prefix, (day, known) = narrowed_to_area(division, actor), await days_asked(service.store, as_of, known_at)
        position = service.reached(service.name) or 0
        monitored = status is CountedBy.MONITORING
        found = await anyio.to_thread.run_sync(queries.category_totals, prefix, day, known, monitored)
        return CategoryTotalsAnswer(
            division=prefix, as_of=day, known_at=known, position=position,
            households=sum(f.households for f in found.values()), persons=sum(f.persons for f in found.values()),
            by_attribute={a: FiguresAnswer.of(f) for a, f in found.items()},
        )  # fmt: skip

    route_snapshots(router, service, queries)
    return router
