"""An exit that was decided here, and what was known of the living conditions on that day. Pure."""

from datetime import date

import msgspec

from contracts.facts import Fact
from contracts.registry.poverty_status import HouseholdExited
from contracts.registry.surveys import ConditionsSurveyed


class DecidedExit(msgspec.Struct, frozen=True, gc=False):
    """``conditions``: as surveyed last by then; ``None`` where they never were."""

    exited_on: date
    conditions: ConditionsSurveyed | None


def decided_exit(fact: Fact, conditions: ConditionsSurveyed | None) -> DecidedExit | None:
    """``None`` unless the fact is an exit by a case: history that was imported rests on papers elsewhere."""
    is_decided = isinstance(fact, HouseholdExited) and fact.case_id is not None
    return DecidedExit(fact.effective_on, conditions) if is_decided else None
