"""What a course comes to, told from its timeline, and which of its facts contradict others. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance import training as facts
from contracts.assistance.training import CoursePlanned, StatedFigure
from contracts.facts import Fact, Recorded
from contracts.selection import timeline
from services.assistance.training import rules
from services.chassis.ground.refusals import Refused


@dataclass(frozen=True, slots=True)
class Session:
    on: date
    topic: str
    place: str
    heads: int | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    on: date
    evaluator: str
    met: bool
    findings: str


@dataclass(slots=True)
class Trainee:
    """``stays``: first and last day of each enrolment, without an end while it runs; ``attended``: session → its day."""

    household_id: UUID
    division: str
    stays: list[tuple[date, date | None]]
    attended: dict[int, date] = field(default_factory=dict)
    passed_on: date | None = None
    certificate_no: str | None = None
    skill: str | None = None
    died_on: date | None = None

    def takes_part_on(self, day: date) -> bool:
        return any(first <= day and (last is None or day <= last) for first, last in self.stays)


@dataclass(slots=True)
class Course:
    """``contradictions``: by id of the fact."""

    planned: CoursePlanned
    sessions: dict[int, Session] = field(default_factory=dict)
    trainees: dict[UUID, Trainee] = field(default_factory=dict)
    completed_on: date | None = None
    cancelled_on: date | None = None
    stated: tuple[StatedFigure, ...] = ()
    evaluations: list[Evaluation] = field(default_factory=list)
    contradictions: dict[str, Refused] = field(default_factory=dict)

    @property
    def person_times(self) -> int:
        """人次: of those who attended by name; or, where heads are counted, of all who came."""
        if self.planned.terms.heads_counted:
            return sum(session.heads or 0 for session in self.sessions.values())
        return sum(len(trainee.attended) for trainee in self.trainees.values())

    @property
    def persons(self) -> int:
        """人: who attended at least once, by name."""
        return sum(bool(trainee.attended) for trainee in self.trainees.values())

    def attendance(self, trainee: Trainee) -> int:
        """Percent of the sessions planned, rounded down."""
        return 100 * len(trainee.attended) // self.planned.sessions

    def require_under_way(self) -> None:
        """Raises ``Refused``."""
        if self.cancelled_on is not None:
            raise Refused(rules.CANCELLED, since=self.cancelled_on)
        if self.completed_on is not None:
            raise Refused(rules.COMPLETED, since=self.completed_on)


def course_of(of_course: Sequence[Recorded]) -> Course | None:
    """``None`` where no plan is among the facts."""
    course: Course | None = None
    for recorded in of_course:
        fact = recorded.fact
        if isinstance(fact, CoursePlanned):
            course = course or Course(fact)
        elif course is not None:
            try:
                _tell(course, fact)
            except Refused as why:
                course.contradictions[recorded.id] = why
    return course


def standing_or_planned(told: Sequence[Recorded]) -> Course | None:
    """As it stands; of one whose plan is void, as it was planned, so that it can be restored. ``None`` where it never was."""
    planned = next((r.fact for r in told if isinstance(r.fact, CoursePlanned)), None)
    return course_of(timeline(told)) or (None if planned is None else Course(planned))


def contradictions(of_course: Sequence[Recorded]) -> Mapping[str, Refused]:
    """A ``Telling``."""
    course = course_of(of_course)
    if course is None:
        # The plan was annulled: whatever else was told of the course rests on it.
        return {
            r.id: Refused(rules.NOT_PLANNED)
            for r in of_course
            if isinstance(r.fact, facts.CourseFact) and not r.fact.annuls
        }
    return course.contradictions


def _tell(course: Course, fact: Fact) -> None:
    """Raises ``Refused`` where it does not fit what was told before; the course is as it was then."""
    tell = TELLS.get(type(fact))
    if tell is not None:
        tell(course, fact)


def _session_held(course: Course, fact: facts.CourseSessionHeld) -> None:
    course.require_under_way()
    if fact.session > course.planned.sessions:
        raise Refused(rules.MORE_SESSIONS_THAN_PLANNED, planned=course.planned.sessions)
    if fact.session in course.sessions:
        raise Refused(rules.SESSION_HELD_ALREADY, on=course.sessions[fact.session].on)
    if course.planned.terms.heads_counted is (fact.heads is None):
        raise Refused(rules.HEADS_MISSING if fact.heads is None else rules.HEADS_FOLLOW_FROM_ATTENDANCE)
    course.sessions[fact.session] = Session(fact.effective_on, fact.topic, fact.place, fact.heads)


def _enrolled(course: Course, fact: facts.TraineeEnrolled) -> None:
    course.require_under_way()
    trainee = course.trainees.get(fact.person_id)
    if trainee is None:
        course.trainees[fact.person_id] = Trainee(fact.household_id, fact.division, [(fact.effective_on, None)])
        return
    if trainee.died_on is not None:
        raise Refused(rules.TRAINEE_DIED, on=trainee.died_on)
    if trainee.stays[-1][1] is None or trainee.stays[-1][1] >= fact.effective_on:
        raise Refused(rules.ENROLLED_ALREADY)
    trainee.stays.append((fact.effective_on, None))
    trainee.household_id, trainee.division = fact.household_id, fact.division


def _attended(course: Course, fact: facts.SessionAttended) -> None:
    session = course.sessions.get(fact.session)
    if session is None:
        raise Refused(rules.SESSION_NOT_HELD, session=fact.session, held=len(course.sessions))
    if session.on != fact.effective_on:
        raise Refused(rules.SESSION_ON_ANOTHER_DAY, on=session.on)
    trainee = _taking_part(course, fact.person_id, fact.effective_on)
    if fact.session in trainee.attended:
        raise Refused(rules.ATTENDED_ALREADY)
    present = sum(fact.session in other.attended for other in course.trainees.values())
    if session.heads is not None and present >= session.heads:
        raise Refused(rules.MORE_NAMED_THAN_COUNTED, heads=session.heads)
    trainee.attended[fact.session] = fact.effective_on


def _examined(course: Course, fact: facts.TraineeExamined) -> None:
    if not course.planned.terms.exam:
        raise Refused(rules.NO_EXAM)
    trainee = _taking_part(course, fact.person_id, fact.effective_on)
    if fact.passed:
        require_attendance(course, trainee)
        trainee.passed_on = fact.effective_on


def _certified(course: Course, fact: facts.CertificateIssued) -> None:
    terms = course.planned.terms
    if not terms.certificate:
        raise Refused(rules.NO_CERTIFICATE)
    trainee = course.trainees.get(fact.person_id)
    if trainee is None:
        raise Refused(rules.NOT_ENROLLED)
    if trainee.certificate_no is not None:
        raise Refused(rules.CERTIFIED_ALREADY)
    if terms.exam and trainee.passed_on is None:
        raise Refused(rules.EXAM_NOT_PASSED)
    require_attendance(course, trainee)
    trainee.certificate_no, trainee.skill = fact.certificate_no, fact.skill


def _died(course: Course, fact: facts.TraineeDied) -> None:
    trainee, day = course.trainees.get(fact.person_id), fact.effective_on
    if trainee is not None:
        trainee.died_on = day
        trainee.stays = [(first, day if last is None or last > day else last) for first, last in trainee.stays]


def _left(course: Course, fact: facts.TraineeLeft) -> None:
    trainee = _taking_part(course, fact.person_id, fact.effective_on)
    trainee.stays[-1] = (trainee.stays[-1][0], fact.effective_on)


def _completed(course: Course, fact: facts.CourseCompleted) -> None:
    course.require_under_way()
    if not course.sessions:
        raise Refused(rules.NO_SESSION_HELD)
    course.completed_on, course.stated = fact.effective_on, fact.stated


def _evaluated(course: Course, fact: facts.TrainingEvaluated) -> None:
    if course.completed_on is None:
        raise Refused(rules.NOT_COMPLETED)
    course.evaluations.append(Evaluation(fact.effective_on, fact.evaluator, fact.met, fact.findings))


def _cancelled(course: Course, fact: facts.CourseCancelled) -> None:
    course.require_under_way()
    course.cancelled_on = fact.effective_on


def _taking_part(course: Course, person: UUID, day: date) -> Trainee:
    trainee = course.trainees.get(person)
    if trainee is not None and trainee.died_on is not None and day > trainee.died_on:
        raise Refused(rules.TRAINEE_DIED, on=trainee.died_on)
    if trainee is None or not trainee.takes_part_on(day):
        raise Refused(rules.NOT_ENROLLED)
    return trainee


def require_attendance(course: Course, trainee: Trainee) -> None:
    """Raises ``Refused``."""
    attended, least = course.attendance(trainee), course.planned.terms.least_attendance
    if attended < least:
        raise Refused(rules.ATTENDED_TOO_LITTLE, attended=attended, least=least)


TELLS: Mapping[type[Fact], Callable[[Course, Any], None]] = {
    facts.CourseSessionHeld: _session_held,
    facts.TraineeEnrolled: _enrolled,
    facts.SessionAttended: _attended,
    facts.TraineeExamined: _examined,
    facts.CertificateIssued: _certified,
    facts.TraineeLeft: _left,
    facts.TraineeDied: _died,
    facts.CourseCompleted: _completed,
    facts.TrainingEvaluated: _evaluated,
    facts.CourseCancelled: _cancelled,
}
