"""The history of a household over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import anyio
import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.facts import Precision
from contracts.registry.households import PovertyStatus
from services.audit.access import Reader
from services.audit.histories import domain, store
from services.audit.provenance import Cutoff, KnownAtParam, Provenance, SnapshotReader
from services.audit.statements.state import HouseholdState
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.positions import AskedPositions


class Learned(BaseModel):
    """When it was learned. ``proved``: by ``recorded_at``; ``asserted``: by ``source_recorded_on`` of an old system."""

    basis: domain.TimeBasis
    recorded_at: datetime
    source_recorded_on: date | None


class EventAnswer(BaseModel):
    """One fact. ``entered_by`` typed it, ``decision`` says who decided; ``annulled_by``: the fact that makes it void."""

    id: str
    type: str
    effective_on: date
    precision: Precision
    learned: Learned
    entered_by: str
    decision: dict[str, Any] | None
    evidence: list[dict[str, Any]]
    caused_by: str | None
    decided_from: dict[str, Any] | None
    annuls: list[str]
    annulled_by: str | None
    fields: dict[str, Any] = Field(description="该事实自身的内容，个人信息已掩去 / what it says, personal data masked")

    @classmethod
    def of(cls, entry: domain.HistoryEntry) -> "EventAnswer":
        recorded, fact = entry.recorded, entry.recorded.fact
        return cls(
            id=recorded.id,
            type=fact.type_name,
            effective_on=fact.effective_on,
            precision=fact.precision,
            learned=Learned(
                basis=entry.basis, recorded_at=recorded.recorded_at, source_recorded_on=fact.source_recorded_on
            ),
            entered_by=fact.entered_by,
            decision=msgspec.to_builtins(fact.decision),
            evidence=msgspec.to_builtins(fact.evidence),
            caused_by=fact.caused_by,
            decided_from=msgspec.to_builtins(fact.decided_from),
            annuls=list(fact.annuls),
            annulled_by=entry.annulled_by,
            fields=domain.masked_fields(fact),
        )


class UndecodedAnswer(BaseModel):
    """An entry about the household that this release cannot decode; kept as received."""

    id: str
    type: str
    recorded_at: datetime
    actor: str


class StateAnswer(BaseModel):
    status: PovertyStatus
    division: str
    persons: int
    since: date | None = Field(description="该状态自何日起 / since when it has this status")

    @classmethod
    def of(cls, state: HouseholdState) -> "StateAnswer | None":
        """``None`` when the household was not on record."""
        if state.status is None:
            return None
        return cls(status=state.status, division=state.division, persons=len(state.persons), since=state.since)


class HistoryAnswer(Provenance):
    """``state``: of the household on ``as_of``, or after all its facts."""

    household: UUID
    as_of: date | None
    state: StateAnswer | None
    events: list[EventAnswer]
    unread: list[UndecodedAnswer]


def histories_router(service: Service, reader: SnapshotReader) -> APIRouter:
    router = APIRouter(prefix="/households", tags=["histories"])

    @router.get("/{household_id}/history")
    async def read_history(
        household_id: UUID,
        actor: Reader,
        after: AskedPositions,
        as_of: Annotated[
            date | None, Query(description="真实日期，缺省为全部 / true by that day, everything by default")
        ] = None,
        known_at: KnownAtParam = None,
    ) -> HistoryAnswer:
        """All that is on record about a household, across services: when it became true, when it was learned and on
        whose word, who entered and who decided it, what it rested on, what caused it, and what is void."""
        await service.wait_for_positions(after)
        cutoff = reader.cutoff(known_at)
        return await anyio.to_thread.run_sync(_read_history, reader, household_id, actor, as_of, cutoff)

    return router


def _read_history(
    reader: SnapshotReader, household: UUID, actor: Actor, as_of: date | None, cutoff: Cutoff
) -> HistoryAnswer:
    with reader.snapshot(cutoff) as (conn, provenance):
        facts, undecoded = store.facts_of(conn, household)
    entries = domain.history(facts, as_of, cutoff.before)
    # Scope uses the real now, whatever day is asked about: whose area the household is in today reads all of its past.
    if not entries or not actor.covers(domain.state(facts, None, None).division):
        raise Refused(NOT_FOUND)
    return HistoryAnswer(
        **dict(provenance),
        household=household,
        as_of=as_of,
        state=StateAnswer.of(domain.state(facts, as_of, cutoff.before)),
        events=[EventAnswer.of(entry) for entry in entries],
        unread=[
            UndecodedAnswer.model_validate(u, from_attributes=True) for u in undecoded if u.recorded_at < cutoff.before
        ],
    )
