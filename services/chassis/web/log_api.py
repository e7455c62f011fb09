"""The log over HTTP: pages of 256 entries, of which a full one never changes and may be cached for ever; and digests
of 1,024 entries, as they were and as they are."""

from typing import Annotated

import anyio
import msgspec
from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel

from services.chassis.following.sources import PAGE, DigestsJson, LocalSource, PageJson
from services.chassis.log.entries import EntryJson
from services.chassis.log.store import Head, Store
from services.chassis.web.callers import current_actor
from services.chassis.web.routing import DeferredRouter

LAST_PAGE = 2**40
MOST_WAITING = 64
"""Requests that wait for news of one log at the same time; further ones queue."""
IMMUTABLE = "private, max-age=31536000, immutable"


class HeadAnswer(BaseModel):
    """``closed_through``: nothing will ever be recorded before this instant; answers for later ones are provisional."""

    log: str
    position: int
    closed_through: str
    simulated: bool


def log_router(store: Store) -> DeferredRouter:
    """``/log/head``, ``/log/entries/{page}`` and ``/log/digests/{stretch}``, for services and auditors; personal fields
    are sealed in it."""
    # Threads of their own: who waits for news must not take those that answer.
    waiters = anyio.CapacityLimiter(MOST_WAITING)
    router = DeferredRouter(prefix="/log", tags=["log"], dependencies=[Depends(current_actor)])

    async def head() -> Head:
        return await anyio.to_thread.run_sync(store.head)

    @router.get("/head")
    async def read_log_head() -> HeadAnswer:
        """How far the log has come."""
        now = await head()
        return HeadAnswer(
            log=store.name,
            position=now.position,
            closed_through=now.closed_through.isoformat(),
            simulated=store.clock.simulated,
        )

    @router.get("/entries/{page}", response_class=Response, responses={200: {"content": {"application/json": {}}}})
    async def read_log_page(
        page: Annotated[int, Path(ge=0, le=LAST_PAGE)],
        beyond: Annotated[int, Query(ge=0, le=2**62)] = 0,
        wait: Annotated[float, Query(ge=0, le=25)] = 0,
    ) -> Response:
        """Entries ``page*256+1`` to ``(page+1)*256``. ``wait`` holds the answer until the head is beyond ``beyond``."""
        if wait:
            await anyio.to_thread.run_sync(store.wait_beyond, beyond, wait, limiter=waiters, abandon_on_cancel=True)
        # The head first: what it calls closed is then surely among the entries read after it.
        now = await head()
        first = page * PAGE
        entries, _ = await anyio.to_thread.run_sync(store.page, first, PAGE)
        full = len(entries) == PAGE
        answer = PageJson(
            log=store.name,
            page=page,
            entries=tuple(map(EntryJson.of, entries)),
            head=entries[-1].position if full else now.position,
            closed_through=entries[-1].recorded_at if full else now.closed_through,
            simulated=store.clock.simulated,
        )
        headers = {"Cache-Control": IMMUTABLE if full else "no-store"}
        return Response(msgspec.json.encode(answer), media_type="application/json", headers=headers)

    @router.get("/digests/{stretch}", response_class=Response, responses={200: {"content": {"application/json": {}}}})
    async def read_log_digests(stretch: Annotated[int, Path(ge=0, le=LAST_PAGE)]) -> Response:
        """Digests of entries ``stretch*1024+1`` to ``(stretch+1)*1024``: as written down a few seconds after them, and as
        the log has them now."""
        found = await anyio.to_thread.run_sync(LocalSource(store).digests, stretch)
        now = None if found.now == found.written else found.now
        answer = DigestsJson(log=store.name, stretch=stretch, written=found.written, now=now)
        headers = {"Cache-Control": "no-store"}
        return Response(msgspec.json.encode(answer), media_type="application/json", headers=headers)

    return router
