"""Reading cases over HTTP: one, its steps, and lists."""

from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query

from services.casework.procedures.answers import CaseAnswer
from services.casework.procedures.api import Waits
from services.casework.procedures.queries import CaseFilter, CaseQueries
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

BY_DIVISION = Keyset("cases", str, UUID)
NIL_ID = UUID(int=0)
Key = Annotated[str | None, Query(max_length=41, pattern=r"^[a-z_]+$")]


def case_queries_router(queries: CaseQueries, wait_for_positions: Waits) -> APIRouter:
    router = APIRouter(prefix="/cases", tags=["cases"])

    @router.get("/{case_id}")
    async def read_case(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> CaseAnswer:
        """A case: as it stands, where its subject is in the caller's area today; as it stood when the subject was there
        last, where it left."""
        await wait_for_positions(after)
        return await anyio.to_thread.run_sync(queries.case, case_id, actor)

    @router.get("")
    async def list_cases(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", subject: UUID | None = None,
        procedure: Key = None, due: Key = None, is_open: Annotated[bool | None, Query(alias="open")] = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[CaseAnswer]:  # fmt: skip
        """Cases of the subjects under a division, by village: the inbox of the office that acts next."""
        await wait_for_positions(after)
        asked = CaseFilter(
            division=narrowed_to_area(division, actor), subject=subject, procedure=procedure, due=due, is_open=is_open
        )
        start = BY_DIVISION.after(cursor) or ("", NIL_ID)
        found = await anyio.to_thread.run_sync(queries.cases, asked, start, limit + 1)
        return BY_DIVISION.page(found, limit, lambda a: (a.division, a.case_id))

    return router
