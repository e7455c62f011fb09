"""What would follow in a service from facts that are not recorded yet, line by line."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

WAGES_REPORTED = "wages_reported"
"""What a line is about that says what was reported of a household's wages in a year, for its next survey to confirm."""

LOAN_BENEFIT = "loan_benefit"
"""Likewise of what a household has of a loan: dividends of its own, or a borrower who draws it in."""


class ConsequenceEffect(StrEnum):
    STOPS = "stops"
    STARTS = "starts"
    GOES_ON = "goes_on"  # what might have stopped, and does not
    CHANGES = "changes"
    UNDONE = "undone"  # it counts as if it had never been
    TO_DECIDE = "to_decide"  # somebody has to look at it


class ConsequenceDetail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A field of what follows, and its value as text; personal values are masked."""

    name: str
    value: str


class ConsequenceLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``what``: the type of the fact that would be recorded, or the kind of thing that changes; ``zh`` and ``en``: what it is called.
    ``on``: the day from which it is so."""

    service: str
    effect: ConsequenceEffect
    what: str
    zh: str
    en: str
    on: date
    household_id: UUID | None = None
    person_id: UUID | None = None
    details: tuple[ConsequenceDetail, ...] = ()
