"""A household's helpers, folded from its pairing stream."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from contracts.assistance.pairing import HelperAssigned, HelperReleased, PairingEnded, ReleaseReason
from contracts.civil import civil_day
from contracts.facts import Recorded

LEFT_WITHOUT_SUCCESSOR = frozenset(str(reason) for reason in ReleaseReason if reason is not ReleaseReason.HANDOVER)


@dataclass(frozen=True, slots=True)
class HelperAssignment:
    """One helper's assignment to the household; ``released_on`` is the first day without this helper. ``fact``: id of the
    ``HelperAssigned``, recorded on the day ``known_on``; ``released_by`` and ``release_known_on``: of what ended it."""

    helper: str
    unit: str
    assigned_on: date
    fact: str
    known_on: date
    released_on: date | None = None
    end_reason: str | None = None
    released_by: str | None = None
    release_known_on: date | None = None

    @property
    def left_without_successor(self) -> bool:
        """Whether a helper went and handed over to nobody."""
        return self.end_reason in LEFT_WITHOUT_SUCCESSOR


@dataclass(frozen=True, slots=True)
class Pairing:
    """``changed_on``: effective day of the last change of helper; no command may be effective before it."""

    assignments: tuple[HelperAssignment, ...] = ()
    changed_on: date | None = None

    @property
    def current(self) -> tuple[HelperAssignment, ...]:
        """Those that are not released, in order of assignment: usually one."""
        return tuple(a for a in self.assignments if a.released_on is None)


def fold(timeline: Iterable[Recorded]) -> Pairing:
    state = Pairing()
    for recorded in timeline:
        state = evolve(state, recorded)
    return state


def evolve(before: Pairing, recorded: Recorded) -> Pairing:
    """The pairing after one more fact."""
    fact = recorded.fact
    day = fact.effective_on
    match fact:
        case HelperAssigned():
            assignment = HelperAssignment(fact.helper, fact.unit, day, recorded.id, civil_day(recorded.recorded_at))
            return replace(before, assignments=(*before.assignments, assignment), changed_on=day)
        case HelperReleased():
            released = _release(before.assignments, recorded, fact.reason, fact.helper)
            return replace(before, assignments=released, changed_on=day)
        case PairingEnded():
            return replace(before, assignments=_release(before.assignments, recorded, fact.reason), changed_on=day)
    return before


def _release(
    assignments: tuple[HelperAssignment, ...], by: Recorded, reason: str, helper: str | None = None
) -> tuple[HelperAssignment, ...]:
    """``helper``: whose, where it is not everybody's."""
    ended: dict[str, Any] = {
        "released_on": by.fact.effective_on, "end_reason": str(reason), "released_by": by.id,
        "release_known_on": civil_day(by.recorded_at),
    }  # fmt: skip
    return tuple(
        replace(a, **ended) if a.released_on is None and helper in (None, a.helper) else a for a in assignments
    )
