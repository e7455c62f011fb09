"""A training course for people of followed families: each entry is what ``services.assistance.training`` decides about it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance import training as facts
from contracts.facts import Fact
from contracts.selection import timeline
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.families import Family
from lika.simulation.ids import deterministic_id
from lika.simulation.labour_desk import LabourDesk
from lika.simulation.unit import SimulatedUnit
from services.assistance.training import domain
from services.assistance.training.course import Course, contradictions, course_of
from services.assistance.training.deaths import reconcile_deaths
from services.assistance.training.kinds import AskedOn, CourseKind, kind_in_force
from services.assistance.training.store import settle
from services.casework.contradictions import append_fitting
from services.casework.people.domain import person_on
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import Refused


def survey_need(
    desk: LabourDesk, family: Family, person_id: UUID, day: date, course_kind: str, trade: str
) -> None:  # fmt: skip
    """What somebody who lives in the register would learn."""
    person = person_on(family.about_person(person_id), person_id, as_of=day)
    if person.household_id is None or person.division is None:
        return
    fact = facts.TrainingNeedSurveyed(
        person_id=person_id, household_id=person.household_id, division=person.division, course_kind=course_kind,
        trade=trade, effective_on=day, entered_by=f"cadre-{family.root.division.code}",
    )  # fmt: skip
    desk.memory.stream(domain.need_stream_of(person_id)).append(fact)


class SimulatedCourse:
    """``families``: of the trainees."""

    def __init__(self, context: SimulationContext, desk: LabourDesk) -> None:
        self._context, self._desk = context, desk
        desk.courses += 1
        self.id = deterministic_id(context.digest, "course", desk.township.index, desk.courses)
        self._stream = domain.stream_of(self.id)
        self.families: dict[UUID, Family] = {}

    @property
    def state(self) -> Course:
        return domain.require_planned(course_of(timeline(self._desk.memory.known(self._stream))))

    def plan(self, day: date, *, need_known: bool, **terms: Any) -> None:
        proposed = facts.CoursePlanned(
            **self._fields(day), division=self._desk.township.code, **terms,
            terms=facts.CourseTerms(
                heads_counted=False, exam=False, certificate=False, least_attendance=0, job_after_certificate=False,
                technique=False,
            ),
        )  # fmt: skip
        planned = domain.plan(proposed, self._kind(proposed), need_known=need_known, today=self._context.recorded_on)
        self._desk.memory.stream(self._stream).append(planned)

    def enrol(self, day: date, family: Family, person_id: UUID) -> bool:
        """Returns whether the course is for that person on that day."""
        try:
            admitted = domain.require_admissible(self._kind(), self._person(family, person_id, day), day)
        except Refused:
            return False
        household, division = admitted
        if family not in self.families.values():
            family.followers.append(self.follow)
        self.families[person_id] = family
        self._enter(facts.TraineeEnrolled(**self._of(person_id, day), household_id=household, division=division))
        return True

    def hold_session(self, day: date, session: int, topic: str) -> None:
        domain.require_in_course(self.state, day)
        place = f"{self._desk.township.name}文化站"
        self._enter(facts.CourseSessionHeld(**self._fields(day), session=session, topic=topic, place=place))

    def attend(self, day: date, session: int, persons: Sequence[UUID]) -> None:
        """By the roster of the session."""
        self._enter(*(facts.SessionAttended(**self._of(person, day), session=session) for person in persons))

    def leave(self, day: date, person_id: UUID, reason: facts.TraineeLeavingReason) -> None:
        self._enter(facts.TraineeLeft(**self._of(person_id, day), reason=reason))

    def examine(self, day: date, person_id: UUID) -> bool:
        """Whoever attended enough, and whom the kind is for still. Returns whether that is so."""
        return self._attested(facts.TraineeExamined(**self._of(person_id, day), passed=True), AskedOn.EXAM)

    def certify(self, day: date, person_id: UUID, skill: str) -> bool:
        number = self._desk.next_certificate(day.year)
        fact = facts.CertificateIssued(**self._of(person_id, day), certificate_no=number, skill=skill)
        return self._attested(fact, AskedOn.CERTIFICATE)

    def complete(self, day: date, stated: tuple[facts.StatedFigure, ...]) -> None:
        domain.require_units(stated)
        self._enter(facts.CourseCompleted(**self._fields(day), stated=stated))

    def evaluate(self, day: date, *, met: bool) -> None:
        findings = "达到预期目标" if met else "出勤率低于计划"
        evaluator = "县劳动就业服务局"
        self._enter(facts.TrainingEvaluated(**self._fields(day), evaluator=evaluator, met=met, findings=findings))

    def taking_part(self, day: date) -> list[UUID]:
        """Trainees on that day who are not known to have died."""
        return [id_ for id_, t in self.state.trainees.items() if t.takes_part_on(day) and t.died_on is None]

    def follow(self) -> None:
        """What follows from deaths that the register has learned of, or taken back."""
        unit = SimulatedUnit(self._desk.memory)
        about = {person: family.about_person(person) for person, family in self.families.items()}
        lookup = self._context.regulations.looked_up_by(ASSISTANCE)
        reconcile_deaths(unit.tx, self.id, self.state, about, lookup)
        unit.finish()

    def _attested(self, fact: facts.TraineeFact, act: AskedOn) -> bool:
        person, day = fact.person_id, fact.effective_on
        try:
            state = self._person(self.families[person], person, day)
            domain.require_still_eligible(self._kind(), state, day, act)
            self._enter(fact)
        except Refused:
            return False
        return True

    def _enter(self, *new: Fact) -> None:
        unit, before = SimulatedUnit(self._desk.memory), self.state
        append_fitting(unit.tx, self._stream, new, contradictions)
        settle(unit.tx, self.id, before, course_of(timeline(unit.load(self._stream))))
        unit.finish()

    def _kind(self, planned: facts.CoursePlanned | None = None) -> CourseKind | None:
        """In force on the day of planning."""
        planned = planned or self.state.planned
        lookup = self._context.regulations.looked_up_by(ASSISTANCE)
        return kind_in_force(lookup, planned.course_kind, planned.effective_on, planned.division)

    def _person(self, family: Family, person: UUID, day: date) -> PersonState:
        return person_on(family.about_person(person), person, as_of=day)

    def _fields(self, day: date) -> dict[str, Any]:
        return {"course_id": self.id, "effective_on": day, "entered_by": self._desk.clerk}

    def _of(self, person_id: UUID, day: date) -> dict[str, Any]:
        return {**self._fields(day), "person_id": person_id}
