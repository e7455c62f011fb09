"""What was shown of a household before something was decided, over HTTP."""

from datetime import datetime
from typing import Self
from uuid import UUID

import anyio

from contracts.facts import Recorded
from contracts.registry.consequences import ConsequencesShown
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.previews import ConsequencesShownAnswer
from services.chassis.web.routing import DeferredRouter
from services.registry.consequences.collecting import answer_of
from services.registry.consequences.store import ShownQueries


class ShownBeforeAnswer(ConsequencesShownAnswer):
    """``shown_to``: the account; ``act``: the command that it was shown for, in the case ``case_id`` where there is one.
    ``decided_at``: when that was carried out; null: it was looked at, and nothing followed."""

    shown_to: str
    shown_at: datetime
    act: str
    case_id: UUID | None
    decided_at: datetime | None

    @classmethod
    def made_of(cls, shown: Recorded, kept: Recorded | None) -> Self:
        fact = shown.fact
        assert isinstance(fact, ConsequencesShown)
        return cls(
            **dict(answer_of(shown.id, fact)), shown_to=fact.entered_by, shown_at=shown.recorded_at, act=fact.act,
            case_id=fact.case_id, decided_at=None if kept is None else kept.recorded_at,
        )  # fmt: skip


def shown_consequences_router(service: Service, queries: ShownQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/households", tags=["households"])

    @router.get("/{household_id}/shown-consequences")
    async def list_shown_consequences(
        household_id: UUID, actor: CurrentActor, after: AskedPositions
    ) -> list[ShownBeforeAnswer]:
        """What was shown before something about the household was decided, the latest first."""
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(queries.of, household_id, actor)
        return [ShownBeforeAnswer.made_of(*each) for each in found]

    return router
