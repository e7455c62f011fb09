"""Commands about courses over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.assistance import training as facts
from contracts.facts import Fact
from services.assistance.training import domain, forms
from services.assistance.training.course import Course
from services.assistance.training.domain import need_stream_of, stream_of
from services.assistance.training.kinds import AskedOn
from services.assistance.training.store import TrainingCommands
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.casework.fact_forms import FactForm
from services.casework.positions import wait_for_own_head, wait_for_positions
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

COURSES = UUID("b2b7a9d4-0b8e-5a0c-8a53-2f6d6c7f5e10")
"""Namespace of the ids of courses: of the commands that planned them."""


def planning_router(service: Service, commands: TrainingCommands, citations: Citations) -> DeferredRouter:
    """From what people need to the course that is planned for it."""
    router = DeferredRouter(prefix="/training", tags=["training"])

    @router.post("/needs", status_code=201, responses=ACCEPTED)
    async def survey_training_need(
        body: forms.TrainingNeedForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """What somebody would learn."""
        await wait_for_positions(service, after)

        def need(person: Any) -> facts.TrainingNeedSurveyed:
            return facts.TrainingNeedSurveyed(
                person_id=body.person_id, household_id=person.household_id, division=person.division,
                course_kind=body.course_kind, trade=body.trade, **body.common(command.by),
            )  # fmt: skip

        handler = commands.survey(body.person_id, command.actor.covers, need, body.effective_on)
        return await citations.execute(
            command, handler, need_stream_of(body.person_id), evidence=body.common(command.by)["evidence"],
            about=(body.person_id,),
        )  # fmt: skip

    @router.post("/courses", status_code=201, responses=ACCEPTED)
    async def plan_course(body: forms.CoursePlanForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """A course is planned, by the document of its kind as it is in force on the day."""
        await wait_for_own_head(service, after)
        fact = body.fact(uuid5(COURSES, str(command.ref.command_id)), command.by)
        handler = commands.plan(fact, command.actor.covers)
        return await citations.execute(
            command, handler, stream_of(fact.course_id), evidence=fact.evidence, about=(fact.course_id,), extends=(DOCUMENTS,)
        )  # fmt: skip

    return router


class CourseEntries:
    """Records what is entered about a course."""

    def __init__(self, service: Service, commands: TrainingCommands, citations: Citations) -> None:
        self._service, self.commands, self._citations = service, commands, citations

    async def enter(
        self, course_id: UUID, body: FactForm, command: Command, after: AskedPositions,
        decide: Callable[[Course, Tx, dict[str, Any]], Fact], *, annuls: bool = False,
    ) -> JSONResponse:  # fmt: skip
        """``decide`` is given the course, the unit and the common fields of its fact."""
        await wait_for_positions(self._service, after)
        common = {"course_id": course_id, **body.common(command.by)}
        made = self.commands.annul if annuls else self.commands.enter
        handler = made(
            course_id, body.effective_on, command.actor.covers, lambda course, tx: decide(course, tx, common)
        )
        return await self._citations.execute(
            command, handler, stream_of(course_id), evidence=common["evidence"], about=(course_id,), extends=(DOCUMENTS,)
        )  # fmt: skip


def courses_router(entries: CourseEntries) -> DeferredRouter:
    """How a course goes on and ends."""
    router, enter = DeferredRouter(prefix="/training/courses", tags=["training"]), entries.enter

    @router.post("/{course_id}/sessions", status_code=201, responses=ACCEPTED)
    async def hold_course_session(
        course_id: UUID, body: forms.CourseSessionForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A session was held; who attended is entered by name, or how many came is counted in person-times."""

        def held(course: Course, _: Tx, common: dict[str, Any]) -> Fact:
            domain.require_in_course(course, body.effective_on)
            heads = None if body.heads is None else domain.heads_of(body.heads.quantity())
            return facts.CourseSessionHeld(
                session=body.session, topic=body.topic, place=body.place, heads=heads, **common
            )

        return await enter(course_id, body, command, after, held)

    @router.post("/{course_id}/completion", status_code=201, responses=ACCEPTED)
    async def complete_course(
        course_id: UUID, body: forms.CourseCompletionForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The course is over; what its paper states stands beside what is counted."""

        def completed(_: Course, __: Tx, common: dict[str, Any]) -> Fact:
            stated = tuple(figure.figure() for figure in body.stated)
            domain.require_units(stated)
            return facts.CourseCompleted(stated=stated, **common)

        return await enter(course_id, body, command, after, completed)

    @router.post("/{course_id}/evaluations", status_code=201, responses=ACCEPTED)
    async def evaluate_course(
        course_id: UUID, body: forms.TrainingEvaluationForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """What the course achieved, after it was completed."""
        return await enter(
            course_id, body, command, after,
            lambda _, __, common: facts.TrainingEvaluated(
                evaluator=body.evaluator, met=body.met, findings=body.findings, **common
            ),
        )  # fmt: skip

    @router.post("/{course_id}/cancellation", status_code=201, responses=ACCEPTED)
    async def cancel_course(
        course_id: UUID, body: forms.CourseCancellationForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """It will not be held, or not further."""
        return await enter(
            course_id, body, command, after, lambda _, __, common: facts.CourseCancelled(reason=body.reason, **common)
        )

    @router.post("/{course_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_course_entries(
        course_id: UUID, body: forms.CourseAnnulmentForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Entries were typed wrong. Those that rest on them are annulled with them, or first; annulling an annulment restores."""

        def annulled(_: Course, tx: Tx, common: dict[str, Any]) -> Fact:
            entries.commands.require_entries(tx, course_id, body.facts)
            return facts.CourseFactsAnnulled(annuls=tuple(body.facts), reason=body.reason, **common)

        return await enter(course_id, body, command, after, annulled, annuls=True)

    return router


def trainees_router(entries: CourseEntries) -> DeferredRouter:
    """Who takes part, and what comes of it."""
    router, enter = DeferredRouter(prefix="/training/courses", tags=["training"]), entries.enter

    @router.post("/{course_id}/trainees", status_code=201, responses=ACCEPTED)
    async def enrol_trainee(
        course_id: UUID, body: forms.TraineeForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Somebody of the register takes part from this day on."""

        def enrolled(course: Course, tx: Tx, common: dict[str, Any]) -> Fact:
            household, division = entries.commands.admitted(
                tx, course, body.person_id, body.effective_on, command.actor.covers
            )
            return facts.TraineeEnrolled(person_id=body.person_id, household_id=household, division=division, **common)

        return await enter(course_id, body, command, after, enrolled)

    @router.post("/{course_id}/attendance", status_code=201, responses=ACCEPTED)
    async def attend_session(
        course_id: UUID, body: forms.SessionAttendanceForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A trainee attended a session."""
        return await enter(
            course_id, body, command, after,
            lambda _, __, common: facts.SessionAttended(person_id=body.person_id, session=body.session, **common),
        )  # fmt: skip

    @router.post("/{course_id}/exams", status_code=201, responses=ACCEPTED)
    async def examine_trainee(
        course_id: UUID, body: forms.TraineeExamForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A trainee was examined."""

        def examined(course: Course, tx: Tx, common: dict[str, Any]) -> Fact:
            entries.commands.require_still_eligible(tx, course, body.person_id, body.effective_on, AskedOn.EXAM)
            return facts.TraineeExamined(person_id=body.person_id, passed=body.passed, **common)

        return await enter(course_id, body, command, after, examined)

    @router.post("/{course_id}/certificates", status_code=201, responses=ACCEPTED)
    async def certify_trainee(
        course_id: UUID, body: forms.TrainingCertificateForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A trainee is given a certificate: where the kind asks for it, after the examination and enough attendance, and to whom the
        kind is for on that day still."""

        def certified(course: Course, tx: Tx, common: dict[str, Any]) -> Fact:
            entries.commands.require_still_eligible(tx, course, body.person_id, body.effective_on, AskedOn.CERTIFICATE)
            return facts.CertificateIssued(
                person_id=body.person_id, certificate_no=body.certificate_no, skill=body.skill, **common
            )

        return await enter(course_id, body, command, after, certified)

    @router.post("/{course_id}/leavings", status_code=201, responses=ACCEPTED)
    async def leave_course(
        course_id: UUID, body: forms.TraineeLeavingForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A trainee leaves before the end; the day is the last."""
        return await enter(
            course_id, body, command, after,
            lambda _, __, common: facts.TraineeLeft(person_id=body.person_id, reason=body.reason, **common),
        )  # fmt: skip

    return router
