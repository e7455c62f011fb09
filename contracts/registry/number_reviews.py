"""ID numbers that somebody holds in another area already: what the office whose area covers both decided. Stream
``number-review-<person>``."""

from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, published


class NumberReviewOutcome(StrEnum):
    """``confirmed``: the number is this person's, and nobody else holds it any more."""

    CONFIRMED = "confirmed"
    SAME_PERSON = "same_person"
    MISTYPED_HERE = "mistyped_here"
    MISTYPED_ELSEWHERE = "mistyped_elsewhere"
    MISUSED = "misused"


@published("NumberReviewDecided")
class NumberReviewDecided(Fact, frozen=True, kw_only=True):
    """``person_id``: whose number awaited the review, in ``household_id``; ``other``: who held it; ``office``: code of the
    division whose office decided."""

    person_id: UUID
    household_id: UUID
    outcome: NumberReviewOutcome
    other: UUID | None = None
    office: str
