"""Reading cases over HTTP: one, its steps, and lists."""

from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query, Request

from services.casework.directory.answers import posts_then
from services.casework.directory.queries import Directory
from services.casework.procedures.answers import (
    CaseActAnswer,
    CaseAnswer,
    CaseFactAnswer,
    CaseFindingAnswer,
    DueStepAnswer,
    PostedNoticeAnswer,
    StepAnswer,
    StepsAnswer,
)
from services.casework.procedures.forms import KEY
from services.casework.procedures.posted_notices import posted_notices
from services.casework.procedures.queries import CaseFilter, CaseQueries
from services.casework.procedures.steps import CaseSteps
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.next_steps import published_acts
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

BY_DIVISION, EXCEPTIONS_FIRST = Keyset("cases", str, UUID), Keyset("exceptions", int, str, UUID)
NIL_ID = UUID(int=0)
Key = Annotated[str | None, Query(pattern=KEY)]


def case_queries_router(
    queries: CaseQueries, steps: CaseSteps, wait_for_positions: Waits, directory: Directory | None = None
) -> DeferredRouter:
    """``directory``: where posts are kept, for a service that has it."""
    router = DeferredRouter(prefix="/cases", tags=["cases"])

    @router.get("/due-steps")
    async def list_due_steps(actor: CurrentActor, after: AskedPositions, division: Prefix = "") -> list[DueStepAnswer]:
        """What waits for the caller's office, by procedure and step: each may be taken in a batch."""
        await wait_for_positions(after)
        return await anyio.to_thread.run_sync(queries.due_steps, actor, narrowed_to_area(division, actor))

    @router.get("/notices")
    async def list_notices(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[PostedNoticeAnswer]:  # fmt: skip
        """Notices that hang under a division, by village: of whose case, since when and until when."""
        await wait_for_positions(after)
        area, start = narrowed_to_area(division, actor), BY_DIVISION.after(cursor) or ("", NIL_ID)
        found = await anyio.to_thread.run_sync(posted_notices, queries, steps, area, start, limit + 1, actor)
        return BY_DIVISION.page(found, limit, lambda a: (a.division, a.case_id))

    @router.get("/{case_id}")
    async def read_case(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> CaseAnswer:
        """A case: as it stands, where its subject is in the caller's area today; as it stood when the subject was there
        last, where it left."""
        await wait_for_positions(after)
        return await anyio.to_thread.run_sync(queries.case, case_id, actor)

    @router.get("/{case_id}/steps")
    async def read_case_steps(
        request: Request, case_id: UUID, actor: CurrentActor, after: AskedPositions
    ) -> StepsAnswer:
        """Every step: state, when and by whom it was taken, papers, clock, objections, whose it is, and whether the caller may
        take it, or by which rule not; and every other act that applies to the case now."""
        await wait_for_positions(after)
        found = await anyio.to_thread.run_sync(steps.of, case_id, actor)
        posts = await anyio.to_thread.run_sync(posts_then, directory, found.facts) if directory is not None else {}
        procedure, published = found.procedure, published_acts(request)
        assert published is not None  # the router is one of a service's
        acts = zip(found.acts, published.answers([act.step for act in found.acts], {}), strict=True)
        return StepsAnswer(
            case_id=case_id, procedure=procedure.procedure, edition=procedure.edition, zh=procedure.zh, en=procedure.en,
            outcome=found.state.outcome, as_of=found.as_of, position=found.position,
            steps=[StepAnswer.of(step, posts) for step in found.steps],
            acts=[CaseActAnswer.of_act(act, answer) for act, answer in acts],
            history=[CaseFactAnswer.of(recorded) for recorded in found.facts],
            findings=[CaseFindingAnswer.of_finding(finding) for finding in found.findings],
        )  # fmt: skip

    @router.get("")
    async def list_cases(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", subject: UUID | None = None,
        procedure: Key = None, due: Key = None, is_open: Annotated[bool | None, Query(alias="open")] = None,
        exceptions_first: bool = False, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[CaseAnswer]:  # fmt: skip
        """Cases of the subjects under a division, by village; where asked, those first that are exceptions."""
        await wait_for_positions(after)
        asked = CaseFilter(
            division=narrowed_to_area(division, actor), subject=subject, procedure=procedure, due=due, is_open=is_open,
            exceptions_first=exceptions_first,
        )  # fmt: skip
        if exceptions_first:
            plain, *rest = EXCEPTIONS_FIRST.after(cursor) or (0, "", NIL_ID)
            found = await anyio.to_thread.run_sync(queries.cases, asked, (bool(plain), *rest), limit + 1)
            return EXCEPTIONS_FIRST.page(found, limit, lambda a: (int(not a.flags), a.division, a.case_id))
        start = BY_DIVISION.after(cursor) or ("", NIL_ID)
        found = await anyio.to_thread.run_sync(queries.cases, asked, (False, *start), limit + 1)
        return BY_DIVISION.page(found, limit, lambda a: (a.division, a.case_id))

    return router
