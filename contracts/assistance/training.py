"""Facts about training: what somebody needs, the course that is planned for it, who takes part, and what came of it. Streams
``course-<course_id>``, ``training-need-<person_id>``.

Persons and person-times (人, 人次) are no facts: they follow from who attended which session. Where a course only counts heads, what
was counted is person-times. Ranks are the order within a day: a session is held before anybody attended it. No personal field stands
here: a trainee is an id.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, HouseholdFact, published
from contracts.quantities import Quantity


class CourseFact(Fact, frozen=True, kw_only=True):
    """A fact about one course."""

    course_id: UUID


@published("TrainingNeedSurveyed")
class TrainingNeedSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """A person would learn ``trade`` in a course of this kind. ``division``: where they live."""

    person_id: UUID
    division: str
    course_kind: str
    trade: str


class CourseTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What the kind's document asks for, as it was in force on the day of planning. ``least_attendance``: percent of the sessions
    that are planned."""

    heads_counted: bool
    exam: bool
    certificate: bool
    least_attendance: int
    job_after_certificate: bool
    technique: bool
    subsidy: str | None = None


@published("CoursePlanned")
class CoursePlanned(CourseFact, frozen=True, kw_only=True):
    """``sessions``: how many there shall be; ``employer``: who ordered the course (订单式)."""

    course_kind: str
    division: str
    title: str
    trade: str
    organiser: str
    starts_on: date
    ends_on: date
    sessions: int
    employer: str | None = None
    terms: CourseTerms


@published("CourseSessionHeld", rank=10)
class CourseSessionHeld(CourseFact, frozen=True, kw_only=True):
    """``heads``: how many came, where heads are counted: person-times."""

    session: int
    topic: str
    place: str
    heads: int | None = None


class TraineeFact(CourseFact, frozen=True, kw_only=True):
    """A fact about one trainee of a course."""

    person_id: UUID


@published("TraineeEnrolled", rank=20)
class TraineeEnrolled(TraineeFact, frozen=True, kw_only=True):
    """``household_id``, ``division``: where the person lives on the day."""

    household_id: UUID
    division: str


@published("SessionAttended", rank=30)
class SessionAttended(TraineeFact, frozen=True, kw_only=True):
    """Effective on the day of the session."""

    session: int


@published("TraineeExamined", rank=40)
class TraineeExamined(TraineeFact, frozen=True, kw_only=True):
    passed: bool


@published("CertificateIssued", rank=50)
class CertificateIssued(TraineeFact, frozen=True, kw_only=True):
    """``certificate_no``: once in the province."""

    certificate_no: str
    skill: str


class TraineeLeavingReason(StrEnum):
    OWN_WISH = "own_wish"
    FOUND_WORK = "found_work"
    MOVED_AWAY = "moved_away"
    ILL = "ill"


@published("TraineeLeft", rank=60)
class TraineeLeft(TraineeFact, frozen=True, kw_only=True):
    """Before the end of the course."""

    reason: TraineeLeavingReason


@published("TraineeDied", rank=65)
class TraineeDied(HouseholdFact, frozen=True, kw_only=True):
    """Follows from the register; the enrolment ends on that day."""

    course_id: UUID
    person_id: UUID


@published("TraineeDeathsAnnulled")
class TraineeDeathsAnnulled(HouseholdFact, frozen=True, kw_only=True):
    """The register took the deaths back that the facts in ``annuls`` follow from."""

    course_id: UUID


class StatedOf(StrEnum):
    """What a paper counts of a course."""

    TRAINED = "trained"
    WOMEN = "women"
    CERTIFIED = "certified"
    PLACED = "placed"
    SUBSIDY = "subsidy"


class StatedFigure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A figure of a paper in the unit that it has there; never taken for what is counted."""

    of: StatedOf
    quantity: Quantity


@published("CourseCompleted", rank=70)
class CourseCompleted(CourseFact, frozen=True, kw_only=True):
    stated: tuple[StatedFigure, ...] = ()


@published("TrainingEvaluated", rank=80)
class TrainingEvaluated(CourseFact, frozen=True, kw_only=True):
    """What the course achieved, after it was completed."""

    evaluator: str
    met: bool
    findings: str


@published("CourseCancelled", rank=90)
class CourseCancelled(CourseFact, frozen=True, kw_only=True):
    """It will not be held, or not further."""

    reason: str


@published("CourseFactsAnnulled")
class CourseFactsAnnulled(CourseFact, frozen=True, kw_only=True):
    """The entries in ``annuls`` were typed wrong; annulling an annulment restores."""

    reason: str
