"""Command handlers of training, and what is kept beside the log with them: certificate numbers, and in which courses somebody is."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import date
from uuid import UUID, uuid5

from contracts.assistance.training import CoursePlanned, TrainingNeedSurveyed
from contracts.facts import Fact, Recorded
from contracts.selection import timeline
from services.assistance.training import domain, rules
from services.assistance.training.course import Course, contradictions, course_of, standing_or_planned
from services.assistance.training.domain import stream_of, trainee_subject
from services.assistance.training.kinds import AskedOn, CourseKind, kind_in_force
from services.assistance.training.roster import RosterRow, RosterTaken, take
from services.casework.contradictions import append_fitting
from services.casework.dates import require_not_future
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.people.domain import person_on
from services.casework.people.queries import facts_about_persons
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.periods import OPEN_END, Period
from services.chassis.log.unit import Tx
from services.chassis.web.areas import code_range

CERTIFICATE_CLAIM = "certificate_no"
NEED_KNOWN = b"SELECT 1 FROM training_needs WHERE course_kind = %s AND division >= %s AND division < %s AND surveyed_on <= %s LIMIT 1"
InScope = Callable[[str], bool]
Decide = Callable[[Course, Tx], Fact]
"""A decision about one course as it stands; the fact to append out."""


class TrainingCommands:
    """Handlers of the commands about training."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def survey(
        self, person_id: UUID, in_scope: InScope, need: Callable[[PersonState], TrainingNeedSurveyed], day: date
    ) -> Callable[[Tx], Reply]:
        """What somebody of the register would learn."""

        def handle(tx: Tx) -> Reply:
            require_not_future(day, tx.today)
            person = person_in_scope(tx, person_id, day, in_scope)
            tx.append(domain.need_stream_of(person_id), need(person))
            return Reply(location="/assistance/training/needs")

        return handle

    def plan(self, proposed: CoursePlanned, in_scope: InScope) -> Callable[[Tx], Reply]:
        def handle(tx: Tx) -> Reply:
            if not in_scope(proposed.division):
                raise Refused(NOT_FOUND)
            kind = self.kind(tx, proposed)
            known = kind is not None and kind.needs_survey and _need_known(tx, proposed)
            tx.append(stream_of(proposed.course_id), domain.plan(proposed, kind, need_known=known, today=tx.today))
            return Reply(location=location(proposed.course_id))

        return handle

    def enter(self, course_id: UUID, day: date, in_scope: InScope, decide: Decide) -> Callable[[Tx], Reply]:
        """Any later entry: what contradicts nothing is recorded."""
        return self._enter(course_id, day, in_scope, decide, lambda told: course_of(timeline(told)))

    def annul(self, course_id: UUID, day: date, in_scope: InScope, decide: Decide) -> Callable[[Tx], Reply]:
        """Also of a course whose plan is void: annulling that restores it."""
        return self._enter(course_id, day, in_scope, decide, standing_or_planned)

    def _enter(
        self, course_id: UUID, day: date, in_scope: InScope, decide: Decide,
        known: Callable[[Sequence[Recorded]], Course | None],
    ) -> Callable[[Tx], Reply]:  # fmt: skip
        def handle(tx: Tx) -> Reply:
            before = domain.require_planned(known(tx.load(stream_of(course_id))))
            if not in_scope(before.planned.division):
                raise Refused(NOT_FOUND)
            require_not_future(day, tx.today)
            append_fitting(tx, stream_of(course_id), [decide(before, tx)], contradictions)
            settle(tx, course_id, before, course_of(timeline(tx.load(stream_of(course_id)))))
            return Reply(location=location(course_id))

        return handle

    def roster(self, tx: Tx, course_id: UUID, rows: Sequence[RosterRow], in_scope: InScope, by: str) -> RosterTaken:
        """What the rows come to; nothing is appended yet. Raises ``NOT_FOUND``."""
        told = tx.load(stream_of(course_id))
        course = domain.require_planned(course_of(timeline(told)))
        if not in_scope(course.planned.division):
            raise Refused(NOT_FOUND)
        about = facts_about_persons(tx.cur, list({row.person_id for row in rows if row.person_id is not None}))
        if known := [r.recorded_at for of_person in about.values() for r in of_person]:
            tx.after(max(known))
        lived = {person: person_on(facts, person).division for person, facts in about.items()}
        in_area = [person for person, division in lived.items() if division is not None and in_scope(division)]
        trainees = [person for person in course.trainees if person in about]
        common = {"course_id": course_id, "entered_by": by}
        return take(told, rows, about, self.kind(tx, course.planned), common, {*in_area, *trainees}, tx.today)

    def record_roster(self, tx: Tx, course_id: UUID, taken: RosterTaken) -> None:
        before = domain.require_planned(course_of(timeline(tx.load(stream_of(course_id)))))
        append_fitting(tx, stream_of(course_id), taken.recorded, contradictions)
        settle(tx, course_id, before, course_of(timeline(tx.load(stream_of(course_id)))))

    def kind(self, tx: Tx, planned: CoursePlanned) -> CourseKind | None:
        """In force on the day of planning."""
        lookup: Lookup = self._documents.in_unit(tx)
        return kind_in_force(lookup, planned.course_kind, planned.effective_on, planned.division)

    def admitted(self, tx: Tx, course: Course, person_id: UUID, day: date, in_scope: InScope) -> tuple[UUID, str]:
        """Household and division of somebody who may take part from that day on. Raises ``Refused``."""
        person = person_in_scope(tx, person_id, day, in_scope)
        return domain.require_admissible(self.kind(tx, course.planned), person, day)

    def require_still_eligible(self, tx: Tx, course: Course, person_id: UUID, day: date, act: AskedOn) -> None:
        """A trainee, wherever they live by then. Raises ``Refused``."""
        if person_id in course.trainees:
            about: Sequence[Recorded] = facts_about_persons(tx.cur, [person_id])[person_id]
            tx.after(max(r.recorded_at for r in about))
            person = person_on(about, person_id, as_of=day)
            domain.require_still_eligible(self.kind(tx, course.planned), person, day, act)

    @staticmethod
    def require_entries(tx: Tx, course_id: UUID, named: Collection[str]) -> None:
        domain.require_entries(tx.load(stream_of(course_id)), named)


