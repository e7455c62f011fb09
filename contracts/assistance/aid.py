"""Facts about education aid (教育资助): one pupil's applications, what was granted, and what became of it.

Stream ``education-aid-<person_id>``. Aid belongs to the person (source facts §5 rule 15); ``household_id`` is the
household the pupil lived in when the fact became true. No personal field stands here: a pupil is an id, and free text
(what an objection said, what was found) stays on paper, named in ``evidence``.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.facts import HouseholdFact, published
from contracts.quantities import Yuan
from contracts.registry.codes import SchoolStage


class PupilAidFact(HouseholdFact, frozen=True, kw_only=True):
    """A fact about one pupil's aid."""

    person_id: UUID


class AidFact(PupilAidFact, frozen=True, kw_only=True):
    """A fact about one application and what was granted on it; applications of a pupil are numbered from 1."""

    application_no: int


@published("AidApplied")
class AidApplied(AidFact, frozen=True, kw_only=True):
    """Somebody applied for a pupil. ``other_grants_per_year``: yuan the pupil gets from other public grants for the
    same stage; it counts where a standard is a ceiling (§5 rule 24)."""

    division: str
    stage: SchoolStage
    boarder: bool
    other_grants_per_year: Yuan


@published("AidAppraised")
class AidAppraised(AidFact, frozen=True, kw_only=True):
    """A meeting voted on the application. Persons, not votes by proxy."""

    entitled: int
    present: int
    in_favour: int
    against: int
    abstained: int


@published("AidNoticePosted")
class AidNoticePosted(AidFact, frozen=True, kw_only=True):
    """The list hangs out for objection (公示) until the end of ``last_day``."""

    posted_on: date
    last_day: date


@published("AidObjectionRaised")
class AidObjectionRaised(AidFact, frozen=True, kw_only=True):
    objection_no: int


@published("AidObjectionResolved")
class AidObjectionResolved(AidFact, frozen=True, kw_only=True):
    """``upheld``: the objection was right, and the application ends."""

    objection_no: int
    upheld: bool


@published("AidNoticeClosed")
class AidNoticeClosed(AidFact, frozen=True, kw_only=True):
    """The last day of the notice is over and no objection is open."""


@published("AidReviewed")
class AidReviewed(AidFact, frozen=True, kw_only=True):
    """The township's opinion on the papers."""

    passed: bool


class AidOutcome(StrEnum):
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@published("AidApplicationEnded")
class AidApplicationEnded(AidFact, frozen=True, kw_only=True):
    """The application came to nothing; a granted one ends by ``AidGranted``."""

    outcome: AidOutcome


@published("AidGranted")
class AidGranted(AidFact, frozen=True, kw_only=True):
    """The pupil is entitled from ``effective_on`` until the school stage ends: ``amount_per_year`` yuan for every
    school year, in full (M112–M117). ``standard_since``: first day of the standard that the amount comes from."""

    division: str
    stage: SchoolStage
    amount_per_year: Yuan
    standard_since: date


@published("AidContinuedAfterExit")
class AidContinuedAfterExit(AidFact, frozen=True, kw_only=True):
    """The household left poverty; the pupil keeps the aid within the same school stage (M119, §5 rule 1)."""

    stage: SchoolStage


@published("AidEndedAtStageChange")
class AidEndedAtStageChange(AidFact, frozen=True, kw_only=True):
    """The stage for which the aid was granted is over; ``effective_on`` is the first day without it."""

    from_stage: SchoolStage
    to_stage: SchoolStage


class StopReason(StrEnum):
    HOUSEHOLD_REMOVED = "household_removed"
    HOUSEHOLD_CANCELLED = "household_cancelled"
    NOT_REGISTERED = "not_registered"
    EXITED_BEFORE_GRANT = "exited_before_grant"
    NO_CONTINUATION = "no_continuation"
    DIED = "died"
    LEFT_HOUSEHOLD = "left_household"
    NO_LONGER_BOARDER = "no_longer_boarder"


@published("AidStopped")
class AidStopped(AidFact, frozen=True, kw_only=True):
    """The aid stopped before its stage was over; ``effective_on`` is the first day without it."""

    reason: StopReason


@published("AidTransferred")
class AidTransferred(AidFact, frozen=True, kw_only=True):
    """The pupil lives elsewhere and the aid, or the application for it, went along; ``household_id`` is the new
    household (the same one when the whole household moved)."""

    from_household_id: UUID
    from_division: str
    to_division: str


@published("PaidAidReviewOpened")
class PaidAidReviewOpened(AidFact, frozen=True, kw_only=True):
    """Aid that was due, and may have been paid, for school years after the aid should have stopped. To be looked into,
    never silently clawed back. ``school_years``: by the year in which each begins; ``amount``: yuan of all of them."""

    school_years: tuple[int, ...]
    amount: Yuan


class AidAnnulment(StrEnum):
    CAUSE_ANNULLED = "cause_annulled"
    OVERTAKEN = "overtaken"


@published("AidFactsAnnulled")
class AidFactsAnnulled(PupilAidFact, frozen=True, kw_only=True):
    """What followed from a registry fact no longer follows, and is void by ``annuls``: the registry annulled its cause,
    or learned something late that overtook it."""

    reason: AidAnnulment
