"""Query over HTTP: projects by place and month."""

from datetime import date
from functools import partial
from typing import Annotated, Self

import anyio
from fastapi import Query
from pydantic import BaseModel

from contracts.civil import civil_day
from contracts.registry.divisions import Level
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.casework.fact_forms import PlainDecimal
from services.casework.ledgers.money import yuan_of
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.projects.figures import FiguresAsked, MonthOfPlace, months_of_places
from services.monitoring.projects.state import ProjectStage

BY_PLACE = Keyset("project_figures", str, str)
KindKey = Annotated[str | None, Query(pattern=rf"^{KEY_PATTERN}$")]


class ProjectFiguresAnswer(BaseModel):
    """How many projects reached each stage in the month, and what of them cost that were planned and that were accepted."""

    division: str
    month: str
    drafted: int
    listed: int
    planned: int
    chartered: int
    accepted: int
    published: int
    evaluated: int
    closed: int
    withdrawn: int
    planned_cost: PlainDecimal
    accepted_cost: PlainDecimal

    @classmethod
    def of(cls, found: MonthOfPlace) -> Self:
        reached = found.reached
        counts = {("drafted" if s is ProjectStage.DRAFT else s.value): reached[s][0] for s in ProjectStage}
        return cls(
            division=found.place, month=found.month, **counts, planned_cost=yuan_of(reached[ProjectStage.PLANNED][1]),
            accepted_cost=yuan_of(reached[ProjectStage.ACCEPTED][1]),
        )  # fmt: skip


def project_figures_router(service: Service) -> DeferredRouter:
    router = DeferredRouter(tags=["projects"])

    async def today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/project-figures")
    async def list_project_figures(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", level: Level = Level.COUNTY,
        project_kind: KindKey = None, as_of: AsOf = None, known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[ProjectFiguresAnswer]:  # fmt: skip
        """Projects by place of a level and month: how many reached each stage, through a day as known on another."""
        await service.wait_for_positions(after)
        asked = FiguresAsked(
            division=narrowed_to_area(division, actor), level=level, as_of=as_of or await today(),
            known_at=recorded_before(known_at), kind=project_kind,
        )  # fmt: skip
        find = partial(months_of_places, service.store, asked, BY_PLACE.after(cursor) or ("", ""), limit + 1)
        found = [ProjectFiguresAnswer.of(each) for each in await anyio.to_thread.run_sync(find)]
        return BY_PLACE.page(found, limit, lambda a: (a.division, a.month))

    return router
