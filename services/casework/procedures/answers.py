"""Response models of the case API."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from contracts.casework.cases import CaseOutcome


class CaseAnswer(BaseModel):
    """The current state of a case. ``division``: where its subject is today; ``due``: key of the step that is due;
    ``notice_ends``: first day after the running notice; ``make_good_by``: last day for the steps that the green channel
    deferred, while one is missing."""

    case_id: UUID
    subject: UUID
    household_id: UUID | None
    standing: str
    procedure: str
    edition: str
    division: str
    opened_on: date
    latest_on: date
    due: str | None
    notice_ends: date | None
    objections: int
    make_good_by: date | None
    outcome: CaseOutcome | None
