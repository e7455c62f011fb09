"""Queries of projects over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import anyio
from fastapi import Query

from contracts.civil import civil_day
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Text
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.projects.answers import ListedProjectAnswer, ProjectAnswer
from services.monitoring.projects.queries import ProjectFilter, ProjectQueries
from services.monitoring.projects.state import ProjectStage

BY_PLACE = Keyset("projects", str, UUID)
BEFORE_FIRST = ("", UUID(int=0))
Attention = Literal["gaps", "issues", "same_works", "assets", "late", "applications"]
KindKey = Annotated[str | None, Query(pattern=rf"^{KEY_PATTERN}$")]
TitlePart = Annotated[Text | None, Query(max_length=80)]
Year = Annotated[int | None, Query(ge=1990, le=2100)]


def project_query_router(service: Service, queries: ProjectQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/projects", tags=["projects"])

    async def asked_today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("")
    async def list_projects(
        actor: CurrentActor, after: AskedPositions, title: TitlePart = None, division: Prefix = "", project_kind: KindKey = None,
        stage: ProjectStage | None = None, plan_year: Year = None, attention: Attention | None = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedProjectAnswer]:  # fmt: skip
        """Projects in the caller's area, by a part of their title or number; ``attention``: only those with gaps, open issues, works
        that others plan or have done as well, assets that stand idle or are used for something else, components not done by their
        deadlines, or money applied for and not decided."""
        await service.wait_for_positions(after)
        asked = ProjectFilter(
            division=narrowed_to_area(division, actor), kind=project_kind, stage=stage, year=plan_year,
            attention=attention, title=title, today=(today := await asked_today()),
        )  # fmt: skip
        find = partial(queries.projects, asked, BY_PLACE.after(cursor) or BEFORE_FIRST, limit + 1)
        projects = await anyio.to_thread.run_sync(find)
        titles = await anyio.to_thread.run_sync(queries.titles_of_same_works, projects)
        found = [ListedProjectAnswer.of(p, today, titles) for p in projects]
        return BY_PLACE.page(found, limit, lambda a: (a.division, a.project_id))

    @router.get("/{project_id}")
    async def read_project(
        project_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> ProjectAnswer:
        """One project: on a day, as known on another."""
        await service.wait_for_positions(after)
        instant = recorded_before(known_at)
        project, division, facts = await anyio.to_thread.run_sync(queries.project, project_id, as_of, instant)
        # Scope uses the real now, whatever day is asked about.
        if project is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        titles = await anyio.to_thread.run_sync(queries.titles_of_same_works, [project])
        return ProjectAnswer.of_project(project, list(facts), as_of, instant, await asked_today(), titles)

    return router
