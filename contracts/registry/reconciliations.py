"""Facts about comparisons of the register with the list of another system, while both are kept. Stream ``reconciliation-<id>`` of each
comparison; ``reconciled-<subject>`` of each household number that was not the same in both, or was not the time before."""

from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published


class ReconciliationResult(StrEnum):
    """Of one 户编号. ``NOT_COMPARED``: its rows in the list have errors."""

    SAME = "same"
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    DIFFERENT = "different"
    NOT_COMPARED = "not_compared"


class ReconciliationCheck(StrEnum):
    """As which finding it stands."""

    MISSING_IN_REGISTER = "missing_in_register"
    MISSING_IN_OTHER_SYSTEM = "missing_in_other_system"
    DIFFERS_FROM_OTHER_SYSTEM = "differs_from_other_system"


class CorrectedIn(StrEnum):
    """Which of the two is put right; ``EITHER``: the papers tell."""

    HERE = "here"
    THERE = "there"
    EITHER = "either"


class FieldDifference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``field``: as the register names it; ``person_no``: of the member that it is said of, as far as there is a number; ``row``: of the
    list, 0 where it has none. ``here``, ``there``: a code or a figure as text, ``None`` where nothing is said, and of personal
    fields, where only that they differ is kept."""

    field: str
    person_no: str | None = None
    row: int = 0
    here: str | None = None
    there: str | None = None
    personal: bool = False
    corrected_in: CorrectedIn


class ReconciledFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``persons_here``, ``persons_there``: of these households, as the register and as the list has them."""

    result: ReconciliationResult
    households: int
    persons_here: int
    persons_there: int


@published("RegisterReconciled")
class RegisterReconciled(Fact, frozen=True, kw_only=True):
    """A list of the other system was compared with the register as it stood on ``effective_on``; ``evidence`` names the file. ``figures``:
    one for each result, in their order."""

    reconciliation_id: UUID
    county: str
    figures: tuple[ReconciledFigures, ...]


@published("HouseholdReconciled")
class HouseholdReconciled(Fact, frozen=True, kw_only=True):
    """What a comparison found of one household number of a county. ``subject``: of this number there, for good; ``household_id``: where
    it is on record here; ``document``: the edition that says what is compared, and who corrects it. ``effective_on``: the day as of
    which it was compared."""

    subject: UUID
    reconciliation_id: UUID
    county: str
    national_no: str
    household_id: UUID | None = None
    division: str
    result: ReconciliationResult
    persons_here: int = 0
    persons_there: int = 0
    differences: tuple[FieldDifference, ...] = ()
    document: str
