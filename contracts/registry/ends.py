"""Facts about the end of a household's record, and its coming back. Stream ``household-<uuid>``, as in ``households``.

An end is neither an exit nor a removal. Everybody who is a member then stops being one, and the reason stands for all of
them; what a household was before it ended is what it may be reinstated as.
"""

from enum import StrEnum
from uuid import UUID

from contracts.facts import HouseholdFact, published
from contracts.registry.reasons import CancelReason


@published("HouseholdCancelled", rank=90)
class HouseholdCancelled(HouseholdFact, frozen=True, kw_only=True):
    """Ended by nature, neither exited nor removed. ``merged_into``: the household that goes on after a merge."""

    reason: CancelReason
    merged_into: UUID | None = None
    case_id: UUID | None = None


class ReinstatedAs(StrEnum):
    """With the poverty status that it had when it ended, or as a candidate, about whom it is decided anew."""

    FORMER_STATUS = "former_status"
    CANDIDATE = "candidate"


@published("HouseholdReinstated", rank=12)
class HouseholdReinstated(HouseholdFact, frozen=True, kw_only=True):
    """A household that had ended is on record again (恢复), with those of its members at the end who came back."""

    person_ids: tuple[UUID, ...]
    head: UUID
    status: ReinstatedAs
    case_id: UUID | None = None
