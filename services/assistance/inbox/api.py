"""The inbox over HTTP."""

from datetime import date
from functools import partial
from uuid import UUID

import anyio
from fastapi import APIRouter
from pydantic import BaseModel

from services.assistance.inbox.domain import Kind
from services.assistance.inbox.store import InboxQueries
from services.assistance.positions import wait_for_positions
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

INBOX_ORDER = Keyset("inbox", date, str)


class InboxEntry(BaseModel):
    """``entry``: id of the fact that needs attention; ``caused_by``: id of its cause."""

    entry: str
    kind: Kind
    household_id: UUID
    person_id: UUID | None
    detail: str
    caused_by: str | None
    since: date


def inbox_router(service: Service, queries: InboxQueries) -> APIRouter:
    router = APIRouter(tags=["inbox"])

    @router.get("/inbox")
    async def read_inbox(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: Kind | None = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[InboxEntry]:  # fmt: skip
        """What needs attention in the reader's area: refused reactions, aid to review, missed duties."""
        await wait_for_positions(service, after)
        start = INBOX_ORDER.after(cursor) or (date.min, "")
        find = partial(queries.entries, narrowed_to_area(division, actor), kind, start, limit + 1)
        found = await anyio.to_thread.run_sync(find)
        answers = [InboxEntry.model_validate(entry, from_attributes=True) for entry in found]
        return INBOX_ORDER.page(answers, limit, lambda a: (a.since, a.entry))

    return router
