"""Facts about education aid (教育资助): what a pupil was granted on an application, and what became of it.

The application is a case (``contracts.casework.cases``) whose subject is the pupil. Stream ``education-aid-<person_id>``.
Aid belongs to the person (source facts §5 rule 15); ``household_id`` is the household the pupil lived in when the fact
became true. No personal field stands here: a pupil is an id.
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
    """A fact about one application, by its case, and what was granted on it."""

    case_id: UUID


@published("AidApplied")
class AidApplied(AidFact, frozen=True, kw_only=True):
    """What only aid knows of an application. ``other_grants_per_year``: yuan the pupil gets from other public grants for
    the same stage; it counts where a standard is a ceiling (§5 rule 24)."""

    division: str
    stage: SchoolStage
    boarder: bool
    other_grants_per_year: Yuan


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
    GRANTED_ANEW = "granted_anew"


@published("AidStopped")
class AidStopped(AidFact, frozen=True, kw_only=True):
    """The aid stopped before its stage was over; ``effective_on`` is the first day without it."""

    reason: StopReason


@published("AidTransferred")
class AidTransferred(AidFact, frozen=True, kw_only=True):
    """The pupil lives elsewhere and the aid went along; ``household_id`` is the new household (the same one when the whole
    household moved)."""

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
    CASE_REJECTED = "case_rejected"


@published("AidFactsAnnulled")
class AidFactsAnnulled(PupilAidFact, frozen=True, kw_only=True):
    """What followed from a fact no longer follows, and is void by ``annuls``: the registry annulled its cause, or learned
    something late that overtook it; or the case failed that had been decided first."""

    reason: AidAnnulment
