"""Which acts are open on a course as far as it has come; who may not read it is offered none."""

from collections.abc import Iterable, Mapping, Sequence

from services.assistance.training.course import Course
from services.assistance.training.queries import TrainingQueries
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, id_in

RESTORES = "annul_course_entries"
"""Of a course whose plan is void: annulling the annulment."""


def acts_of_courses(store: Store) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""
    queries = TrainingQueries(store)

    def of_course(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        course, stands = queries.to_act_on(id_in(ids, "course_id"))
        if course is None or not actor.covers(course.planned.division):
            raise Refused(NOT_FOUND)
        return [each for each in there if (_is_open(course, each.act) if stands else each.act == RESTORES)]

    return {"/training/courses/{course_id}": of_course}


def _is_open(course: Course, act: str) -> bool:
    """What was forgotten of a course that is over is entered late, under its own day: sessions, who took part, certificates."""
    under_way = course.cancelled_on is None and course.completed_on is None
    terms, trainees = course.planned.terms, course.trainees.values()
    is_open = {
        "hold_course_session": len(course.sessions) < course.planned.sessions,
        "cancel_course": under_way,
        "complete_course": under_way and bool(course.sessions),
        "evaluate_course": course.completed_on is not None,
        "attend_session": bool(course.sessions) and bool(course.trainees),
        "examine_trainee": terms.exam and bool(trainees),
        "certify_trainee": terms.certificate and any(trainee.certificate_no is None for trainee in trainees),
        "leave_course": any(trainee.stays[-1][1] is None for trainee in trainees),
    }
    return is_open.get(act, True)
