"""Divisions over HTTP."""

from datetime import date
from typing import Annotated

import anyio
from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.civil import civil_day, end_of_day
from contracts.facts import Decision
from contracts.registry.divisions import (
    DivisionAliasesAdded,
    DivisionDeclared,
    DivisionFact,
    DivisionRenamed,
    Level,
    PoorVillageDesignated,
    PoorVillageExited,
)
from services.chassis.ground.field_texts import read_line
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.evidence_forms import Line
from services.chassis.web.field_readers import Reads
from services.chassis.web.paging import DEFAULT_LIMIT, LARGEST_PAGE, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.text_fields import TypedDay
from services.registry.divisions.domain import Division, stream_of
from services.registry.divisions.store import DivisionRow, Divisions

Code = Annotated[str, Path(pattern=r"^[0-9]{2,12}$", examples=["990001101201"])]
Codes = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9]{2,12}$")]],
    Query(max_length=LARGEST_PAGE, description="只列这些代码的，不论在何处 / those of these codes, wherever they are"),
]
PlaceName = Annotated[str, Reads(read_line), Field(min_length=1, max_length=80)]
AsOf = Annotated[Day | None, Query(description="真实日期，缺省为今天 / the day asked about, today by default")]
KnownAt = Annotated[Day | None, Query(description="按该日所知，缺省为今天 / as known at the end of this day, today by default")]
BY_CODE = Keyset("divisions", str)


class DivisionForm(Body):
    code: str = Field(pattern=r"^[0-9]{2,12}$")
    level: Level
    name: PlaceName
    aliases: tuple[PlaceName, ...] = Field(default=(), max_length=20)
    effective_on: TypedDay


class DesignationForm(Body):
    """``grade`` as on the list, such as 省定贫困村."""

    grade: PlaceName
    effective_on: TypedDay


class NameForm(Body):
    """``effective_on``: first day of the name."""

    name: PlaceName
    effective_on: TypedDay


class AliasesForm(Body):
    aliases: tuple[PlaceName, ...] = Field(min_length=1, max_length=20)


class DivisionDecisionForm(Body):
    """The paper that decided it."""

    organ: Line
    decided_on: TypedDay
    document_no: Line
    signer: Line

    def to_decision(self) -> Decision:
        return Decision(**self.model_dump())


class ListExitForm(Body):
    """``effective_on``: since when the village is off the list of poor villages."""

    decision: DivisionDecisionForm
    effective_on: TypedDay


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


def divisions_router(service: Service, divisions: Divisions) -> APIRouter:
    router = APIRouter(prefix="/divisions", tags=["divisions"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def declare_division(form: DivisionForm, command: CurrentCommand) -> JSONResponse:
        """Declare a division under this code."""
        require_area(command, form.code)
        fact = DivisionDeclared(**form.model_dump(), entered_by=command.by)
        return await execute(service.store, command, divisions.declare_handler(fact), stream_of(fact.code))

    @router.post("/{code}/designations", status_code=201, responses=ACCEPTED)
    async def designate_poor_village(code: Code, form: DesignationForm, command: CurrentCommand) -> JSONResponse:
        """Put the village on the list of poor villages (M001)."""
        fact = PoorVillageDesignated(**form.model_dump(), code=code, entered_by=command.by)
        return await said(command, fact)

    @router.post("/{code}/list-exits", status_code=201, responses=ACCEPTED)
    async def exit_poor_village(code: Code, form: ListExitForm, command: CurrentCommand) -> JSONResponse:
        """Take the village off the list of poor villages, by a decision (M015)."""
        decision = form.decision.to_decision()
        return await said(
            command,
            PoorVillageExited(code=code, effective_on=form.effective_on, decision=decision, entered_by=command.by),
        )

    @router.post("/{code}/names", status_code=201, responses=ACCEPTED)
    async def rename_division(code: Code, form: NameForm, command: CurrentCommand) -> JSONResponse:
        """The division has another name from a day on; by the former one it is found still."""
        return await said(command, DivisionRenamed(**form.model_dump(), code=code, entered_by=command.by))

    @router.post("/{code}/aliases", status_code=201, responses=ACCEPTED)
    async def add_aliases(code: Code, form: AliasesForm, command: CurrentCommand) -> JSONResponse:
        """Further spellings by which papers name the division."""
        today = civil_day(service.store.now())
        return await said(
            command,
            DivisionAliasesAdded(aliases=form.aliases, effective_on=today, code=code, entered_by=command.by),
        )

    async def said(command: Command, fact: DivisionFact) -> JSONResponse:
        require_area(command, fact.code)
        return await execute(service.store, command, divisions.handler(fact), stream_of(fact.code))

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
            known = None if known_at is None else end_of_day(known_at)
            day = as_of or civil_day(service.store.now())
            found = await anyio.to_thread.run_sync(divisions.on, code, day, known)
        if found is None:
            raise Refused(NOT_FOUND)
        return DivisionAnswer.model_validate(found, from_attributes=True)

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

    return router


def require_area(command: Command, code: str) -> None:
    if not command.actor.covers(code):
        raise Refused(NOT_FOUND)
