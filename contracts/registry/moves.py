"""Facts about a move that the receiving side has not accepted yet. Stream ``move-<uuid>``: no fold of a household counts them;
an accepted one is recorded as ``HouseholdMoved``, caused by its proposal."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from contracts.facts import Fact, published
from contracts.personal import Personal


class MoveProposalFact(Fact, frozen=True, kw_only=True):
    """Free text is sealed under the household's key."""

    sealed_under: ClassVar[str] = "household_id"

    move_id: UUID
    household_id: UUID


@published("MoveProposed")
class MoveProposed(MoveProposalFact, frozen=True, kw_only=True):
    """The side that a household leaves says that it moves on ``effective_on``, as the paper has it. ``answer_by``: last day for
    the receiving side; ``earlier_move_missing``: it came to ``from_division`` by a move that is not entered yet."""

    from_division: str
    to_division: str
    earlier_move_missing: bool = False
    answer_by: date


class MoveOutcome(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@published("MoveProposalEnded")
class MoveProposalEnded(MoveProposalFact, frozen=True, kw_only=True):
    """``to_division``: where the household lives now, which the receiving side may correct; ``reason``: why it was declined or
    withdrawn."""

    outcome: MoveOutcome
    to_division: str
    reason: Personal[str] | None = None
