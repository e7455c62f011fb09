"""Query over HTTP: what programmes of assistance have paid, and how much of it draws on a fund."""

from functools import partial
from uuid import UUID

import anyio
from pydantic import BaseModel

from services.casework.fact_forms import PlainDecimal
from services.casework.ledgers.money import yuan_of
from services.chassis.log.store import Store
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, code_range, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

BY_PLACE = Keyset("programme_payments", str, UUID)
BEFORE_FIRST = ("", UUID(int=0))
LISTS = b"""
WITH paid AS (
    SELECT list_id, programme, division, fund_document, sum(fen) AS fen FROM programme_payments
    WHERE division >= %(low)s AND division < %(high)s AND (division, list_id) > (%(division)s, %(list_id)s)
    GROUP BY list_id, programme, division, fund_document
)
SELECT paid.*, drawn.fund_id, coalesce(drawn.fen, 0) FROM paid LEFT JOIN LATERAL (
    SELECT min(fund_id::text)::uuid AS fund_id, sum(fen) AS fen FROM fund_draws d WHERE d.list_id = paid.list_id
) drawn ON true
WHERE NOT %(waiting)s OR paid.fen <> coalesce(drawn.fen, 0)
ORDER BY division, list_id LIMIT %(limit)s
"""


class ProgrammePaymentAnswer(BaseModel):
    """What a pay-list has paid, net of what came back, by the document of the money that its release named. ``drawn``: of it, on
    that fund; ``waiting``: what no fund of that document is there for, or no quota; below zero where more is drawn than is paid."""

    list_id: UUID
    programme: str
    division: str
    fund_document: str
    fund_id: UUID | None
    paid: PlainDecimal
    drawn: PlainDecimal
    waiting: PlainDecimal


def lists(
    store: Store, prefix: str, only_waiting: bool, after: tuple[str, UUID], limit: int
) -> list[ProgrammePaymentAnswer]:
    """Blocking: to be called in a thread."""
    low, high = code_range(prefix)
    params = {
        "low": low, "high": high, "division": after[0], "list_id": after[1], "waiting": only_waiting, "limit": limit,
    }  # fmt: skip
    with store.reading() as conn:
        rows = conn.execute(LISTS, params).fetchall()
    return [
        ProgrammePaymentAnswer(
            list_id=list_id, programme=programme, division=division, fund_document=document, fund_id=fund_id,
            paid=yuan_of(int(paid)), drawn=yuan_of(int(drawn)), waiting=yuan_of(int(paid) - int(drawn)),
        )
        for list_id, programme, division, document, paid, fund_id, drawn in rows
    ]  # fmt: skip


def programme_payments_router(service: Service) -> DeferredRouter:
    router = DeferredRouter(tags=["funds"])

    @router.get("/programme-payments")
    async def list_programme_payments(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", only_waiting: bool = False,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ProgrammePaymentAnswer]:  # fmt: skip
        """Pay-lists in the caller's area with what they paid and what of it draws on a fund; ``only_waiting``: those that differ."""
        await service.wait_for_positions(after)
        start = BY_PLACE.after(cursor) or BEFORE_FIRST
        find = partial(lists, service.store, narrowed_to_area(division, actor), only_waiting, start, limit + 1)
        return BY_PLACE.page(await anyio.to_thread.run_sync(find), limit, lambda a: (a.division, a.list_id))

    return router
