"""Request and response models of moves. Nothing here is personal but the reason, which is sealed."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.registry.moves import MoveOutcome
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, Line
from services.chassis.web.text_fields import Village
from services.registry.households.fact_forms import FactForm


class MoveForm(FactForm):
    """``earlier_move_missing``: the household came to ``from_division`` by a move that is not entered yet."""

    from_division: Village
    to_division: Village
    earlier_move_missing: bool = False


class AcceptanceForm(Body):
    """``to_division``: the village, where the paper of the side that proposed it names a wrong one."""

    to_division: Village | None = None
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)


class MoveEndingForm(Body):
    """Why the household does not come, or the proposal is taken back."""

    reason: Line
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)


class MoveAnswer(BaseModel):
    """A move that was proposed. ``moves_on``: the day of the paper; ``answer_by``: last day for the side that it leads to."""

    move_id: UUID
    household_id: UUID
    national_no: str | None
    from_division: str
    to_division: str
    moves_on: date
    proposed_on: date
    answer_by: date
    outcome: MoveOutcome | None
