"""Who of the members lives in common (共同生活): shares income and spending, under one roof or while working away. Stream
``household-<uuid>``; what ``rank`` says stands in ``households``."""

from enum import StrEnum
from uuid import UUID

from contracts.facts import HouseholdFact, published


class ResidenceReason(StrEnum):
    """Why somebody lives in common although away, or apart although a member."""

    AT_HOME = "at_home"
    WORKS_AWAY = "works_away"
    STUDIES_AWAY = "studies_away"
    LIVES_APART = "lives_apart"
    EMPTY_REGISTRATION = "empty_registration"
    IN_INSTITUTION = "in_institution"
    IMPRISONED = "imprisoned"
    IN_SERVICE = "in_service"
    MISSING = "missing"
    OTHER = "other"


IN_COMMON = frozenset(
    {ResidenceReason.AT_HOME, ResidenceReason.WORKS_AWAY, ResidenceReason.STUDIES_AWAY, ResidenceReason.OTHER}
)
"""Reasons of living in common; all but the first three of living apart."""
APART = frozenset(ResidenceReason) - (IN_COMMON - {ResidenceReason.OTHER})


@published("CommonResidenceRecorded", rank=42)
class CommonResidenceRecorded(HouseholdFact, frozen=True, kw_only=True):
    """Since when a member lives in common with the household, or apart from it. A member of whom nothing was recorded lives in
    common."""

    person_id: UUID
    lives_in_common: bool
    reason: ResidenceReason
