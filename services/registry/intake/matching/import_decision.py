"""What becomes of a household of a workbook: facts, each with the row that says so, or errors."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.facts import Evidence, HouseholdFact, Recorded
from services.chassis.ground.refusals import Rule
from services.registry.households.state import Household
from services.registry.intake.layout import Sheet
from services.registry.intake.reading.drafts import RowError


@dataclass(frozen=True, slots=True)
class Upload:
    """Who brings which paper. ``area``: the division prefix they act in. ``today``: the civil day of the upload."""

    by: str
    area: str
    paper: Evidence
    today: date


@dataclass(frozen=True, slots=True)
class Found:
    """What the register knows of a household: nothing (``known`` empty) or its facts, what it was on the day of the
    survey with personal values opened, and what it is."""

    household_id: UUID
    known: tuple[Recorded, ...] = ()
    then: Household = field(default_factory=Household)
    present: Household = field(default_factory=Household)


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact and the row that says so; personal values are plain until the store seals them."""

    fact: HouseholdFact
    sheet: Sheet
    row: int
    column: str = ""

    def refused(self, why: Rule) -> RowError:
        return wrong(why, self.sheet, self.row, self.column)


@dataclass(slots=True)
class Decided:
    """Nothing is recorded when there is any error. ``new_persons``: member row → the id that the register gives."""

    entries: list[Entry] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    new_persons: dict[int, UUID] = field(default_factory=dict)


def wrong(why: Rule, sheet: Sheet, row: int, key: str = "") -> RowError:
    """``key`` is the key of the column, or empty when the row as a whole errs."""
    return RowError.of(why, sheet.name, row, sheet.column(key).header if key else "")
