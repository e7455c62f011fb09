"""A household's helpers and duties, folded from its pairing stream."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from contracts.assistance.pairing import (
    HelperAssigned,
    HelperDutyMet,
    HelperDutyMissed,
    HelperDutySet,
    HelperReleased,
    PairingEnded,
)
from contracts.facts import Recorded


class DutyState(StrEnum):
    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Duty:
    """``settled_on``: the day somebody was assigned, in time or late, or the pairing ended; ``missed_by``: id of the
    ``HelperDutyMissed``."""

    id: str
    set_on: date
    due_on: date
    set_at: datetime
    caused_by: str | None
    state: DutyState = DutyState.OPEN
    settled_on: date | None = None
    missed_by: str | None = None

    @property
    def is_pending(self) -> bool:
        """Nobody is assigned yet, in time or late."""
        return self.settled_on is None


@dataclass(frozen=True, slots=True)
class HelperAssignment:
    """One helper's assignment to the household; ``released_on`` is the first day without this helper."""

    helper: str
    unit: str
    assigned_on: date
    released_on: date | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """``changed_on``: effective day of the last change of helper; no command may be effective before it."""

    assignments: tuple[HelperAssignment, ...] = ()
    duties: tuple[Duty, ...] = ()
    changed_on: date | None = None

    @property
    def current_assignment(self) -> HelperAssignment | None:
        """The one that is not released."""
        return next((a for a in self.assignments if a.released_on is None), None)

    @property
    def pending_duties(self) -> tuple[Duty, ...]:
        return tuple(d for d in self.duties if d.is_pending)


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
            assignment = HelperAssignment(fact.helper, fact.unit, day)
            after = replace(before, assignments=(*before.assignments, assignment), changed_on=day)
            return _settle_pending_duties(after, day)
        case HelperReleased(reason=reason):
            return replace(before, assignments=_release_current(before.assignments, day, reason), changed_on=day)
        case HelperDutySet():
            duty = Duty(recorded.id, day, fact.due_on, recorded.recorded_at, fact.caused_by)
            return replace(before, duties=(*before.duties, duty))
        case HelperDutyMet(duty=duty_id):
            return _replace_duty(before, duty_id, state=DutyState.MET, settled_on=day)
        case HelperDutyMissed(duty=duty_id):
            return _replace_duty(before, duty_id, state=DutyState.MISSED, missed_by=recorded.id)
        case PairingEnded(reason=reason):
            ended = replace(before, assignments=_release_current(before.assignments, day, reason), changed_on=day)
            return _settle_pending_duties(ended, day, ended=True)
    return before


def _release_current(assignments: tuple[HelperAssignment, ...], day: date, reason: str) -> tuple[HelperAssignment, ...]:
    return tuple(
        replace(a, released_on=day, end_reason=str(reason)) if a.released_on is None else a for a in assignments
    )


def _settle_pending_duties(before: Pairing, day: date, *, ended: bool = False) -> Pairing:
    """A missed duty stays missed, but is no longer pending."""

    def settle(duty: Duty) -> Duty:
        if not duty.is_pending:
            return duty
        state = DutyState.ENDED if ended and duty.state is DutyState.OPEN else duty.state
        return replace(duty, state=state, settled_on=day)

    return replace(before, duties=tuple(map(settle, before.duties)))


def _replace_duty(before: Pairing, duty_id: str, **changes: Any) -> Pairing:
    return replace(before, duties=tuple(replace(d, **changes) if d.id == duty_id else d for d in before.duties))
