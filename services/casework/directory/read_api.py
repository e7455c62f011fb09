"""Questions to the staff directory over HTTP, for everybody with a role: who held which post where, as known then."""

from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from contracts.roles import Role
from contracts.selection import surviving
from services.casework.asked_days import AsOf, KnownAt, days_asked
from services.casework.directory.answers import (
    AccountOwnerAnswer,
    ComparisonAnswer,
    PostAnswer,
    PostHeldAnswer,
    StaffAnswer,
    StaffFactAnswer,
    posts_then,
)
from services.casework.directory.queries import Directory
from services.casework.directory.rules import usable_account
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.security.admission import HeldPost, uncovered
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Text
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

BY_DIVISION = Keyset("staff_posts", str, UUID)
NIL_ID = UUID(int=0)


def directory_queries_router(service: Service, directory: Directory) -> DeferredRouter:
    router = DeferredRouter(prefix="/staff", tags=["staff"])

    @router.get("/posts")
    async def list_posts(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PostHeldAnswer]:  # fmt: skip
        """Who held which post in a division and below it on a day, as known then."""
        await service.wait_for_positions(after)
        day, known = await days_asked(service.store, as_of, known_at)
        start = BY_DIVISION.after(cursor) or ("", NIL_ID)
        area = narrowed_to_area(division, actor)
        found = await anyio.to_thread.run_sync(directory.posts, area, day, known, start, limit + 1)
        answers = [PostHeldAnswer.of(held) for held in found]
        return BY_DIVISION.page(answers, limit, lambda a: (a.post.division, a.post.post_id))

    @router.get("/accounts")
    async def find_account(
        actor: CurrentActor, after: AskedPositions, account: Annotated[Text, Query(max_length=128)]
    ) -> AccountOwnerAnswer:
        """Whose account it is or was, wherever they are posted: of somebody who moves here, too."""
        await service.wait_for_positions(after)
        found = usable_account(account)
        return AccountOwnerAnswer(account=found, staff_id=await anyio.to_thread.run_sync(directory.owner, found))

    @router.get("/comparison")
    async def compare_token(actor: CurrentActor, after: AskedPositions) -> ComparisonAnswer:
        """The caller's token, as the identity provider issued it, beside the directory of today."""
        await service.wait_for_positions(after)
        day, _ = await days_asked(service.store, None, None)
        asked = partial(directory.holdings, [(actor.subject, day)])
        holdings = (await anyio.to_thread.run_sync(asked)).get((actor.subject, day))
        held = [h.post for h in holdings or ()]
        return ComparisonAnswer(
            account=actor.subject, roles=sorted(actor.roles), division=actor.division, known=holdings is not None,
            uncovered=uncovered(actor, [HeldPost(p.role, p.division) for p in held]),
            unclaimed=[PostAnswer.of(p) for p in held if p.role not in actor.roles],
        )  # fmt: skip

    @router.get("/{staff_id}")
    async def read_staff(
        staff_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> StaffAnswer:
        """Accounts and posts of a member on a day, as known then. The name is masked."""
        await service.wait_for_positions(after)
        await anyio.to_thread.run_sync(_require_seen, directory, staff_id, actor)
        day, known = await days_asked(service.store, as_of, known_at)
        found = await anyio.to_thread.run_sync(directory.member, staff_id, day, known)
        return StaffAnswer.of(staff_id, found, day, known)

    @router.get("/{staff_id}/facts")
    async def list_staff_facts(staff_id: UUID, actor: CurrentActor, after: AskedPositions) -> list[StaffFactAnswer]:
        """Everything recorded about a member, oldest first, with who held which post when they entered it."""
        await service.wait_for_positions(after)
        return await anyio.to_thread.run_sync(_facts, directory, staff_id, actor)

    return router


def _facts(directory: Directory, staff_id: UUID, actor: Actor) -> list[StaffFactAnswer]:
    _require_seen(directory, staff_id, actor)
    facts = directory.facts(staff_id)
    void = {annulled: r.id for r in surviving(facts) for annulled in r.fact.annuls}
    posts = posts_then(directory, facts)
    return [
        StaffFactAnswer(
            id=r.id, type=r.fact.type_name, act=r.command_id, annulled_by=void.get(r.id),
            effective_on=r.fact.effective_on, recorded_at=r.recorded_at, entered_by=r.fact.entered_by,
            entered_by_posts=posts[r.id],
        )
        for r in facts
    ]  # fmt: skip


def _require_seen(directory: Directory, staff_id: UUID, actor: Actor) -> None:
    """Whoever has a post in the actor's area, now or before, is seen there; who has none yet, by those who keep the
    directory. Raises ``NOT_FOUND``."""
    divisions = directory.divisions(staff_id)
    if not (any(map(actor.covers, divisions)) or (not divisions and actor.has(Role.OPERATOR))):
        raise Refused(NOT_FOUND)
