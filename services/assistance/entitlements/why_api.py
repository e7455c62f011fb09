"""Why a household or a party gets a programme, or not, over HTTP. Nothing of another is in the answer, and no sealed value."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import BaseModel

from contracts.civil import civil_day
from services.assistance.entitlements.answers import ReasonAnswer
from services.assistance.entitlements.why import Condition, ConditionState, DecidedBy, OfComponent, Outcome
from services.assistance.entitlements.why_queries import Asked, Why, WhyQueries
from services.assistance.messages import say
from services.assistance.programmes.answers import LineAnswer
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.casework.positions import wait_for_positions
from services.chassis.ground.labels import LABELS
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

Programme = Annotated[str | None, Query(pattern=rf"^{KEY_PATTERN}$", description="仅此项目 / this programme alone")]


class ConditionAnswer(BaseModel):
    """``asks``: which condition, with its ``parameters`` as the document gives them; ``reason``: why it holds, or not; ``kept_in``: where
    what decides it is kept; ``fact``: id of the register's fact that decides it; ``next``: what would change it."""

    asks: str
    parameters: dict[str, str]
    state: ConditionState
    reason: ReasonAnswer
    kept_in: DecidedBy
    fact: str | None
    next: LineAnswer | None

    @classmethod
    def of(cls, condition: Condition, causes: dict[str, str]) -> Self:
        return cls(
            asks=condition.asks, parameters=dict(condition.parameters), state=condition.state,
            reason=ReasonAnswer.of(condition.reason), kept_in=condition.kept_in, fact=causes.get(condition.field),
            next=condition.next and LineAnswer.of(condition.next),
        )  # fmt: skip


class WhyComponentAnswer(LineAnswer):
    """``amount``: in words; none where nothing is in force."""

    component: str
    conditions: list[ConditionAnswer]
    amount: LineAnswer | None

    @classmethod
    def of_component(cls, one: OfComponent, day: date, causes: dict[str, str]) -> Self:
        component = one.component
        rate = component.rate_on(day)
        words = rate.amount.in_words(LABELS.code(component.period)) if rate is not None else None
        return cls(
            component=component.key, zh=component.zh, en=component.en, amount=words and LineAnswer.of(words),
            conditions=[ConditionAnswer.of(each, causes) for each in one.conditions],
        )  # fmt: skip


class WhyAnswer(LineAnswer):
    """Of one unit, the household itself or a member. ``document``: id of the edition that decides, ``source``: the paper that it gives."""

    unit_id: UUID
    programme: str
    edition: str
    document: str
    source: str
    outcome: Outcome
    conditions: list[ConditionAnswer]
    components: list[WhyComponentAnswer]

    @classmethod
    def of_unit(cls, why: Why, day: date) -> Self:
        programme = why.programme
        return cls(
            unit_id=why.unit, programme=programme.programme, zh=programme.zh, en=programme.en, edition=programme.edition,
            document=why.edition.id, source=programme.source, outcome=why.outcome,
            conditions=[ConditionAnswer.of(each, why.causes) for each in why.conditions],
            components=[WhyComponentAnswer.of_component(each, day, why.causes) for each in why.components],
        )  # fmt: skip


class WhyNotAnswer(BaseModel):
    """For whoever asks why they do not get it. ``household_id``: of a unit outside of the register its own id; ``objection``: where to
    object."""

    household_id: UUID
    as_of: date
    known_at: datetime
    answers: list[WhyAnswer]
    objection: LineAnswer


def why_router(service: Service, queries: WhyQueries) -> DeferredRouter:
    router = DeferredRouter(tags=["entitlements"])

    async def answered(
        find: Callable[[Asked, Actor], list[Why]], unit: UUID, actor: Actor, after: AskedPositions, programme: str | None,
        as_of: date | None, known_at: date | None, person: UUID | None = None,
    ) -> WhyNotAnswer:  # fmt: skip
        await wait_for_positions(service, after)
        now = await anyio.to_thread.run_sync(service.store.now)
        day = as_of or civil_day(now)
        instant = recorded_before(known_at)
        found = await anyio.to_thread.run_sync(find, Asked(unit, day, instant, programme, person), actor)
        return WhyNotAnswer(
            household_id=unit, as_of=day, known_at=instant or now, answers=[WhyAnswer.of_unit(each, day) for each in found],
            objection=LineAnswer.of(say("why_objection")),
        )  # fmt: skip

    @router.get("/households/{household_id}/programme-answers")
    async def explain_entitlements(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, programme: Programme = None,
        person_id: UUID | None = None, as_of: AsOf = None, known_at: KnownAt = None,
    ) -> WhyNotAnswer:  # fmt: skip
        """Every programme in force for the household and each of its members: which conditions hold, which do not, what decides
        each, and what would change it; on any day, as known on any other."""
        return await answered(
            queries.of_household, household_id, actor, after, programme, as_of, known_at, person_id
        )  # fmt: skip

    @router.get("/parties/{party_id}/programme-answers")
    async def explain_party_entitlements(
        party_id: UUID, actor: CurrentActor, after: AskedPositions, programme: Programme = None, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> WhyNotAnswer:  # fmt: skip
        """The same of a village, a school, a worker, a resident or a case outside of the register: every programme in force for what
        it is; on any day, as known on any other."""
        return await answered(queries.of_party, party_id, actor, after, programme, as_of, known_at)

    return router
