"""Who waits for a place of a programme, over HTTP."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import BaseModel

from services.assistance.entitlements.quota import Queue
from services.assistance.entitlements.quota_store import queue_of
from services.assistance.programmes.lookup import Programmes
from services.casework.documents.reading import Documents
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

ProgrammeParam = Annotated[str, Query(pattern=rf"^{KEY_PATTERN}$", description="帮扶项目 / key of the programme")]
Place = Annotated[str, Query(pattern=r"^[0-9]{2,12}$", description="区划 / whose edition of the programme")]


class WaitingAnswer(BaseModel):
    """``place``: in the queue, from 1; ``moves_up``: there is a place for it, so it can be decided."""

    place: int
    unit_id: UUID
    case_id: UUID
    division: str
    applied_on: date
    priority: int
    moves_up: bool


class QueueAnswer(BaseModel):
    """``places``: at once, as the programme's edition says; ``waiting``: those of the reader's area, with their place among all."""

    programme: str
    edition: str
    places: int
    taken: int
    free: int
    waiting_in_all: int
    waiting: list[WaitingAnswer]

    @classmethod
    def of(cls, queue: Queue, programme: str, edition: str, actor: Actor) -> Self:
        waiting = [
            WaitingAnswer(
                place=n, unit_id=w.unit_id, case_id=w.case_id, division=w.division, applied_on=w.applied_on,
                priority=w.priority, moves_up=n <= queue.free,
            )
            for n, w in enumerate(queue.waiting, 1)
            if actor.covers(w.division)
        ]  # fmt: skip
        return cls(
            programme=programme, edition=edition, places=queue.places, taken=queue.taken, free=queue.free,
            waiting_in_all=len(queue.waiting), waiting=waiting,
        )  # fmt: skip


def quota_router(service: Service, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(prefix="/entitlements", tags=["entitlements"])

    @router.get("/queue")
    async def read_queue(
        actor: CurrentActor, after: AskedPositions, programme: ProgrammeParam, division: Place
    ) -> QueueAnswer:
        """Who waits for a place, in order, and who moves up. 404 where the programme has no quota there."""
        await wait_for_positions(service, after)

        def read(tx: Tx) -> QueueAnswer:
            edition = Programmes(documents.in_unit(tx)).found(programme, tx.today, division)
            queue = None if edition is None else queue_of(tx, edition, tx.today)
            if edition is None or queue is None:
                raise Refused(NOT_FOUND)
            return QueueAnswer.of(queue, programme, edition.edition, actor)

        return await anyio.to_thread.run_sync(service.store.on_snapshot, read)

    return router
