"""Which acts are open on a course as far as it has come; who may not read it is offered none."""

from collections.abc import Iterable, Mapping, Sequence

from services.assistance.training.course import Course, course_of
from services.assistance.training.queries import TrainingQueries
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, id_in


def acts_of_courses(store: Store) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""
    queries = TrainingQueries(store)

    def of_course(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        facts, division = queries.course(id_in(ids, "course_id"), None, None)
        course = course_of(facts)
        if course is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return [each for each in there if _is_open(course, each.act)]

    return {"/training/courses/{course_id}": of_course}


def _is_open(course: Course, act: str) -> bool:
    """What was forgotten of a course that is over is entered late: attendance, examinations, certificates."""
    under_way = course.cancelled_on is None and course.completed_on is None
    is_open = {
        "hold_course_session": under_way and len(course.sessions) < course.planned.sessions,
        "enrol_trainee": under_way,
        "cancel_course": under_way,
        "complete_course": under_way and bool(course.sessions),
        "evaluate_course": course.completed_on is not None,
        "attend_session": bool(course.sessions) and bool(course.trainees),
        "examine_trainee": bool(course.trainees),
        "certify_trainee": bool(course.trainees),
        "leave_course": bool(course.trainees),
    }
    return is_open.get(act, True)
