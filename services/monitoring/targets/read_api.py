"""Queries of targets over HTTP: by deadline, one by one, and by owner."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Query

from services.casework.asked_days import KnownAt, recorded_before
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.targets.answers import AssignedItemAnswer, MilestoneAnswer, TargetAnswer, WorkloadAnswer
from services.monitoring.targets.paths import TargetPathAnswer
from services.monitoring.targets.queries import TargetPath, TargetQueries
from services.monitoring.targets.state import TargetState

YearParam = Annotated[int | None, Query(ge=1990, le=2100)]
Number = Annotated[int, Path(ge=1, le=10_000)]

BY_DEADLINE = Keyset("targets", date, str, UUID)
BY_OWNER = Keyset("owners", str, str)
BEFORE_FIRST = (date.min, "", UUID(int=0))


def target_query_router(service: Service, queries: TargetQueries) -> DeferredRouter:
    router = DeferredRouter(tags=["targets"])

    async def read_path(target_id: UUID, actor: Actor, known_at: date | None) -> TargetPath:
        instant = recorded_before(known_at)
        found, division = await anyio.to_thread.run_sync(queries.path, target_id, instant)
        # Scope uses the real now, whatever day is asked about.
        if found is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return found

    @router.get("/targets")
    async def list_targets(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", year: YearParam = None,
        state: TargetState | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[TargetAnswer]:  # fmt: skip
        """Targets in the caller's area, by deadline and item, with what is done and what is missing."""
        await service.wait_for_positions(after)
        start = BY_DEADLINE.after(cursor) or BEFORE_FIRST
        find = partial(queries.targets, narrowed_to_area(division, actor), year, state, start, limit + 1)
        answers = [TargetAnswer.of(s) for s in await anyio.to_thread.run_sync(find)]
        return BY_DEADLINE.page(answers, limit, lambda a: (a.deadline, a.item, a.target_id))

    @router.get("/targets/{target_id}")
    async def read_target(
        target_id: UUID, actor: CurrentActor, after: AskedPositions, known_at: KnownAt = None
    ) -> TargetAnswer:
        """One target with its progress, as known now or on any other day."""
        await service.wait_for_positions(after)
        return TargetAnswer.of((await read_path(target_id, actor, known_at)).model)

    @router.get("/targets/{target_id}/path")
    async def read_target_path(
        target_id: UUID, actor: CurrentActor, after: AskedPositions, known_at: KnownAt = None
    ) -> TargetPathAnswer:
        """One target, and how it came to its progress: reports line by line, or exits day by day."""
        await service.wait_for_positions(after)
        return TargetPathAnswer.of_path(await read_path(target_id, actor, known_at))

    @router.get("/targets/{target_id}/milestones/{milestone}")
    async def read_milestone(
        target_id: UUID, milestone: Number, actor: CurrentActor, after: AskedPositions
    ) -> MilestoneAnswer:
        """One milestone of a target."""
        await service.wait_for_positions(after)
        milestones = (await read_path(target_id, actor, None)).model.target.milestones
        found = next((m for m in milestones if m.milestone == milestone), None)
        if found is None:
            raise Refused(NOT_FOUND)
        return MilestoneAnswer.model_validate(found, from_attributes=True)

    @router.get("/owners")
    async def list_owners(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", year: YearParam = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[WorkloadAnswer]:  # fmt: skip
        """Who answers for what (M189): items per owner; an owner's label counts within one division."""
        await service.wait_for_positions(after)
        start = BY_OWNER.after(cursor) or ("", "")
        find = partial(queries.workloads, narrowed_to_area(division, actor), year, start, limit + 1)
        answers = [
            WorkloadAnswer(
                division=workload.division, owner=workload.owner,
                duties=[AssignedItemAnswer.model_validate(d, from_attributes=True) for d in workload.duties],
            )
            for workload in await anyio.to_thread.run_sync(find)
        ]  # fmt: skip
        return BY_OWNER.page(answers, limit, lambda a: (a.division, a.owner))

    return router
