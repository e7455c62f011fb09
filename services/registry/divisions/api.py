"""Divisions over HTTP."""

from typing import Annotated

from fastapi.responses import JSONResponse
from pydantic import Field

from contracts.civil import civil_day
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
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.evidence_forms import Line
from services.chassis.web.field_readers import Reads
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay
from services.registry.divisions.domain import stream_of
from services.registry.divisions.read_api import Code, add_queries
from services.registry.divisions.store import Divisions

PlaceName = Annotated[str, Reads(read_line), Field(min_length=1, max_length=80)]


class DivisionForm(Body):
    code: str = Field(pattern=r"^[0-9]{2,12}$")
    level: Level
    name: PlaceName
    aliases: tuple[PlaceName, ...] = Field(default=(), max_length=20)
    effective_on: TypedDay


class DesignationForm(Body):
    """``grade`` as on the list, such as 省定贫困村 or 国定贫困县; ``listed_in``: that list and its edition."""

    grade: PlaceName
    listed_in: Line | None = None
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
    """``effective_on``: since when it is off the list."""

    decision: DivisionDecisionForm
    effective_on: TypedDay


def divisions_router(service: Service, divisions: Divisions) -> DeferredRouter:
    router = DeferredRouter(prefix="/divisions", tags=["divisions"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def declare_division(form: DivisionForm, command: CurrentCommand) -> JSONResponse:
        """Declare a division under this code."""
        require_area(command, form.code)
        fact = DivisionDeclared(**form.model_dump(), entered_by=command.by)
        return await execute(service.store, command, divisions.declare_handler(fact), stream_of(fact.code))

    @router.post("/{code}/designations", status_code=201, responses=ACCEPTED)
    async def designate_poor_village(code: Code, form: DesignationForm, command: CurrentCommand) -> JSONResponse:
        """Put the village on the list of poor villages, or the county on that of poor counties (M001, M015)."""
        said_of_it = form.model_dump(exclude_none=True)
        return await said(command, PoorVillageDesignated(**said_of_it, code=code, entered_by=command.by))

    @router.post("/{code}/list-exits", status_code=201, responses=ACCEPTED)
    async def exit_poor_village(code: Code, form: ListExitForm, command: CurrentCommand) -> JSONResponse:
        """Take the village or county off its list, by a decision (M015)."""
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

    add_queries(router, service, divisions)
    return router


def require_area(command: Command, code: str) -> None:
    if not command.actor.covers(code):
        raise Refused(NOT_FOUND)
