"""Enrolments and attendance over HTTP: entered and corrected by departments of education, read by whoever reads households."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import anyio
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from contracts.facts import Recorded
from contracts.registry.enrolments import (
    AttendanceCounted,
    EnrolmentActsAnnulled,
    EnrolmentEnded,
    EnrolmentFact,
    PupilEnrolled,
    PupilPlaced,
)
from services.casework.asked_days import AsOf, KnownAt, days_asked
from services.casework.documents.reading import Documents
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.enrolments import store
from services.registry.enrolments.forms import (
    AttendanceForm,
    EnrolmentActForm,
    EnrolmentActsForm,
    EnrolmentEndForm,
    EnrolmentForm,
    PlacementForm,
)
from services.registry.enrolments.queries import EnrolmentQueries
from services.registry.households.annulments import annulled_by
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.member_answers import SchoolingAnswer
from services.registry.schooling.domain import stream_of
from services.registry.schools.domain import stream_of as school_stream


class EnrolmentFactAnswer(BaseModel):
    """``act``: the command that entered it, by which it is annulled; ``annulled_by``: the fact that made it void."""

    act: UUID
    id: str
    type: str
    enrolment_id: UUID | None
    effective_on: date
    recorded_at: datetime
    entered_by: str
    annulled_by: str | None

    @classmethod
    def of(cls, recorded: Recorded, void_by: str | None) -> "EnrolmentFactAnswer":
        fact = recorded.fact
        return cls(
            act=recorded.command_id, id=recorded.id, type=fact.type_name,
            enrolment_id=fact.enrolment_id if isinstance(fact, EnrolmentFact) else None, effective_on=fact.effective_on,
            recorded_at=recorded.recorded_at, entered_by=fact.entered_by, annulled_by=void_by,
        )  # fmt: skip


class EnrolmentsAnswer(BaseModel):
    """``schooling``: on ``as_of``, as known then; null where education said nothing. ``facts``: everything that was entered, oldest
    first, void acts included."""

    person_id: UUID
    as_of: date
    known_at: datetime
    schooling: SchoolingAnswer | None
    facts: list[EnrolmentFactAnswer]


class SchoolingPeriodAnswer(BaseModel):
    """Of one member. Days to before ``valid_to``, known at the end of the days to before ``known_to``; null: without end."""

    person_id: UUID
    schooling: SchoolingAnswer
    valid_from: date
    valid_to: date | None
    known_from: date
    known_to: date | None


def enrolments_router(
    service: Service, commands: HouseholdCommandService, queries: EnrolmentQueries, documents: Documents
) -> DeferredRouter:
    router = DeferredRouter(prefix="/households/{household_id}", tags=["enrolments"])

    async def carry_out(
        command: Command, fact: EnrolmentFact | EnrolmentActsAnnulled, work: Callable[[Tx], Reply], *more: str
    ) -> JSONResponse:
        streams = (household_stream(fact.household_id), stream_of(fact.person_id), *more)
        about = (fact.household_id, fact.person_id)
        return await commands.carry_out(command, work, *streams, evidence=fact.evidence, about=about)

    @router.post("/members/{person_id}/enrolments", status_code=201, responses=ACCEPTED)
    async def enrol_pupil(
        household_id: UUID, person_id: UUID, form: EnrolmentForm, command: CurrentCommand
    ) -> JSONResponse:
        """Enrol a pupil at a school and stage, from a day on; one that has ended already is entered with its end."""
        of = _of(household_id, person_id, command)
        enrolment = uuid5(command.ref.command_id, "enrolment")
        fact = PupilEnrolled(**of, **form.said(), enrolment_id=enrolment)
        ended = None
        if form.until is not None and form.ended_because is not None:
            ended = EnrolmentEnded(
                **of, enrolment_id=enrolment, effective_on=form.until, reason=form.ended_because, evidence=fact.evidence
            )
        work = store.enrol_handler(fact, ended, form.former_ended, command.actor)
        return await carry_out(command, fact, work, school_stream(form.school_code))

    @router.post("/members/{person_id}/enrolments/{enrolment_id}/placements", status_code=201, responses=ACCEPTED)
    async def place_pupil(
        household_id: UUID, person_id: UUID, enrolment_id: UUID, form: PlacementForm, command: CurrentCommand
    ) -> JSONResponse:
        """Grade, class and boarding of an enrolled pupil, from a day on."""
        return await said(PupilPlaced, household_id, person_id, enrolment_id, form, command)

    @router.post("/members/{person_id}/enrolments/{enrolment_id}/attendance", status_code=201, responses=ACCEPTED)
    async def count_attendance(
        household_id: UUID, person_id: UUID, enrolment_id: UUID, form: AttendanceForm, command: CurrentCommand
    ) -> JSONResponse:
        """What an enrolled pupil missed in a term, or that they no longer come."""
        return await said(AttendanceCounted, household_id, person_id, enrolment_id, form, command)

    @router.post("/members/{person_id}/enrolments/{enrolment_id}/endings", status_code=201, responses=ACCEPTED)
    async def end_enrolment(
        household_id: UUID, person_id: UUID, enrolment_id: UUID, form: EnrolmentEndForm, command: CurrentCommand
    ) -> JSONResponse:
        """An enrolment ends, with the reason."""
        return await said(EnrolmentEnded, household_id, person_id, enrolment_id, form, command)

    @router.post("/members/{person_id}/enrolment-annulments", status_code=201, responses=ACCEPTED)
    async def annul_enrolment_acts(
        household_id: UUID, person_id: UUID, form: EnrolmentActsForm, command: CurrentCommand
    ) -> JSONResponse:
        """Acts about a pupil's enrolments were wrong: annul them, or an annulment of them."""
        fact = EnrolmentActsAnnulled(**_of(household_id, person_id, command), **form.said())
        return await carry_out(command, fact, store.annulment_handler(fact, command.actor))

    async def said(
        kind: type[EnrolmentFact],
        household: UUID,
        person: UUID,
        enrolment: UUID,
        form: EnrolmentActForm,
        command: Command,
    ) -> JSONResponse:
        fact = kind(**_of(household, person, command), **form.said(), enrolment_id=enrolment)
        return await carry_out(command, fact, store.said_handler(fact, command.actor, documents))

    @router.get("/members/{person_id}/enrolments")
    async def read_enrolments(
        household_id: UUID, person_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> EnrolmentsAnswer:  # fmt: skip
        """Where a member is enrolled on any day, as known on any other, and what was entered of it."""
        await service.wait_for_positions(after)
        day, known = await days_asked(service.store, as_of, known_at)

        def read() -> EnrolmentsAnswer:
            facts = queries.facts(household_id, person_id, actor)
            void = annulled_by(facts)
            said = queries.pupils.schooling([person_id], day, known).get(person_id)
            answers = [EnrolmentFactAnswer.of(r, void.get(r.id)) for r in facts]
            return EnrolmentsAnswer(person_id=person_id, as_of=day, known_at=known, schooling=said, facts=answers)

        return await anyio.to_thread.run_sync(read)

    @router.get("/schooling-periods")
    async def list_schooling_periods(
        household_id: UUID, actor: CurrentActor, after: AskedPositions
    ) -> list[SchoolingPeriodAnswer]:
        """What education says of everybody who was ever a member, on every day as known on every other."""
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(queries.periods, household_id, actor)
        return [SchoolingPeriodAnswer.model_validate(period, from_attributes=True) for period in found]

    return router


def _of(household_id: UUID, person_id: UUID, command: Command) -> dict[str, Any]:
    return {"household_id": household_id, "person_id": person_id, "entered_by": command.by}
