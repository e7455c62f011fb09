"""Response models of clues. Personal values are masked; a disclosure opens them."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from contracts.registry import clues as c
from services.chassis.web.position_tokens import PositionToken
from services.registry.clues.domain import ClueState
from services.registry.clues.queries import ListedClue


class ListedClueAnswer(BaseModel):
    """A clue. ``accept_by`` and ``end_by``: last days; ``late_acceptance`` and ``late_ending``: whether it was later;
    ``household_id``: null while the household is not on record."""

    clue_id: UUID
    receipt_no: str
    source: c.ClueSource
    channel: c.ReportChannel | None
    department: c.Department | None
    item: c.AlertItem | None
    reference: str | None
    division: str
    received_in: str
    household_id: UUID | None
    received_on: date
    accept_by: date | None
    end_by: date
    state: ClueState
    accepted_on: date | None
    late_acceptance: bool | None
    refused_for: c.ClueRefusalReason | None
    answer: c.ClueAnswer | None
    duplicate_of: UUID | None
    case_id: UUID | None
    ended_on: date | None
    late_ending: bool | None

    @classmethod
    def of(cls, found: ListedClue) -> Self:
        return cls.model_validate(found, from_attributes=True)


class ReceiptAnswer(BaseModel):
    """What whoever reported it may know: how far it has come, and by when it is answered. Nothing of whom it is about."""

    receipt_no: str
    clue_id: UUID
    received_on: date
    accept_by: date | None
    end_by: date
    state: ClueState
    accepted_on: date | None
    refused_for: c.ClueRefusalReason | None
    answer: c.ClueAnswer | None
    ended_on: date | None

    @classmethod
    def of(cls, found: ListedClue) -> Self:
        return cls.model_validate(found, from_attributes=True)


class DisclosedClueAnswer(BaseModel):
    """What was said, in plain; ``shredded`` where the key was destroyed. A repeated request is answered without values."""

    position: PositionToken
    replayed: bool
    name: str | None = None
    group: str | None = None
    phone: str | None = None
    statement: str | None = None
    explanation: str | None = None
