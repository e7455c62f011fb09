"""What the register's deaths do to trainees: an enrolment ends on the day of the death, and goes on where the death is taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.training import TraineeDeathsAnnulled, TraineeDied
from contracts.facts import Recorded
from contracts.registry.members import MemberDied
from contracts.selection import timeline
from services.assistance.reconciliation import Annulment, reconcile
from services.assistance.training.course import Course, course_of
from services.assistance.training.domain import stream_of, trainee_subject
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.people.domain import FOLLOWED_TYPES
from services.casework.people.queries import facts_about_persons, households_affected_by, persons_of
from services.chassis.log.unit import Tx


@dataclass
class TraineeDeaths:
    """Behind the views of people. Courses are found by the stays that commands keep, not by a view that may lag."""

    documents: Documents

    name = "trainee_deaths"
    types = FOLLOWED_TYPES
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        deaths = [r for r in facts if isinstance(r.fact, MemberDied) or r.fact.annuls]
        persons = persons_of(tx.cur, households_affected_by(tx.cur, deaths)) if deaths else []
        stays = tx.periods_of(map(trainee_subject, persons))
        concerned = {course_id for courses in stays.values() for course_id, periods in courses.items() if periods}
        for course_id in sorted(concerned):
            self._reconcile(tx, course_id)

    def _reconcile(self, tx: Tx, course_id: UUID) -> None:
        course = course_of(timeline(tx.load(stream_of(course_id))))
        if course is not None:
            about = facts_about_persons(tx.cur, list(course.trainees))
            reconcile_deaths(tx, course_id, course, about, self.documents.in_unit(tx))


def reconcile_deaths(
    tx: Tx, course_id: UUID, course: Course, about: Mapping[UUID, Sequence[Recorded]], lookup: Lookup
) -> None:
    """``about``: of every trainee all that the register knows."""
    known = [r for of_person in about.values() for r in of_person]
    told = list({r.id: r for r in known}.values())

    def annul(each: Annulment) -> TraineeDeathsAnnulled:
        return TraineeDeathsAnnulled(course_id=course_id, **each.fields())

    desired = [died for person in course.trainees for died in _died(course_id, course, person, about[person])]
    reconcile(tx, stream_of(course_id), (TraineeDied,), desired, told, lookup, annul)


def _died(course_id: UUID, course: Course, person: UUID, about: Sequence[Recorded]) -> Iterator[TraineeDied]:
    for r in timeline(about):
        if isinstance(r.fact, MemberDied) and r.fact.person_id == person:
            yield TraineeDied(
                household_id=course.trainees[person].household_id, course_id=course_id, person_id=person,
                effective_on=r.fact.effective_on, entered_by=SYSTEM_ACTOR, caused_by=r.id,
            )  # fmt: skip
            return
