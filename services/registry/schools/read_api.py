"""Questions about schools over HTTP: one on any day as known on any other, its acts, and lists."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Query
from pydantic import BaseModel

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.codes import SchoolStage
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.schools.domain import CODE
from services.registry.schools.store import Schools
from services.registry.schools.view import schools_under

SchoolCode = Annotated[str, Path(pattern=CODE, examples=["2199000101"])]
BY_PLACE = Keyset("schools", str, str)


class SchoolAnswer(BaseModel):
    """As it is known now; with ``as_of``, its name and the rest as of that day. ``into_school``: with which its pupils are since;
    ``former_schools``: that were merged into it."""

    school_code: str
    name: str
    division: str
    stages: list[SchoolStage]
    declared_on: date
    ended_on: date | None
    into_school: str | None
    former_schools: list[str]


class SchoolActAnswer(BaseModel):
    """``act``: the command that entered it, by which it is annulled; ``annuls``: what it made void."""

    act: UUID
    id: str
    type: str
    effective_on: date
    recorded_at: datetime
    document_no: str | None
    annuls: list[str]

    @classmethod
    def of(cls, recorded: Recorded) -> "SchoolActAnswer":
        fact = recorded.fact
        paper = None if fact.decision is None else fact.decision.document_no
        return cls(
            act=recorded.command_id, id=recorded.id, type=fact.type_name, effective_on=fact.effective_on,
            recorded_at=recorded.recorded_at, document_no=paper, annuls=list(fact.annuls),
        )  # fmt: skip


def add_queries(router: DeferredRouter, service: Service, schools: Schools) -> None:
    """Adds the questions to the router of schools, which are public among those signed in."""

    @router.get("/{school_code}")
    async def read_school(
        school_code: SchoolCode,
        actor: CurrentActor,
        after: AskedPositions,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> SchoolAnswer:
        """One school, on any day as known on any other."""
        await service.wait_for_positions(after)
        day = as_of or civil_day(await anyio.to_thread.run_sync(service.store.now))
        known = recorded_before(known_at)
        found = await anyio.to_thread.run_sync(schools.on, school_code, day, known)
        if found is None:
            raise Refused(NOT_FOUND)
        return SchoolAnswer.model_validate(found, from_attributes=True)

    @router.get("/{school_code}/acts")
    async def list_school_acts(
        school_code: SchoolCode, actor: CurrentActor, after: AskedPositions
    ) -> list[SchoolActAnswer]:
        """What was entered of the school, in the order of entering, void acts included."""
        await service.wait_for_positions(after)
        known = await anyio.to_thread.run_sync(schools.facts, school_code)
        if not known:
            raise Refused(NOT_FOUND)
        return [SchoolActAnswer.of(recorded) for recorded in known]

    @router.get("")
    async def list_schools(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", stage: SchoolStage | None = None,
        open: Annotated[bool | None, Query(description="是否仍在办 / whether it has not ended")] = None,  # noqa: A002
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[SchoolAnswer]:  # fmt: skip
        """Schools under a division, as known now, by division and code."""
        await service.wait_for_positions(after)
        start, prefix = BY_PLACE.after(cursor) or ("", ""), narrowed_to_area(division, actor)
        found = await anyio.to_thread.run_sync(schools_under, service.store, prefix, stage, open, start, limit + 1)
        answers = [SchoolAnswer.model_validate(one, from_attributes=True) for one in found]
        return BY_PLACE.page(answers, limit, lambda a: (a.division, a.school_code))
