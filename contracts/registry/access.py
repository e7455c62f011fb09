"""Who read whose personal data, and why. Stream ``access-<reader>``: one fact per reading. Who tried out commands that name
persons: ``dry-runs-<day>-<account>``, so that a day's are counted without reading those before."""

from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, published


class Purpose(StrEnum):
    """What personal data may be read for; the reader states it each time."""

    CASE = "case"  # handling a procedure of this household
    VERIFICATION = "verification"  # checking an entry against a paper
    CORRECTION = "correction"
    PAYMENT = "payment"
    AUDIT = "audit"


@published("PersonalDataRead")
class PersonalDataRead(HouseholdFact, frozen=True, kw_only=True):
    """``fields`` were opened for these persons of the household (and for the household itself)."""

    reader: str
    purpose: Purpose
    person_ids: tuple[UUID, ...]
    fields: tuple[str, ...]


@published("DryRunMade")
class DryRunMade(Fact, frozen=True, kw_only=True):
    """A command that names persons was tried out, which says whether they are on the register in the caller's area.
    ``operation``: of the OpenAPI document; ``persons``: how many were named, of whom nothing is kept."""

    operation: str
    persons: int
