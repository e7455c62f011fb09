"""Queries over HTTP of what is to be watched: what units must raise, and what sources of a project's budget still owe."""

from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from contracts.civil import civil_day
from services.casework.asked_days import AsOf
from services.casework.documents.reading import Documents
from services.casework.ledgers.money import fen_of, yuan_of
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.funds.parameters import YEARLY_FLOOR
from services.monitoring.funds.queries import FundQueries
from services.monitoring.funds.watch_answers import FloorAnswer, MatchingAnswer
from services.monitoring.projects.queries import ProjectQueries

OfYear = Annotated[int, Query(ge=1990, le=2100)]


def fund_watch_router(
    service: Service, queries: FundQueries, projects: ProjectQueries, documents: Documents
) -> DeferredRouter:
    router = DeferredRouter(tags=["funds"])

    async def today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/fund-floors")
    async def list_fund_floors(
        actor: CurrentActor, after: AskedPositions, year: OfYear, division: Prefix = "", as_of: AsOf = None
    ) -> list[FloorAnswer]:
        """What each unit has raised in a year against the least that it must (每年不少于)."""
        await wait_for_positions(service, after)
        day, area = as_of or await today(), narrowed_to_area(division, actor)

        def find() -> list[FloorAnswer]:
            lookup, found = documents.current(), []
            for unit, place, fen in queries.raised(area, year, day):
                try:
                    floor = fen_of(lookup.at(YEARLY_FLOOR, date(year, 12, 31), place).amount)
                except (NotInForce, UnknownName):
                    continue
                found.append(
                    FloorAnswer(
                        raised_by=unit, division=place, raised=yuan_of(fen), floor=yuan_of(floor),
                        short=yuan_of(max(floor - fen, 0)),
                    )
                )  # fmt: skip
            return found

        return await anyio.to_thread.run_sync(find)

    @router.get("/projects/{project_id}/matching")
    async def read_matching(project_id: UUID, actor: CurrentActor, after: AskedPositions) -> list[MatchingAnswer]:
        """What each source of the charter's budget has brought, and the gap."""
        await wait_for_positions(service, after)
        project, division, _ = await anyio.to_thread.run_sync(projects.project, project_id, None, None)
        if project is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        left = dict(await anyio.to_thread.run_sync(queries.brought, project_id))
        found = []
        for line in () if project.charter is None else project.charter.budget:
            # Sources of one level share what its funds have brought, in the order of the budget.
            level = line.level or "donor"
            brought = min(left.get(level, 0), fen_of(line.amount))
            left[level] = left.get(level, 0) - brought
            found.append(
                MatchingAnswer(
                    source=line.source, level=line.level, pledged=line.amount, brought=yuan_of(brought),
                    gap=line.amount - yuan_of(brought),
                )
            )  # fmt: skip
        return found

    return router
