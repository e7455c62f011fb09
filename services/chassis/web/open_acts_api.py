"""What is open on subjects to the caller, over HTTP: by it a page offers acts without knowing any."""

from typing import Annotated

import anyio
from fastapi import Query, Request

from services.chassis.security.actor import Actor
from services.chassis.web.callers import CurrentActor
from services.chassis.web.open_acts import OpenActs, SubjectActsAnswer, open_acts
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

MOST = 50
SUBJECT = r"^(/[A-Za-z0-9._~-]{1,80}){1,9}$"
Subjects = Annotated[
    list[Annotated[str, Query(pattern=SUBJECT)]],
    Query(
        alias="subject", min_length=1, max_length=MOST, examples=[["/registry/schools/2199000101"]],
        description="对象的地址，可以多个 / where the subject stands; several may be asked for",
    ),
]  # fmt: skip


def open_acts_router(wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(tags=["access"])

    @router.get("/acts")
    async def list_open_acts(
        request: Request, subjects: Subjects, actor: CurrentActor, after: AskedPositions
    ) -> list[SubjectActsAnswer]:
        """For each subject the acts that the caller may do there as it is today, with their paths and what is settled in their
        forms."""
        await wait_for_positions(after)
        return await anyio.to_thread.run_sync(_answers, open_acts(request), subjects, actor)

    return router


def _answers(found: OpenActs, subjects: list[str], actor: Actor) -> list[SubjectActsAnswer]:
    return [found.answer(subject, actor) for subject in subjects]
