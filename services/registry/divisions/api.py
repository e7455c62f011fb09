"""Divisions over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.registry.divisions import DivisionDeclared, Level, PoorVillageDesignated
from services.chassis.ground.field_texts import read_line
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.field_readers import Reads
from services.chassis.web.paging import DEFAULT_LIMIT, LARGEST_PAGE, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.text_fields import TypedDay
from services.registry.divisions.domain import stream_of
from services.registry.divisions.store import Divisions

Code = Annotated[str, Path(pattern=r"^[0-9]{2,12}$", examples=["990001101201"])]
Codes = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9]{2,12}$")]],
    Query(max_length=LARGEST_PAGE, description="只列这些代码的，不论在何处 / those of these codes, wherever they are"),
]
PlaceName = Annotated[str, Reads(read_line), Field(min_length=1, max_length=80)]
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


class DivisionAnswer(BaseModel):
    code: str
    level: Level
    name: str
    aliases: list[str]
    declared_on: date
    poor_village: str | None
    designated_on: date | None


def divisions_router(service: Service, divisions: Divisions) -> APIRouter:
    router = APIRouter(prefix="/divisions", tags=["divisions"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def declare_division(form: DivisionForm, command: CurrentCommand) -> JSONResponse:
        """Declare a division under this code."""
        _require_area(command, form.code)
        fact = DivisionDeclared(**form.model_dump(), entered_by=command.by)
        return await execute(service.store, command, divisions.declare_handler(fact), stream_of(fact.code))

    @router.post("/{code}/designations", status_code=201, responses=ACCEPTED)
    async def designate_poor_village(code: Code, form: DesignationForm, command: CurrentCommand) -> JSONResponse:
        """Put the village on the list of poor villages (M001)."""
        _require_area(command, code)
        fact = PoorVillageDesignated(**form.model_dump(), code=code, entered_by=command.by)
        return await execute(service.store, command, divisions.designate_handler(fact), stream_of(code))

    @router.get("/{code}")
    async def read_division(code: Code, actor: CurrentActor, after: AskedPositions) -> DivisionAnswer:
        """One division; divisions are public among those signed in."""
        await service.wait_for_positions(after)
        found = await divisions.find(code)
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


def _require_area(command: Command, code: str) -> None:
    if not command.actor.covers(code):
        raise Refused(NOT_FOUND)