def person_in_scope(tx: Tx, person_id: UUID, day: date, in_scope: InScope) -> PersonState:
    """The person on that day, as far as the register is known here. Raises ``Refused`` where they live in no household then or
    outside of the caller's area."""
    about: Sequence[Recorded] = facts_about_persons(tx.cur, [person_id])[person_id]
    if about:
        tx.after(max(r.recorded_at for r in about))
    person = person_on(about, person_id, as_of=day)
    if not about:
        raise Refused(NOT_FOUND)
    if person.division is None:
        raise Refused(rules.TRAINEE_UNKNOWN)
    if not in_scope(person.division):
        raise Refused(NOT_FOUND)
    return person


def location(course_id: UUID) -> str:
    return f"/assistance/training/courses/{course_id}"


def _need_known(tx: Tx, proposed: CoursePlanned) -> bool:
    low, high = code_range(proposed.division)
    asked = (proposed.course_kind, low, high, proposed.effective_on)
    return tx.cur.execute(NEED_KNOWN, asked, prepare=True).fetchone() is not None


def settle(tx: Tx, course_id: UUID, before: Course, after: Course | None) -> None:
    """Certificate numbers and stays are those of the course as it is now. Raises ``Refused`` for a number that somebody else has."""
    former, now = before.trainees, {} if after is None else after.trainees
    for person in former.keys() | now.keys():
        was, has = (each[person].certificate_no if person in each else None for each in (former, now))
        holder = uuid5(course_id, str(person))
        if was is not None and was != has:
            tx.release(CERTIFICATE_CLAIM, _digest(was))
        if has is not None and was != has:
            if tx.holders(CERTIFICATE_CLAIM, _digest(has)):
                raise Refused(rules.CERTIFICATE_NO_USED, certificate_no=has)
            tx.claim(CERTIFICATE_CLAIM, _digest(has), holder)
        stayed, stays = (each[person].stays if person in each else [] for each in (former, now))
        if stayed != stays:
            periods = [Period(first, OPEN_END if last is None else last) for first, last in stays]
            tx.set_periods(trainee_subject(person), course_id, periods)


def _digest(number: str) -> tuple[tuple[int, bytes], ...]:
    """A certificate's number says nothing of its owner: the digest needs no key and has number 0."""
    return ((0, hashlib.sha256("".join(number.split()).casefold().encode()).digest()),)
