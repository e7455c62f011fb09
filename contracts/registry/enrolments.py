"""Facts about enrolments (学籍): where a pupil is enrolled, at which stage, in which grade and class, whether boarding, how much was
missed, and why it ended. Departments of education say so, and nobody else; what a household says of its pupils stands in
the household's own facts. Stream ``enrolment-<person>``: no fold of a household counts any of them."""

from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, published
from contracts.registry.codes import SchoolStage


class SchoolTerm(StrEnum):
    AUTUMN = "autumn"
    SPRING = "spring"


class EnrolmentEnd(StrEnum):
    """Why an enrolment ended (学籍异动). After the first two the pupil goes on, after ``graduated`` perhaps."""

    TRANSFERRED = "transferred"
    GRADUATED = "graduated"
    SUSPENDED = "suspended"
    DROPPED_OUT = "dropped_out"
    WENT_ABROAD = "went_abroad"
    DIED = "died"
    OTHER = "other"


class EnrolmentFact(Fact, frozen=True, kw_only=True):
    """``household_id``: that the pupil belonged to when it was entered; an enrolment is the pupil's, and goes along to another
    household. ``enrolment_id``: the stay at one school and stage."""

    person_id: UUID
    household_id: UUID
    enrolment_id: UUID


@published("PupilEnrolled", rank=10)
class PupilEnrolled(EnrolmentFact, frozen=True, kw_only=True):
    """The pupil is enrolled at this school and stage from ``effective_on``."""

    school_code: str
    stage: SchoolStage
    boarding: bool
    grade: int | None = None
    class_no: int | None = None


@published("PupilPlaced", rank=20)
class PupilPlaced(EnrolmentFact, frozen=True, kw_only=True):
    """Within the enrolment: in this grade and class, boarding or not, from ``effective_on``."""

    boarding: bool
    grade: int | None = None
    class_no: int | None = None


@published("AttendanceCounted", rank=30)
class AttendanceCounted(EnrolmentFact, frozen=True, kw_only=True):
    """What was missed in a term, as counted on ``effective_on``. ``school_year``: in which it began; ``dropped_out``: the pupil no
    longer came at all, since that day. Counted again for the same term, the later day's figures stand."""

    school_year: int
    term: SchoolTerm
    missed_days: int
    dropped_out: bool = False


@published("EnrolmentEnded", rank=5)
class EnrolmentEnded(EnrolmentFact, frozen=True, kw_only=True):
    """The day before ``effective_on`` was the last of the enrolment."""

    reason: EnrolmentEnd


@published("RosterImported")
class RosterImported(Fact, frozen=True, kw_only=True):
    """A roster of pupils was taken in, stream ``roster-<batch_id>``; ``evidence`` names the file, as do the facts of each pupil that came
    out of it. ``division``: the area of whoever brought it in. ``subjects_seen`` = recorded + updated + unchanged + refused."""

    batch_id: UUID
    division: str
    subjects_seen: int
    rows_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int


@published("EnrolmentActsAnnulled", rank=99)
class EnrolmentActsAnnulled(Fact, frozen=True, kw_only=True):
    """A correction: these acts were wrong, and their facts in this stream (``annuls``) are void."""

    person_id: UUID
    household_id: UUID
    acts: tuple[UUID, ...]
