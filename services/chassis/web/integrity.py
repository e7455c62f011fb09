"""What the comparison of a service's log and copies has found: for auditors in full, in every answer as a header."""

from collections.abc import Callable
from datetime import datetime

import anyio
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.integrity import record
from services.chassis.integrity.verdicts import Altered
from services.chassis.log.store import Store
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.routing import DeferredRouter

HEADER = "Lika-Integrity"

BY_POSITION = Keyset("integrity", str, int)


class ComparedLogAnswer(BaseModel):
    """``log``: this service's own, or one that it copies. ``compared_through``: up to which position its newest end was compared
    at ``newest_compared``; ``pass_completed``: when the latest pass through the whole log ended."""

    log: str
    compared_through: int
    newest_compared: datetime | None
    pass_began: datetime
    pass_position: int
    pass_completed: datetime | None
    open_differences: int


class IntegrityAnswer(BaseModel):
    """How far each log was compared."""

    compared: list[ComparedLogAnswer]


class DifferenceAnswer(BaseModel):
    """``gone_at``: when log, copy and digests agreed again."""

    log: str
    position: int
    altered: Altered
    found_at: datetime
    gone_at: datetime | None


def integrity_router(store: Store) -> DeferredRouter:
    """``/integrity`` and ``/integrity/differences``."""
    router = DeferredRouter(prefix="/integrity", tags=["log"])

    def compared() -> IntegrityAnswer:
        with store.reading() as conn:
            open_ = record.count_open_by_log(conn)
            return IntegrityAnswer(
                compared=[
                    ComparedLogAnswer(
                        log=p.log, compared_through=p.compared_through, newest_compared=p.newest_compared,
                        pass_began=p.pass_began, pass_position=p.position, pass_completed=p.pass_completed,
                        open_differences=open_.get(p.log, 0),
                    )
                    for p in record.all_progress(conn)
                ]
            )  # fmt: skip

    @router.get("")
    async def read_integrity() -> IntegrityAnswer:
        """What was compared when, how far, and how many entries differ."""
        return await anyio.to_thread.run_sync(compared)

    @router.get("/differences")
    async def list_differences(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[DifferenceAnswer]:
        """Entries on which log, copy and digests do not agree, or did not."""
        after = BY_POSITION.after(cursor) or ("", 0)

        def find() -> list[DifferenceAnswer]:
            with store.reading() as conn:
                found = record.differences(conn, after, limit + 1)
            return [
                DifferenceAnswer(
                    log=f.difference.log, position=f.difference.position, altered=f.difference.altered,
                    found_at=f.found_at, gone_at=f.gone_at,
                )
                for f in found
            ]  # fmt: skip

        return BY_POSITION.page(await anyio.to_thread.run_sync(find), limit, lambda a: (a.log, a.position))

    return router


class IntegrityHeader:
    """ASGI middleware: while entries are known to differ from their digests, every answer says how many."""

    def __init__(self, app: ASGIApp, open_differences: Callable[[], int]) -> None:
        self.app, self.open_differences = app, open_differences

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        count = self.open_differences() if scope["type"] == "http" else 0
        if not count:
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = HEADER.lower().encode(), f"differences={count}".encode()
                message["headers"] = [*message["headers"], header]
            await send(message)

        await self.app(scope, receive, told)
