"""The history of a household over HTTP."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import anyio
import msgspec
from fastapi import Query
from pydantic import BaseModel, Field

from contracts.civil import civil_day
from contracts.facts import Precision
from contracts.personal import MASK
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.audit.histories import domain, store
from services.audit.histories.posts import PostThen, posts_then
from services.audit.histories.visibility import visible_facts
from services.audit.provenance import Cutoff, KnownAtParam, Provenance, SnapshotReader
from services.audit.statements.state import HouseholdState
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.application import Day
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter


class Learned(BaseModel):
    """When it was learned. ``proved``: by ``recorded_at``; ``asserted``: by ``source_recorded_on`` of an old system.
    ``recorded_on``: the day from whose end on it counts as known."""

    basis: domain.TimeBasis
    recorded_at: datetime
    recorded_on: date
    source_recorded_on: date | None


class PostThenAnswer(BaseModel):
    """A post that whoever entered a fact held on the day it was recorded; ``standing_in``: for another."""

    name: str = Field(description="姓名，始终掩去 / the holder's name, always masked")
    title: str
    division: str
    standing_in: bool


class VoidAnswer(BaseModel):
    """Void as known at the end of the days from ``since`` to before ``until`` (null: still), by the fact ``by``."""

    since: date
    until: date | None
    by: str


class EventAnswer(BaseModel):
    """One fact. ``entered_by`` typed it, holding ``entered_by_posts`` then; ``decision`` says who decided. ``act``: the
    command that recorded it, perhaps with others; an act is annulled, and restored, as one. ``annulled_by``: the fact that
    makes it void; ``void``: since when that is known, and what was known of it before."""

    id: str
    act: UUID
    type: str
    effective_on: date
    precision: Precision
    learned: Learned
    entered_by: str
    entered_by_posts: list[PostThenAnswer]
    decision: dict[str, Any] | None
    evidence: list[dict[str, Any]]
    caused_by: str | None
    decided_from: dict[str, Any] | None
    annuls: list[str]
    annulled_by: str | None
    void: list[VoidAnswer]
    fields: dict[str, Any] = Field(description="该事实自身的内容，个人信息已掩去 / what it says, personal data masked")

    @classmethod
    def of(cls, entry: domain.HistoryEntry, posts: Iterable[PostThen]) -> "EventAnswer":
        recorded, fact = entry.recorded, entry.recorded.fact
        return cls(
            id=recorded.id,
            act=recorded.command_id,
            type=fact.type_name,
            effective_on=fact.effective_on,
            precision=fact.precision,
            learned=Learned(
                basis=entry.basis,
                recorded_at=recorded.recorded_at,
                recorded_on=civil_day(recorded.recorded_at),
                source_recorded_on=fact.source_recorded_on,
            ),
            entered_by=fact.entered_by,
            entered_by_posts=[
                PostThenAnswer(name=MASK, title=p.title, division=p.division, standing_in=p.standing_in) for p in posts
            ],
            decision=msgspec.to_builtins(fact.decision),
            evidence=msgspec.to_builtins(fact.evidence),
            caused_by=fact.caused_by,
            decided_from=msgspec.to_builtins(fact.decided_from),
            annuls=list(fact.annuls),
            annulled_by=entry.annulled_by,
            void=[VoidAnswer.model_validate(each, from_attributes=True) for each in entry.void],
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
    since: date | None
    monitoring: MonitoringStatus | None
    monitoring_kind: str | None

    @classmethod
    def of(cls, state: HouseholdState) -> "StateAnswer | None":
        """``None`` when the household was not on record."""
        if state.status is None:
            return None
        return cls(
            status=state.status, division=state.division, persons=len(state.persons), since=state.since,
            monitoring=state.monitoring, monitoring_kind=state.kind if state.monitoring is not None else None,
        )  # fmt: skip


class OriginAnswer(BaseModel):
    household: UUID
    formed_by: str
    formed_on: date


class HistoryAnswer(Provenance):
    """``state``: of the household on ``as_of``, or after all its facts; null where it was not on record, or stood outside
    the caller's area. ``came_from``: its parent first, then the parent's parent and so on. ``digest``: SHA-256 of the facts as
    they are stored, in this order, and of what is void among them: the same question has it again."""

    household: UUID
    as_of: date | None
    state: StateAnswer | None
    came_from: list[OriginAnswer]
    events: list[EventAnswer]
    unread: list[UndecodedAnswer]
    digest: str


def histories_router(service: Service, reader: SnapshotReader) -> DeferredRouter:
    router = DeferredRouter(prefix="/households", tags=["histories"])

    @router.get("/{household_id}/history")
    async def read_history(
        household_id: UUID,
        actor: CurrentActor,
        after: AskedPositions,
        as_of: Annotated[
            Day | None, Query(description="真实日期，缺省为全部 / true by that day, everything by default")
        ] = None,
        known_at: KnownAtParam = None,
    ) -> HistoryAnswer:
        """All that is on record about a household, across services: when it became true, when it was learned and on
        whose word, who entered and who decided it, what it rested on, what caused it, and what is void. An area in which
        the household once stood reads what was effective while it stood there."""
        await service.wait_for_positions(after)
        cutoff = reader.cutoff(known_at)
        return await anyio.to_thread.run_sync(_read_history, reader, household_id, actor, as_of, cutoff)

    return router


def _read_history(
    reader: SnapshotReader, household: UUID, actor: Actor, as_of: date | None, cutoff: Cutoff
) -> HistoryAnswer:
    with reader.snapshot(cutoff) as (conn, provenance):
        own, own_undecoded = store.facts_of(conn, household)
        of_ancestors, undecoded = store.ancestors_of(conn, own)
        staff = store.staff_of(conn, {r.fact.entered_by for r in own})
    facts, undecoded = [*own, *of_ancestors], [*own_undecoded, *undecoded]
    seen = visible_facts(own, of_ancestors, household, actor)
    entries = [e for e in domain.history(own, as_of, cutoff.before) if e.recorded.id in seen]
    if not entries:
        raise Refused(NOT_FOUND)
    everything = seen.issuperset(r.id for r in own)
    state = domain.state(facts, household, as_of, cutoff.before)
    origins = domain.origins(facts, household, cutoff.before)
    return HistoryAnswer(
        **dict(provenance),
        household=household,
        as_of=as_of,
        state=StateAnswer.of(state) if everything or actor.covers(state.division) else None,
        came_from=[
            OriginAnswer.model_validate(origin, from_attributes=True)
            for origin in origins
            if origins[0].formed_by in seen
        ],
        events=[
            EventAnswer.of(e, posts_then(staff, r.fact.entered_by, civil_day(r.recorded_at), cutoff.before))
            for e in entries
            for r in (e.recorded,)
        ],
        # Since when something holds that cannot be decoded is not known.
        unread=[
            UndecodedAnswer.model_validate(u, from_attributes=True)
            for u in undecoded
            if everything and u.recorded_at < cutoff.before
        ],
        digest=domain.digest(entries),
    )
