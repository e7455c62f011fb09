"""Following the registry: its households as this service sees them."""

from collections.abc import Sequence
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from services.assistance.beneficiaries import store
from services.assistance.beneficiaries.domain import FOLLOWED
from services.chassis.unit import Tx


class FollowsHouseholds:
    """Keeps ``households`` and ``members``. Stands before the reactions that ask them."""

    types = FOLLOWED
    appends = False

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        store.refold(tx, households_of(facts))


def households_of(facts: Sequence[Recorded]) -> list[UUID]:
    """The households these facts are about, each once."""
    return list(dict.fromkeys(r.fact.household_id for r in facts if isinstance(r.fact, HouseholdFact)))
