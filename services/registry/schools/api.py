"""Schools over HTTP: what departments of education say of them."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import AfterValidator, Field

from contracts.registry.codes import SchoolStage
from contracts.registry.schools import (
    SchoolActsAnnulled,
    SchoolClosed,
    SchoolDeclared,
    SchoolFact,
    SchoolMerged,
    SchoolRelocated,
    SchoolRenamed,
    SchoolStagesSet,
)
from services.casework.evidence.citations import Citations
from services.chassis.ground.field_texts import read_line
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.field_readers import Reads
from services.chassis.web.form_errors import FormError
from services.chassis.web.payloads import Body
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay
from services.registry.divisions.api import DivisionDecisionForm
from services.registry.schools import store
from services.registry.schools.domain import CODE, stream_of
from services.registry.schools.read_api import SchoolCode, add_queries
from services.registry.schools.store import Schools

SchoolCodeText = Annotated[str, Field(pattern=CODE, examples=["2199000101"])]
SchoolName = Annotated[str, Reads(read_line), Field(min_length=1, max_length=80)]


def at_school(stage: SchoolStage) -> SchoolStage:
    """A stage of schools. Raises ``ValueError``."""
    if stage is SchoolStage.NONE:
        raise FormError("不在校的没有学段，请删去学段或更正", "who is not in school has no stage")
    return stage


StageText = Annotated[SchoolStage, AfterValidator(at_school)]
Stages = Annotated[tuple[StageText, ...], Field(min_length=1, max_length=6)]
Place = Annotated[str, Field(pattern=r"^[0-9]{6,12}$", examples=["990001101"])]


class SchoolForm(Body):
    """``division``: where it is, a county or below."""

    school_code: SchoolCodeText
    name: SchoolName
    division: Place
    stages: Stages
    effective_on: TypedDay


class SchoolNameForm(Body):
    """``effective_on``: first day of the name."""

    name: SchoolName
    effective_on: TypedDay


class SchoolStagesForm(Body):
    stages: Stages
    effective_on: TypedDay


class SchoolPlaceForm(Body):
    division: Place
    effective_on: TypedDay


class SchoolActForm(Body):
    """Since when, by which paper. ``effective_on``: the first day on which the school is no more."""

    effective_on: TypedDay
    decision: DivisionDecisionForm
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def common(self, code: str, by: str) -> dict[str, Any]:
        """The fields that every fact has."""
        return {
            "school_code": code, "effective_on": self.effective_on, "entered_by": by,
            "decision": self.decision.to_decision(), "evidence": papers(self.evidence),
        }  # fmt: skip


class SchoolMergerForm(SchoolActForm):
    into_school: SchoolCodeText


class SchoolActsForm(SchoolActForm):
    """``acts``: the command ids of the acts that were wrong."""

    acts: tuple[UUID, ...] = Field(min_length=1, max_length=20)


def schools_router(service: Service, citations: Citations, schools: Schools) -> DeferredRouter:
    router = DeferredRouter(prefix="/schools", tags=["schools"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def declare_school(form: SchoolForm, command: CurrentCommand) -> JSONResponse:
        """Declare a school under its code (学校标识码)."""
        fact = SchoolDeclared(**form.model_dump(), entered_by=command.by)
        work = store.declare_handler(fact, command.actor)
        return await execute(service.store, command, work, stream_of(fact.school_code))

    @router.post("/{school_code}/names", status_code=201, responses=ACCEPTED)
    async def rename_school(school_code: SchoolCode, form: SchoolNameForm, command: CurrentCommand) -> JSONResponse:
        """The school has another name from a day on."""
        return await said(command, SchoolRenamed(**_said(school_code, form, command)))

    @router.post("/{school_code}/stages", status_code=201, responses=ACCEPTED)
    async def set_school_stages(
        school_code: SchoolCode, form: SchoolStagesForm, command: CurrentCommand
    ) -> JSONResponse:
        """The school has these stages from a day on."""
        return await said(command, SchoolStagesSet(**_said(school_code, form, command)))

    @router.post("/{school_code}/relocations", status_code=201, responses=ACCEPTED)
    async def relocate_school(school_code: SchoolCode, form: SchoolPlaceForm, command: CurrentCommand) -> JSONResponse:
        """The school is in another division from a day on, or its division has another code."""
        return await said(command, SchoolRelocated(**_said(school_code, form, command)))

    @router.post("/{school_code}/mergers", status_code=201, responses=ACCEPTED)
    async def merge_school(school_code: SchoolCode, form: SchoolMergerForm, command: CurrentCommand) -> JSONResponse:
        """The school is merged into another one, and its pupils are that one's since."""
        fact = SchoolMerged(**form.common(school_code, command.by), into_school=form.into_school)
        return await carry_out(command, fact, store.ending_handler(fact, command.actor))

    @router.post("/{school_code}/closures", status_code=201, responses=ACCEPTED)
    async def close_school(school_code: SchoolCode, form: SchoolActForm, command: CurrentCommand) -> JSONResponse:
        """The school is closed without a successor; no pupil may be left there."""
        fact = SchoolClosed(**form.common(school_code, command.by))
        return await carry_out(command, fact, store.ending_handler(fact, command.actor))

    @router.post("/{school_code}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_school_acts(school_code: SchoolCode, form: SchoolActsForm, command: CurrentCommand) -> JSONResponse:
        """Acts about the school were wrong: void here and in the schools that they name."""
        fact = SchoolActsAnnulled(**form.common(school_code, command.by), acts=form.acts)
        return await carry_out(command, fact, store.annulment_handler(fact, command.actor))

    async def said(command: Command, fact: SchoolFact) -> JSONResponse:
        work = store.said_handler(fact, command.actor)
        return await execute(service.store, command, work, stream_of(fact.school_code))

    async def carry_out(command: Command, fact: SchoolFact, work: Callable[[Tx], Reply]) -> JSONResponse:
        streams = [stream_of(fact.school_code)]
        if isinstance(fact, SchoolMerged):
            streams.append(stream_of(fact.into_school))
        return await citations.execute(command, work, *streams, evidence=fact.evidence, about=())

    add_queries(router, service, schools)
    return router


def _said(code: str, form: Body, command: Command) -> dict[str, Any]:
    return {**form.model_dump(), "school_code": code, "entered_by": command.by}
