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
    fact that says so."""

    id: str
    set_on: date
    due_on: date
    set_at: datetime
    caused_by: str | None
    state: DutyState = DutyState.OPEN
    settled_on: date | None = None
    missed_by: str | None = None

    @property
    def waits(self) -> bool:
        """Nobody was found yet, in time or not."""
        return self.settled_on is None


@dataclass(frozen=True, slots=True)
class Help:
    """One helper's time with the household; ``released_on`` is the first day without."""

    helper: str
    unit: str
    assigned_on: date
    released_on: date | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """``changed_on``: effective day of the last change of helper; nothing is put in before it."""

    helps: tuple[Help, ...] = ()
    duties: tuple[Duty, ...] = ()
    changed_on: date | None = None

    @property
    def helper(self) -> Help | None:
        """Who helps at the end of the timeline."""
        return next((h for h in self.helps if h.released_on is None), None)

    @property
    def waiting(self) -> tuple[Duty, ...]:
        return tuple(d for d in self.duties if d.waits)


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
            after = replace(before, helps=(*before.helps, Help(fact.helper, fact.unit, day)), changed_on=day)
            return _settled(after, day)
        case HelperReleased(reason=reason):
            return replace(before, helps=_released(before.helps, day, reason), changed_on=day)
        case HelperDutySet():
            duty = Duty(recorded.id, day, fact.due_on, recorded.recorded_at, fact.caused_by)
            return replace(before, duties=(*before.duties, duty))
        case HelperDutyMet(duty=duty_id):
            return _duty(before, duty_id, state=DutyState.MET, settled_on=day)
        case HelperDutyMissed(duty=duty_id):
            return _duty(before, duty_id, state=DutyState.MISSED, missed_by=recorded.id)
        case PairingEnded(reason=reason):
            ended = replace(before, helps=_released(before.helps, day, reason), changed_on=day)
            return _settled(ended, day, ended=True)
    return before


def _released(helps: tuple[Help, ...], day: date, reason: str) -> tuple[Help, ...]:
    return tuple(replace(h, released_on=day, end_reason=str(reason)) if h.released_on is None else h for h in helps)


def _settled(before: Pairing, day: date, *, ended: bool = False) -> Pairing:
    """A missed duty stays missed, but nobody is looked for any more."""

    def settled(duty: Duty) -> Duty:
        if not duty.waits:
            return duty
        state = DutyState.ENDED if ended and duty.state is DutyState.OPEN else duty.state
        return replace(duty, state=state, settled_on=day)

    return replace(before, duties=tuple(map(settled, before.duties)))


def _duty(before: Pairing, duty_id: str, **changes: Any) -> Pairing:
    return replace(before, duties=tuple(replace(d, **changes) if d.id == duty_id else d for d in before.duties))
