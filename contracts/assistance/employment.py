"""Facts about work: jobs that are offered, who is matched and placed, whether the job is kept, public-welfare posts and what is earned.
Streams ``job-offer-<offer_id>`` and ``work-<person_id>``: all work of one person, so that nobody is in two full-time posts at once.

What is earned is reported, and confirmed by the household's next survey alone. Ranks are the order within a day: who is placed is kept
or ends after it. No personal field stands here: a worker is an id, an employer is no person.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, published
from contracts.quantities import Yuan
from contracts.registry.members import Sex


class OfferFact(Fact, frozen=True, kw_only=True):
    """A fact about one offer."""

    offer_id: UUID


@published("JobOffered")
class JobOffered(OfferFact, frozen=True, kw_only=True):
    """``places``: how many are wanted; ``fair``: at which fair; ``wage``: yuan a month."""

    post_kind: str
    division: str
    employer: str
    job_title: str
    places: int
    wage: Yuan | None = None
    fair: str | None = None


@published("JobOfferClosed", rank=90)
class JobOfferClosed(OfferFact, frozen=True, kw_only=True):
    reason: str


class EmploymentFact(HouseholdFact, frozen=True, kw_only=True):
    """A fact about the work of one person. ``household_id``: theirs on the day."""

    person_id: UUID


class PlacementFact(EmploymentFact, frozen=True, kw_only=True):
    """A fact about one placement."""

    placement_id: UUID


@published("JobMatched", rank=10)
class JobMatched(EmploymentFact, frozen=True, kw_only=True):
    """Somebody was proposed for an offer; nobody is hired yet."""

    offer_id: UUID


@published("JobPlaced", rank=20)
class JobPlaced(PlacementFact, frozen=True, kw_only=True):
    """``division``: where the person lives; ``destination``: where the work is, if they leave for it (劳务输出); ``course_id``: of the
    training that led to it; ``term_ends``: last day of the post's term; ``proved``: what papers prove."""

    post_kind: str
    employer: str
    division: str
    sex: Sex | None = None
    full_time: bool
    public_post: bool
    offer_id: UUID | None = None
    course_id: UUID | None = None
    destination: str | None = None
    term_ends: date | None = None
    proved: tuple[str, ...] = ()


@published("PlacementKept", rank=30)
class PlacementKept(PlacementFact, frozen=True, kw_only=True):
    """Somebody asked after so many months, and the person was still at work."""

    months: int


@published("PostAttended", rank=30)
class PostAttended(PlacementFact, frozen=True, kw_only=True):
    """Days at work in the month that begins on ``month``, by which a public-welfare post is paid."""

    month: date
    days: int


@published("WageReported", rank=30)
class WageReported(PlacementFact, frozen=True, kw_only=True):
    """Earned in the month that begins on ``month``; income of the household once its survey confirms it."""

    month: date
    amount: Yuan


@published("WorkTutorAssigned", rank=30)
class WorkTutorAssigned(PlacementFact, frozen=True, kw_only=True):
    """A skilled worker tutors the newcomer (车间导师). ``tutor``: the post, not a name."""

    tutor: str


@published("WorkerHandedOver", rank=40)
class WorkerHandedOver(PlacementFact, frozen=True, kw_only=True):
    """The case is handed to an organisation where the work is (输出输入地对接)."""

    to_organisation: str


@published("HandOverAccepted", rank=45)
class HandOverAccepted(PlacementFact, frozen=True, kw_only=True):
    """By whom it was handed to; ``contact``: the post that answers for the worker there."""

    contact: str


class EndOfPlacement(StrEnum):
    RETURNED_HOME = "returned_home"
    OTHER_JOB = "other_job"
    DISMISSED = "dismissed"
    TERM_ENDED = "term_ended"
    ILL = "ill"


@published("PlacementEnded", rank=60)
class PlacementEnded(PlacementFact, frozen=True, kw_only=True):
    """The day is the last at work."""

    reason: EndOfPlacement


@published("BusinessStarted", rank=20)
class BusinessStarted(EmploymentFact, frozen=True, kw_only=True):
    """Work of one's own. ``jobs``: that it gives; ``support``: the programme or loan product that helps, where one does."""

    business: str
    division: str
    trade: str
    jobs: int = 0
    course_id: UUID | None = None
    support: str | None = None


@published("WorkerDied", rank=65)
class WorkerDied(EmploymentFact, frozen=True, kw_only=True):
    """Follows from the register; what runs ends on that day."""


@published("WorkerDeathsAnnulled")
class WorkerDeathsAnnulled(EmploymentFact, frozen=True, kw_only=True):
    """The register took back the death that the facts in ``annuls`` follow from."""


@published("EmploymentFactsAnnulled")
class EmploymentFactsAnnulled(EmploymentFact, frozen=True, kw_only=True):
    """The entries in ``annuls`` were typed wrong; annulling an annulment restores."""

    reason: str
