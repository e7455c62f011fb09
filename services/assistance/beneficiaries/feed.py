"""The households that the registry's facts are about."""

from collections.abc import Sequence
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded


def households_of(facts: Sequence[Recorded]) -> list[UUID]:
    """Each once, in order."""
    return list(dict.fromkeys(r.fact.household_id for r in facts if isinstance(r.fact, HouseholdFact)))
