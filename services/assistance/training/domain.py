"""Decisions about courses that ask for more than the course itself: its kind, the day, the register. Pure."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID, uuid5

import msgspec

from contracts.assistance import training as facts
from contracts.assistance.training import CoursePlanned, StatedFigure, StatedOf
from contracts.facts import Recorded
from contracts.quantities import Quantity, Unit
from contracts.selection import surviving
from services.assistance.programmes.predicates import Candidate, reasons_against
from services.assistance.training import rules
from services.assistance.training.course import Course
from services.assistance.training.kinds import AskedOn, CourseKind
from services.casework.dates import require_not_future
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import NOT_FOUND, Refused

TRAINEES = UUID("0f4a4f6e-7f0b-5a53-9d0c-64b7f1c3a917")
"""Namespace of the subjects under which the stays of persons in courses are found."""
UNITS = {
    StatedOf.TRAINED: (Unit.PERSON, Unit.ATTENDANCE), StatedOf.WOMEN: (Unit.PERSON, Unit.ATTENDANCE),
    StatedOf.CERTIFIED: (Unit.PERSON,), StatedOf.PLACED: (Unit.PERSON,), StatedOf.SUBSIDY: (Unit.YUAN,),
}  # fmt: skip


def stream_of(course_id: UUID) -> str:
    return f"course-{course_id}"


def need_stream_of(person_id: UUID) -> str:
    return f"training-need-{person_id}"


def trainee_subject(person_id: UUID) -> UUID:
    return uuid5(TRAINEES, str(person_id))


def plan(proposed: CoursePlanned, kind: CourseKind | None, *, need_known: bool, today: date) -> CoursePlanned:
    """``need_known``: somebody's need of this kind was surveyed where the course shall be held, by that day."""
    require_not_future(proposed.effective_on, today)
    if kind is None:
        raise Refused(rules.KIND_NOT_IN_FORCE, course_kind=proposed.course_kind)
    if proposed.ends_on < proposed.starts_on:
        raise Refused(rules.ENDS_BEFORE_IT_BEGINS)
    if kind.ordered and proposed.employer is None:
        raise Refused(rules.EMPLOYER_MISSING)
    if kind.needs_survey and not need_known:
        raise Refused(rules.NO_NEED_SURVEYED, course_kind=proposed.course_kind)
    return msgspec.structs.replace(proposed, terms=kind.terms)


def require_in_course(course: Course, day: date) -> None:
    """A session lies between the first and the last day. Raises ``Refused``."""
    first, last = course.planned.starts_on, course.planned.ends_on
    if not first <= day <= last:
        raise Refused(rules.SESSION_OUTSIDE_COURSE, starts_on=first, ends_on=last)


def require_admissible(kind: CourseKind | None, person: PersonState, day: date) -> tuple[UUID, str]:
    """Household and division of who may take part. Raises ``Refused``."""
    if kind is None:
        raise Refused(rules.KIND_NOT_IN_FORCE)
    if not person.alive or person.household_id is None or person.division is None:
        raise Refused(rules.TRAINEE_UNKNOWN)
    if AskedOn.ENROLMENT in kind.asked_on:
        _require_eligible(kind, person, day)
    return person.household_id, person.division


def require_still_eligible(kind: CourseKind | None, person: PersonState, day: date, act: AskedOn) -> None:
    """Where the kind asks on that day, too. Of the dead the course itself knows. Raises ``Refused``."""
    if kind is not None and act in kind.asked_on and person.alive:
        _require_eligible(kind, person, day)


def _require_eligible(kind: CourseKind, person: PersonState, day: date) -> None:
    if against := reasons_against(kind.eligibility, Candidate(person, day)):
        raise Refused(rules.NOT_ELIGIBLE, reasons=[str(reason) for reason in against])


def heads_of(quantity: Quantity) -> int:
    """Who came is counted in person-times. Raises ``Refused``."""
    if quantity.unit is not Unit.ATTENDANCE:
        raise Refused(rules.HEADS_ARE_PERSON_TIMES, unit=quantity.unit)
    return int(quantity.amount)


def require_units(stated: Collection[StatedFigure]) -> None:
    """Raises ``Refused``."""
    for figure in stated:
        if figure.quantity.unit not in UNITS[figure.of]:
            raise Refused(rules.UNIT_DOES_NOT_FIT, of=figure.of, units=list(UNITS[figure.of]))


def require_entries(of_course: Sequence[Recorded], named: Collection[str]) -> None:
    """Those that stand and were entered: what follows from the register goes with it. Raises ``Refused``."""
    standing = {r.id for r in surviving(of_course) if isinstance(r.fact, facts.CourseFact)}
    if not standing.issuperset(named):
        raise Refused(rules.NOT_ITS_ENTRY, facts=sorted(set(named) - standing))


def require_planned(course: Course | None) -> Course:
    """Raises ``NOT_FOUND``."""
    if course is None:
        raise Refused(NOT_FOUND)
    return course
