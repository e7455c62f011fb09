"""Answers about training. Persons (人) and person-times (人次) are two figures everywhere, and never one for the other."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.assistance.training import StatedOf
from contracts.facts import Recorded
from contracts.quantities import Unit
from services.assistance.training.course import Course
from services.casework.fact_forms import PlainDecimal
from services.casework.standing_facts import StandingFactAnswer


class CourseSessionAnswer(BaseModel):
    """``heads``: person-times, where heads are counted; ``named``: who attended by name."""

    session: int
    on: date
    topic: str
    place: str
    heads: int | None
    named: int


class TraineeAnswer(BaseModel):
    """``attended``: sessions; ``attendance``: percent of the sessions planned."""

    person_id: UUID
    household_id: UUID
    division: str
    since: date
    until: date | None
    attended: list[int]
    attendance: int
    passed_on: date | None
    certificate_no: str | None
    skill: str | None
    died_on: date | None


class StatedFigureAnswer(BaseModel):
    """``counted``: the same figure as it follows from the entries, where it does and the units are equal."""

    of: StatedOf
    amount: PlainDecimal
    unit: Unit
    counted: int | None


class TrainingEvaluationAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    on: date
    evaluator: str
    met: bool
    findings: str


class TrainingContradictionAnswer(BaseModel):
    """An entry that counts for nothing, and why."""

    fact: str
    because: str


class CourseAnswer(BaseModel):
    """A course on a day, as known on another."""

    course_id: UUID
    course_kind: str
    division: str
    title: str
    trade: str
    organiser: str
    employer: str | None
    starts_on: date
    ends_on: date
    sessions_planned: int
    completed_on: date | None
    cancelled_on: date | None
    enrolled: int
    persons: int
    person_times: int
    passed: int
    certified: int
    subsidy: str | None
    sessions: list[CourseSessionAnswer]
    trainees: list[TraineeAnswer]
    stated: list[StatedFigureAnswer]
    evaluations: list[TrainingEvaluationAnswer]
    contradictions: list[TrainingContradictionAnswer]
    history: list[StandingFactAnswer]

    @classmethod
    def of(cls, course: Course, facts: Sequence[Recorded]) -> Self:
        planned, trainees = course.planned, course.trainees.values()
        certified = sum(t.certificate_no is not None for t in trainees)
        return cls(
            course_id=planned.course_id, course_kind=planned.course_kind, division=planned.division, title=planned.title,
            trade=planned.trade, organiser=planned.organiser, employer=planned.employer, starts_on=planned.starts_on,
            ends_on=planned.ends_on, sessions_planned=planned.sessions, completed_on=course.completed_on,
            cancelled_on=course.cancelled_on, enrolled=len(trainees), persons=course.persons,
            person_times=course.person_times, passed=sum(t.passed_on is not None for t in trainees), certified=certified,
            subsidy=planned.terms.subsidy, sessions=_sessions(course), trainees=_trainees(course), stated=_stated(course),
            evaluations=[TrainingEvaluationAnswer.model_validate(e) for e in course.evaluations],
            contradictions=[
                TrainingContradictionAnswer(fact=fact, because=why.rule.code)
                for fact, why in course.contradictions.items()
            ],
            history=StandingFactAnswer.of_all(facts),
        )  # fmt: skip


class ListedCourseAnswer(BaseModel):
    """``persons``: who attended at least once, by name; ``person_times``: by name; ``heads_counted``: person-times where heads are
    counted, those by name among them."""

    course_id: UUID
    course_kind: str
    division: str
    planned_on: date
    completed_on: date | None
    sessions: int
    enrolled: int
    persons: int
    person_times: int
    heads_counted: PlainDecimal
    certified: int


class TrainingTotalAnswer(BaseModel):
    """Of one kind in an area. A person in two courses is one of ``persons`` and two of ``participations``."""

    course_kind: str
    courses: int
    sessions: int
    enrolled: int
    persons: int
    participations: int
    person_times: int
    heads_counted: PlainDecimal
    certified: int
    certificates: int


class TrainingStatedTotalAnswer(BaseModel):
    """What papers state, by kind, figure and unit: units are never added up."""

    course_kind: str
    of: StatedOf
    unit: Unit
    courses: int
    amount: PlainDecimal


class HouseholdSkillsAnswer(BaseModel):
    """``able``: members able to work; ``skilled``: those of them with one certificate at least; ``certificates``: of all of them;
    ``techniques``: practical courses that a member attended."""

    household_id: UUID
    able: int
    skilled: int
    certificates: int
    techniques: int


def _sessions(course: Course) -> list[CourseSessionAnswer]:
    return [
        CourseSessionAnswer(
            session=number, on=held.on, topic=held.topic, place=held.place, heads=held.heads,
            named=sum(number in t.attended for t in course.trainees.values()),
        )
        for number, held in sorted(course.sessions.items())
    ]  # fmt: skip


def _trainees(course: Course) -> list[TraineeAnswer]:
    return [
        TraineeAnswer(
            person_id=person, household_id=t.household_id, division=t.division, since=t.stays[0][0], until=t.stays[-1][1],
            attended=sorted(t.attended), attendance=course.attendance(t), passed_on=t.passed_on,
            certificate_no=t.certificate_no, skill=t.skill, died_on=t.died_on,
        )
        for person, t in sorted(course.trainees.items())
    ]  # fmt: skip


def _stated(course: Course) -> list[StatedFigureAnswer]:
    certified = sum(t.certificate_no is not None for t in course.trainees.values())
    counted = {
        (StatedOf.TRAINED, Unit.PERSON): course.persons, (StatedOf.TRAINED, Unit.ATTENDANCE): course.person_times,
        (StatedOf.CERTIFIED, Unit.PERSON): certified,
    }  # fmt: skip
    return [
        StatedFigureAnswer(
            of=f.of, amount=f.quantity.amount, unit=f.quantity.unit, counted=counted.get((f.of, f.quantity.unit))
        )
        for f in course.stated
    ]
