"""Questions about divisions over HTTP: one on any day as known on any other, its acts, and lists."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Query
from pydantic import BaseModel, Field

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.divisions import Level, PoorVillageDesignated
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, LARGEST_PAGE, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.divisions.domain import Division, stream_of
from services.registry.divisions.store import DivisionRow, Divisions

Code = Annotated[
    str,
    Path(
        pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", examples=["990001101201"],
        description="行政区划 / division",
    ),
]  # fmt: skip
Codes = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9]{2,12}$")]],
    Query(max_length=LARGEST_PAGE, description="只列这些代码的，不论在何处 / those of these codes, wherever they are"),
]
BY_CODE = Keyset("divisions", str)


class DivisionAnswer(BaseModel):
    """As it is known now; with ``as_of``, its name and the rest as of that day."""

    code: str
    level: Level
    name: str
    aliases: list[str]
    declared_on: date
    ended_on: date | None
    successors: list[str]
    predecessors: list[str]
    poor_village: str | None
    designated_on: date | None
    exited_on: date | None


class DivisionActAnswer(BaseModel):
    """``act``: the command that entered it, by which it is annulled; ``listed_in``: the list of poor villages or counties and its
    edition; ``annuls``: what it made void."""

    act: UUID
    id: str
    type: str
    effective_on: date
    recorded_at: datetime
    document_no: str | None
    listed_in: str | None
    annuls: list[str]

    @classmethod
    def of(cls, recorded: Recorded) -> "DivisionActAnswer":
        fact = recorded.fact
        paper = None if fact.decision is None else fact.decision.document_no
        return cls(
            act=recorded.command_id, id=recorded.id, type=fact.type_name, effective_on=fact.effective_on,
            recorded_at=recorded.recorded_at, document_no=paper, annuls=list(fact.annuls),
            listed_in=(fact.listed_in or None) if isinstance(fact, PoorVillageDesignated) else None,
        )  # fmt: skip


def add_queries(router: DeferredRouter, service: Service, divisions: Divisions) -> None:
    """Adds the questions to the router of divisions."""

    @router.get("/{code}")
    async def read_division(
        code: Code, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> DivisionAnswer:
        """One division, on any day as known on any other; divisions are public among those signed in."""
        await service.wait_for_positions(after)
        found: Division | DivisionRow | None
        if as_of is None and known_at is None:
            found = await divisions.find(code)
        else:
            known = recorded_before(known_at)
            day = as_of or civil_day(service.store.now())
            found = await anyio.to_thread.run_sync(divisions.on, code, day, known)
        if found is None:
            raise Refused(NOT_FOUND)
        return DivisionAnswer.model_validate(found, from_attributes=True)

    @router.get("/{code}/acts")
    async def list_division_acts(code: Code, actor: CurrentActor, after: AskedPositions) -> list[DivisionActAnswer]:
        """What was entered of the division, in the order of entering, void acts included."""
        await service.wait_for_positions(after)
        known = await anyio.to_thread.run_sync(service.store.stream, stream_of(code))
        if not known:
            raise Refused(NOT_FOUND)
        return [DivisionActAnswer.of(recorded) for recorded in known]

    @router.get("")
    async def list_divisions(
        actor: CurrentActor, after: AskedPositions, code: Codes = [],  # noqa: B006 - the framework copies it
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[DivisionAnswer]:  # fmt: skip
        """Divisions in the caller's area, by code; or those named, of which nobody's names are secret."""
        await service.wait_for_positions(after)
        (last,) = BY_CODE.after(cursor) or ("",)
        found = await divisions.list_under("" if code else actor.division, last, limit + 1, code)
        answers = [DivisionAnswer.model_validate(d, from_attributes=True) for d in found]
        return BY_CODE.page(answers, limit, lambda d: (d.code,))
