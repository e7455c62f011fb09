"""What the import of one household is decided from and decides: facts, each with its source row, or errors."""

from dataclasses import dataclass, field
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.refusals import Rule
from services.registry.households.lineage import Relatives, no_relatives
from services.registry.households.state import Household
from services.registry.intake.history.domain import HISTORY_NOT_OPEN


@dataclass(frozen=True, slots=True)
class RegisterState:
    """What the register holds about a household: its facts (empty for a new one), its state on the day of the survey
    with personal values decrypted, and its current state; ``relatives``: of the households it is related to by splits;
    ``history_refusal``: why status history of its county is not taken from this file, ``None`` where it is."""

    household_id: UUID
    facts: tuple[Recorded, ...] = ()
    at_survey: Household = field(default_factory=Household)
    current: Household = field(default_factory=Household)
    relatives: Relatives = no_relatives
    history_refusal: Rule | None = HISTORY_NOT_OPEN


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """A fact and the row it comes from, by key of its sheet; personal values are plain until they are sealed for the log."""

    fact: HouseholdFact
    sheet: str
    row: int
    column: str = ""

    def error(self, rule: Rule) -> RowError:
        return RowError.of(rule, self.sheet, self.row, self.column)


@dataclass(slots=True)
class ImportDecision:
    """Nothing is recorded when there is any error. ``new_persons``: member row → id of the new person;
    ``new_numbers``: member row → person on record whose document came later."""

    facts: list[SourcedFact] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    new_persons: dict[int, UUID] = field(default_factory=dict)
    new_numbers: dict[int, UUID] = field(default_factory=dict)
