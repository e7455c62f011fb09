"""Queries over HTTP of a target on a day as known on another: its parts, its path and pace, the projects that do its lines."""

from datetime import date, datetime
from uuid import UUID

import anyio

from contracts.civil import civil_day
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.targets.cascade_answers import CascadeAnswer, ForecastAnswer, TargetProjectsAnswer
from services.monitoring.targets.cascade_queries import CascadeQueries, Position
from services.monitoring.targets.queries import TargetQueries


def target_cascade_router(service: Service, targets: TargetQueries, queries: CascadeQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/targets", tags=["targets"])

    async def asked(
        target_id: UUID, actor: Actor, as_of: date | None, known_at: date | None
    ) -> tuple[Position, date, datetime | None]:
        day = as_of or civil_day(await anyio.to_thread.run_sync(service.store.now))
        instant = recorded_before(known_at)
        _, division = await anyio.to_thread.run_sync(targets.path, target_id, None)
        # Scope uses the real now, whatever day is asked about.
        if division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        found = await anyio.to_thread.run_sync(queries.position, target_id, day, instant)
        if found is None:
            raise Refused(NOT_FOUND)
        return found, day, instant

    @router.get("/{target_id}/cascade")
    async def read_target_cascade(
        target_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> CascadeAnswer:
        """Line by line the parts that places below have, and the remainder as a row of its own: they add up to the whole."""
        await service.wait_for_positions(after)
        whole, day, instant = await asked(target_id, actor, as_of, known_at)
        parts = await anyio.to_thread.run_sync(queries.parts, target_id, day, instant)
        return CascadeAnswer.of(whole, parts, day, instant)

    @router.get("/{target_id}/forecast")
    async def read_target_forecast(
        target_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> ForecastAnswer:
        """Where it leads at the pace so far, with the formula; and what was reached at the end of each year of its path."""
        await service.wait_for_positions(after)
        position, day, instant = await asked(target_id, actor, as_of, known_at)
        ends = await anyio.to_thread.run_sync(queries.year_ends, target_id, day, instant)
        return ForecastAnswer.of(position, ends, day, instant)

    @router.get("/{target_id}/projects")
    async def list_target_projects(
        target_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> TargetProjectsAnswer:
        """The projects that do its lines: how far they came, what funds gave them and was paid, and which acts cite evidence."""
        await service.wait_for_positions(after)
        position, day, instant = await asked(target_id, actor, as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.projects, position.target, day, instant)
        return TargetProjectsAnswer.of(position, found, day, instant)

    return router
