"""The yearly screening over HTTP: groups of villages, what the screening of each came to, and how far it is per area."""

from uuid import UUID

import anyio
from fastapi.responses import JSONResponse

from contracts.civil import civil_day
from contracts.registry.screenings import GroupActsAnnulled, GroupDelisted, GroupListed, GroupScreened, NotReached
from contracts.selection import surviving
from services.casework.asked_days import AsOf, KnownAt, days_asked
from services.casework.standing_facts import StandingFactAnswer
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.divisions.api import require_area
from services.registry.screenings.domain import group_id_of, stream_of
from services.registry.screenings.forms import (
    DelistingForm,
    GroupActsForm,
    GroupForm,
    ScreenedGroupAnswer,
    ScreeningForm,
    ScreeningProgressAnswer,
)
from services.registry.screenings.progress import ScreeningQueries
from services.registry.screenings.store import ScreeningCommands, require_group

BY_VILLAGE = Keyset("village_groups", str, UUID)
NIL_ID = UUID(int=0)


def screenings_router(service: Service, commands: ScreeningCommands, queries: ScreeningQueries) -> DeferredRouter:
    router, store = DeferredRouter(tags=["screening"]), service.store

    @router.post("/village-groups", status_code=201, responses=ACCEPTED)
    async def list_group(form: GroupForm, command: CurrentCommand) -> JSONResponse:
        """A village has this group: its households are screened once in every round."""
        require_area(command, form.division)
        group_id = group_id_of(form.division, form.name)
        fact = GroupListed(**form.model_dump(), group_id=group_id, entered_by=command.by)
        return await execute(store, command, commands.list_handler(fact), stream_of(group_id))

    @router.post("/village-groups/{group_id}/delistings", status_code=201, responses=ACCEPTED)
    async def delist_group(group_id: UUID, form: DelistingForm, command: CurrentCommand) -> JSONResponse:
        """From a day on there is no such group any more."""
        fact = GroupDelisted(group_id=group_id, effective_on=form.effective_on, entered_by=command.by)
        return await execute(store, command, commands.delist_handler(fact, command.actor), stream_of(group_id))

    @router.post("/village-groups/{group_id}/screenings", status_code=201, responses=ACCEPTED)
    async def screen_group(group_id: UUID, form: ScreeningForm, command: CurrentCommand) -> JSONResponse:
        """What the screening of the group came to, once in a round. What needs a closer look is a clue, received before."""
        fact = GroupScreened(
            group_id=group_id, effective_on=form.on, households=form.households, persons=form.persons,
            not_reached=tuple(NotReached(**each.model_dump()) for each in form.not_reached), clues=form.clues,
            entered_by=command.by,
        )  # fmt: skip
        return await execute(store, command, commands.screen_handler(fact, command.actor), stream_of(group_id))

    @router.post("/village-groups/{group_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_group_acts(group_id: UUID, form: GroupActsForm, command: CurrentCommand) -> JSONResponse:
        """What was entered of the group was wrong: it counts as never entered."""
        today = civil_day(await anyio.to_thread.run_sync(store.now))
        fact = GroupActsAnnulled(group_id=group_id, effective_on=today, annuls=form.facts, entered_by=command.by)
        return await execute(store, command, commands.annul_handler(fact, command.actor), stream_of(group_id))

    @router.get("/village-groups/{group_id}/facts")
    async def list_group_facts(group_id: UUID, actor: CurrentActor, after: AskedPositions) -> list[StandingFactAnswer]:
        """What was entered of a group and stands: any of it may be annulled."""
        await service.wait_for_positions(after)
        told = await anyio.to_thread.run_sync(store.stream, stream_of(group_id))
        require_group(told, actor)
        return StandingFactAnswer.of_all(surviving(told))

    @router.get("/village-groups")
    async def list_village_groups(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ScreenedGroupAnswer]:  # fmt: skip
        """Groups under a division on a day, by village, and whether they are screened in its round."""
        await service.wait_for_positions(after)
        area, (day, known) = narrowed_to_area(division, actor), await days_asked(store, as_of, known_at)
        start = BY_VILLAGE.after(cursor) or ("", NIL_ID)
        found = await anyio.to_thread.run_sync(queries.groups, area, day, known, start, limit + 1)
        answers = [ScreenedGroupAnswer.of(each) for each in found]
        return BY_VILLAGE.page(answers, limit, lambda a: (a.division, a.group_id))

    @router.get("/screening-progress")
    async def read_screening_progress(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None
    ) -> ScreeningProgressAnswer:
        """How far the round of a day is: of an area, and of each division below."""
        await service.wait_for_positions(after)
        area, (day, known) = narrowed_to_area(division, actor), await days_asked(store, as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.progress, area, day, known)
        return ScreeningProgressAnswer.of(area, day, found)

    return router
