"""Helpers of households as the first edition told of them: who was assigned, released, or is helped no more. Pure.

Its facts are read for ever; what they tell are pairs of the kind ``HELPER``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any

from contracts.assistance.pairing import HelperAssigned, HelperReleased, PairingEnded, ReleaseReason
from contracts.assistance.pairs import HouseholdPairFormed, PairEndReason
from contracts.casework.records import SubjectKind
from contracts.civil import civil_day
from contracts.facts import Recorded

HELPER, EDITION = "pairing_helper", "2014"
"""Kind of pair of a household's helper, and the edition by which the first ones count as formed."""
TOLD = (HelperAssigned, HelperReleased)
"""What only the first edition told."""
REASONS: Mapping[str, PairEndReason] = {
    ReleaseReason.HANDOVER: PairEndReason.HANDED_OVER,
    ReleaseReason.TRANSFERRED: PairEndReason.HELPER_LEFT,
    ReleaseReason.LEFT_SERVICE: PairEndReason.HELPER_LEFT,
    ReleaseReason.OTHER: PairEndReason.OTHER,
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """``assigned`` tells it; ``ended`` tells why ``released_on`` is the first day without this helper."""

    assigned: Recorded
    helper: str
    ended: Recorded | None = None
    released_on: date | None = None
    reason: str | None = None

    def formed(self) -> HouseholdPairFormed:
        """The same as a pair."""
        fact = self.assigned.fact
        assert isinstance(fact, HelperAssigned)
        return HouseholdPairFormed(
            effective_on=fact.effective_on, entered_by=fact.entered_by, caused_by=fact.caused_by, subject=fact.household_id,
            household_id=fact.household_id, kind=HELPER, edition=EDITION, about=SubjectKind.HOUSEHOLD, helper=fact.helper,
            unit=fact.unit, took_over_from=fact.took_over_from,
        )  # fmt: skip

    @property
    def release_known_on(self) -> date | None:
        return None if self.ended is None else civil_day(self.ended.recorded_at)


def assignments(timeline: Iterable[Recorded]) -> tuple[Assignment, ...]:
    """In order of the days. ``timeline``: of facts of the first edition."""
    return reduce(_evolve, timeline, ())


def _evolve(before: tuple[Assignment, ...], recorded: Recorded) -> tuple[Assignment, ...]:
    match recorded.fact:
        case HelperAssigned() as fact:
            return (*before, Assignment(recorded, fact.helper))
        case HelperReleased() as fact:
            return _released(before, recorded, str(REASONS[fact.reason]), fact.helper)
        case PairingEnded() as fact:
            return _released(before, recorded, str(fact.reason))
    return before


def _released(
    before: tuple[Assignment, ...], by: Recorded, reason: str, helper: str | None = None
) -> tuple[Assignment, ...]:
    """``helper``: whose, where it is not everybody's."""
    ended: dict[str, Any] = {"ended": by, "released_on": by.fact.effective_on, "reason": reason}
    return tuple(replace(a, **ended) if a.ended is None and helper in (None, a.helper) else a for a in before)
