"""Reading pay-lists over HTTP: the list, its lines (as xlsx or CSV the file that is handed over), its chain of papers, and the same
question asked again."""

from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from services.assistance.entitlements.due import Asked
from services.assistance.payments.answers import (
    FullPayListAnswer,
    PayListAnswer,
    PaymentLineAnswer,
    ReproductionAnswer,
)
from services.assistance.payments.domain_lines import PayListStage
from services.assistance.payments.queries import PaymentQueries
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

BY_PLACE, BY_LINE = Keyset("pay_lists", str, UUID), Keyset("payment_lines", int)
NIL = UUID(int=0)
ProgrammeAsked = Annotated[str | None, Query(pattern=rf"^{KEY_PATTERN}$")]


def payment_queries_router(queries: PaymentQueries, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/pay-lists", tags=["payments"])

    @router.get("")
    async def list_pay_lists(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", programme: ProgrammeAsked = None,
        status: PayListStage | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PayListAnswer]:  # fmt: skip
        """Pay-lists of the area, by division."""
        await wait_for_positions(after)
        area, start = narrowed_to_area(division, actor), BY_PLACE.after(cursor) or ("", NIL)
        found = await anyio.to_thread.run_sync(queries.lists, area, programme, status, start, limit + 1)
        return BY_PLACE.page(found, limit, lambda a: (a.division, a.list_id))

    @router.get("/{list_id}")
    async def read_pay_list(list_id: UUID, actor: CurrentActor, after: AskedPositions) -> FullPayListAnswer:
        """A list with its sums, what comes next, and the chain of papers from the fund to the returns."""
        await wait_for_positions(after)
        return await anyio.to_thread.run_sync(queries.one, list_id, actor)

    @router.get("/{list_id}/lines")
    async def list_payment_lines(
        list_id: UUID, actor: CurrentActor, after: AskedPositions, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Page[PaymentLineAnswer]:
        """The lines with what became of each. As a file it is what the platform is given; accounts stay masked."""
        await wait_for_positions(after)
        start = BY_LINE.after(cursor) or (0,)
        found = await anyio.to_thread.run_sync(queries.lines, list_id, actor, start[0], limit + 1)
        return BY_LINE.page(found, limit, lambda a: (a.line,))

    @router.get("/{list_id}/reproduction")
    async def reproduce_pay_list(list_id: UUID, actor: CurrentActor, after: AskedPositions) -> ReproductionAnswer:
        """The list's question asked again: as known when it was compiled, which gives the same list, and as known now."""
        await wait_for_positions(after)

        def reproduce() -> ReproductionAnswer:
            row, _, _ = queries.known(list_id, actor)
            asked = Asked(
                row["programme"], row["division"], row["period_from"], row["period_to"], row["due_as_of"],
                row["due_known_at"],
            )  # fmt: skip
            now = Asked(asked.programme, asked.division, asked.first, asked.last, asked.as_of)
            return queries.reproduction(list_id, actor, asked, now)

        return await anyio.to_thread.run_sync(reproduce)

    return router
