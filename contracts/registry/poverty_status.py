"""A household's poverty status and the decisions that change it. Stream ``household-<uuid>``; what ``rank`` says stands in
``households``."""

from enum import StrEnum
from uuid import UUID

from contracts.facts import HouseholdFact, published
from contracts.registry.codes import PovertyCause


class Standard(StrEnum):
    """识别标准."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"


class PovertyStatus(StrEnum):
    CANDIDATE = "candidate"
    REGISTERED = "registered"
    EXITED = "exited"
    RETURNED = "returned"
    REMOVED = "removed"
    CANCELLED = "cancelled"


STOCK = frozenset({PovertyStatus.REGISTERED, PovertyStatus.RETURNED})
"""Registered and not exited: what every published stock counts."""


@published("HouseholdEnrolled", rank=50)
class HouseholdEnrolled(HouseholdFact, frozen=True, kw_only=True):
    """Identified and registered as poor (M001, M002)."""

    standard: Standard
    case_id: UUID | None = None


@published("HouseholdExited", rank=51)
class HouseholdExited(HouseholdFact, frozen=True, kw_only=True):
    """Left poverty (M005). ``enjoys_policies``: still entitled under the grace rules."""

    enjoys_policies: bool
    case_id: UUID | None = None


@published("HouseholdReturned", rank=52)
class HouseholdReturned(HouseholdFact, frozen=True, kw_only=True):
    """Fell back and was taken in again by the regular procedure (M007); ``former_exit`` is the exit it undoes."""

    cause: PovertyCause
    former_exit: str
    case_id: UUID | None = None


@published("HouseholdRemoved", rank=53)
class HouseholdRemoved(HouseholdFact, frozen=True, kw_only=True):
    """A re-verification found it never qualified (M003); not an exit (source facts §5 rule 7). Effective from the wrongful
    entry, it annuls the household's exits, returns and removals since."""

    reason: str
    case_id: UUID | None = None
