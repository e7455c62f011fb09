"""How a person's state changes from day to day, and why: what a programme derives its own facts from. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.households import HouseholdFormed, HouseholdMoved
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import surviving, timeline
from services.casework.people.domain import STATUS_FACTS, evolve
from services.casework.people.state import PersonState, RegisterState, household_state, person_state

STATE_FIELDS = tuple(each.name for each in fields(PersonState))
SETTING_FACTS: Mapping[str, tuple[type[Fact], ...]] = {
    "status": STATUS_FACTS,
    "division": (HouseholdMoved, HouseholdTransferred),
}
"""Field of the state → the facts that set it for a whole household."""


@dataclass(frozen=True, slots=True)
class PersonStateChange:
    """From ``day`` on the person is in this state, because of ``cause``."""

    day: date
    state: PersonState
    cause: Recorded


@dataclass(frozen=True, slots=True)
class EvaluationPoint:
    """A day on which what depends on a person's state is evaluated. ``causes``: field of the state → the fact that set it;
    ``previous``: the state before, ``None`` on the first day."""

    day: date
    state: PersonState
    previous: PersonState | None
    causes: Mapping[str, Recorded]

    @property
    def is_exit(self) -> bool:
        exited = PovertyStatus.EXITED
        return self.state.status is exited and self.previous is not None and self.previous.status is not exited


def person_history(person: UUID, timeline: Iterable[Recorded]) -> list[PersonStateChange]:
    """The person's state changes in order. Leaving one household and joining another on the same day makes no state
    without a household in between."""
    return _history(timeline, lambda register: person_state(register, person))


def household_history(household: UUID, timeline: Iterable[Recorded]) -> list[PersonStateChange]:
    """The household's changes in order, as states of whoever lives there. ``timeline``: of it and of its ancestors."""
    return _history(timeline, lambda register: household_state(register, household))


def _history(timeline: Iterable[Recorded], state_in: Callable[[RegisterState], PersonState]) -> list[PersonStateChange]:
    register, history, state = RegisterState(), list[PersonStateChange](), PersonState()
    for day, facts_of_day in groupby(timeline, key=lambda r: r.fact.effective_on):
        changes: list[PersonStateChange] = []
        for recorded in facts_of_day:
            register = evolve(register, recorded.fact)
            new_state = state_in(register)
            if new_state != state:
                changes.append(PersonStateChange(day, new_state, recorded))
            state = new_state
        has_household_at_day_end = state.household_id is not None
        history += [c for c in changes if c.state.household_id is not None or not has_household_at_day_end]
    return history


def evaluation_points(history: Iterable[PersonStateChange], first: date) -> Iterator[EvaluationPoint]:
    """The first day, and every change of the state since."""
    state, causes, started = PersonState(), dict[str, Recorded](), False
    for change in history:
        if change.day > first and not started:
            started = True
            yield EvaluationPoint(first, state, None, dict(causes))
        previous = state
        state = change.state
        causes.update({a: change.cause for a in STATE_FIELDS if getattr(state, a) != getattr(previous, a)})
        if change.day > first:
            yield EvaluationPoint(change.day, state, previous, dict(causes))
    if not started:
        yield EvaluationPoint(first, state, None, dict(causes))


def cause_of(point: EvaluationPoint, field: str, facts: Sequence[Recorded], decided_at: datetime) -> Recorded:
    """The fact that set this field. Where that was known when it was decided, the fact recorded since that changed it: a
    status or move effective on an earlier day, of the household or of one it started from, or an annulment. ``facts``: as
    for ``person_on``."""
    direct, household = point.causes.get(field), point.state.household_id
    if direct is not None and (point.previous is not None or direct.recorded_at > decided_at):
        return direct
    kinds = SETTING_FACTS.get(field, ()) if household else ()
    until = timeline(facts, of=household, as_of=point.day) if kinds else ()
    learned = [r for r in until if isinstance(r.fact, kinds) and r.recorded_at > decided_at]
    learned = learned or [r for r in surviving(facts) if r.fact.annuls]
    return last_recorded(learned) if learned else direct or last_recorded(facts)


def cause_of_status(household: UUID, facts: Sequence[Recorded]) -> Recorded | None:
    """The status fact in force of a household; of one that is a candidate again, what annulled its enrolment. ``facts``: of
    it and its ancestors, those that survive."""
    line = timeline(facts, of=household)
    annulling = [r for r in facts if r.fact.annuls]
    in_force = next((r for r in reversed(line) if isinstance(r.fact, STATUS_FACTS)), None)
    return in_force or (last_recorded(annulling) if annulling else None)


def formation_of(household: UUID, facts: Iterable[Recorded]) -> Recorded | None:
    """The fact that formed this household by a split."""
    return next((r for r in facts if isinstance(r.fact, HouseholdFormed) and r.fact.household_id == household), None)


def first_actionable_day(cause: Recorded) -> date:
    """The later of the day it took effect and the day it was recorded: nobody can act on a fact before both."""
    return max(cause.fact.effective_on, civil_day(cause.recorded_at))


def last_recorded(facts: Iterable[Recorded]) -> Recorded:
    """The fact with the highest position."""
    return max(facts, key=lambda r: r.position)
