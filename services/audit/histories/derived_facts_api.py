"""What other services recorded because of a household's facts, over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import BaseModel

from services.audit.histories.derived_facts import derived_facts
from services.audit.provenance import Provenance, SnapshotReader
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

FACT_ID = r"[a-z]{1,20}/[0-9A-Za-z._:@|-]{1,200}/[0-9]{1,9}"
Causes = Annotated[
    str,
    Query(
        pattern=f"^{FACT_ID}(,{FACT_ID}){{0,49}}$", max_length=8_000,
        description="起因事实的标识，以逗号分隔 / ids of the causes, commas between them",
    ),
]  # fmt: skip


class DerivedFactAnswer(BaseModel):
    id: str
    log: str
    type: str
    household_id: UUID | None
    effective_on: date
    recorded_at: datetime
    caused_by: str
    annulled_by: str | None


class DerivedFactsAnswer(Provenance):
    """``logs``: how far each was read. ``elsewhere``: facts about households outside the caller's area, of which nothing is
    shown."""

    household: UUID
    facts: list[DerivedFactAnswer]
    elsewhere: int


def derived_facts_router(service: Service, reader: SnapshotReader) -> DeferredRouter:
    router = DeferredRouter(prefix="/households", tags=["histories"])

    @router.get("/{household_id}/derived-facts")
    async def read_derived_facts(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, causes: Causes
    ) -> DerivedFactsAnswer:  # fmt: skip
        """What any service recorded because of these facts about the household, and because of that in turn, about it and
        those that split off from it."""
        await service.wait_for_positions(after)
        return await anyio.to_thread.run_sync(_read, reader, household_id, causes.split(","), actor)

    return router


def _read(reader: SnapshotReader, household: UUID, causes: list[str], actor: Actor) -> DerivedFactsAnswer:
    with reader.snapshot(reader.cutoff(None)) as (conn, provenance):
        found = derived_facts(conn, household, causes, actor)
    return DerivedFactsAnswer(
        **dict(provenance), household=household, elsewhere=sum(not each.visible for each in found),
        facts=[
            DerivedFactAnswer(
                id=r.id, log=r.log, type=r.fact.type_name, household_id=each.household,
                effective_on=r.fact.effective_on, recorded_at=r.recorded_at, caused_by=r.fact.caused_by or "",
                annulled_by=each.annulled_by,
            )
            for each in found if each.visible for r in (each.recorded,)
        ],
    )  # fmt: skip
