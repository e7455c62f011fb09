"""People read every fact in their own language."""

import pytest

import contracts.assistance.aid
import contracts.assistance.inbox
import contracts.assistance.pairing
import contracts.casework.cases
import contracts.monitoring.targets
import contracts.registry.access
import contracts.registry.households
import contracts.registry.intake  # noqa: F401 - each import publishes its facts
from contracts.facts import PUBLISHED, HouseholdFact
from services.audit.labels import FACTS

HOUSEHOLD_FACTS = sorted(
    name
    for (name, _), kind in PUBLISHED.items()
    if issubclass(kind, HouseholdFact) and kind.__module__.startswith("contracts.")  # tests publish facts of their own
)


@pytest.mark.parametrize("name", HOUSEHOLD_FACTS)
def test_every_fact_that_a_history_can_show_has_a_chinese_name(name: str) -> None:
    assert FACTS[name]
