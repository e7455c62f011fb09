"""Why a unit has a programme, or not: each condition of the edition by itself, with what would change it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from services.assistance.entitlements.state import UnitEntitlements
from services.assistance.messages import say
from services.assistance.programmes.document import Component, Programme
from services.assistance.programmes.predicates import (
    Aged,
    Candidate,
    IncomeBelow,
    Monitored,
    NotReceiving,
    Predicate,
    Proved,
    Receiving,
    Registered,
)
from services.assistance.programmes.reasons import Reason
from services.chassis.ground.messages import Message


class ConditionState(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class DecidedBy(StrEnum):
    """Where what decides a condition is kept."""

    REGISTER = "register"
    APPLICATION = "application"
    ENTITLEMENTS = "entitlements"
    PROGRAMME = "programme"


class Outcome(StrEnum):
    """What a unit has of a programme on a day."""

    RECEIVING = "receiving"
    SUSPENDED = "suspended"
    APPLIED = "applied"
    MAY_APPLY = "may_apply"
    NOT_ELIGIBLE = "not_eligible"
    NOT_KNOWN = "not_known"


UNKNOWN = frozenset({Reason.BIRTH_YEAR_UNKNOWN, Reason.INCOME_UNKNOWN, Reason.NOT_PROVED})
OF_STATUS = frozenset({
    Reason.NOT_IN_REGISTER, Reason.HOUSEHOLD_EXITED, Reason.HOUSEHOLD_REMOVED, Reason.HOUSEHOLD_ENDED, Reason.NOT_MONITORED,
})  # fmt: skip
CHANGED_BY: Mapping[Reason, Message] = {
    **dict.fromkeys((Reason.INCOME_UNKNOWN, Reason.NOT_PROVED), say("why_next_apply")),
    **dict.fromkeys(OF_STATUS, say("why_next_status")),
    Reason.INCOME_ABOVE_LINE: say("why_next_income"),
    Reason.RECEIVES_ANOTHER: say("why_next_other_programme"),
    Reason.LACKS_ANOTHER: say("why_next_apply"),
    Reason.TOO_OLD: say("why_next_never"),
}
"""Reason → what would change it; of the others the register decides."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``asks``: tag of the predicate, and ``parameters`` as the document gives them; ``field``: of the register's state, by which it is
    decided; ``next``: what would change it, ``None`` where it is met."""

    asks: str
    parameters: Mapping[str, Any]
    state: ConditionState
    reason: Reason
    kept_in: DecidedBy
    field: str
    next: Message | None


@dataclass(frozen=True, slots=True)
class OfComponent:
    """``conditions``: what the component asks besides; ``amount``: in words, ``None`` where nothing is in force."""

    component: Component
    conditions: tuple[Condition, ...]


def conditions_of(programme: Programme, candidate: Candidate) -> tuple[Condition, ...]:
    """In the document's order: met or not, each is told."""
    return tuple(_condition(each, candidate) for each in programme.eligibility)


def components_of(programme: Programme, candidate: Candidate) -> Iterator[OfComponent]:
    """Those for the unit's school stage; of a unit in no listed stage, none."""
    for component in programme.components:
        if component.is_for(candidate.person.stage):
            only = [_condition(each, candidate) for each in component.only]
            yield OfComponent(component, (*only, _standard(component, candidate.day)))


def outcome_of(
    own: UnitEntitlements, programme: str, day: date, *, applied: bool, conditions: tuple[Condition, ...],
    components: tuple[OfComponent, ...],
) -> Outcome:  # fmt: skip
    """``own``: as known then; ``applied``: an application was open then."""
    running = next((grant for grant in own.of(programme) if grant.runs_on(day)), None)
    if running is not None:
        return Outcome.RECEIVING if running.suspended_on(day) is None else Outcome.SUSPENDED
    if applied:
        return Outcome.APPLIED
    of_one = [{c.state for c in (*conditions, *each.conditions)} for each in components]
    best = min((_rank(states) for states in of_one), default=2)
    return (Outcome.MAY_APPLY, Outcome.NOT_KNOWN, Outcome.NOT_ELIGIBLE)[best]


def _rank(states: set[ConditionState]) -> int:
    if ConditionState.NOT_MET in states:
        return 2
    return 1 if ConditionState.UNKNOWN in states else 0


def _condition(predicate: Predicate, candidate: Candidate) -> Condition:
    against = predicate.reason_against(candidate)
    given = msgspec.to_builtins(predicate, str_keys=True)
    kept_in, field = _decided_in(predicate)
    return Condition(
        asks=given.pop("is"), parameters={name: str(value) for name, value in given.items()},
        state=ConditionState.MET if against is None else ConditionState.UNKNOWN if against in UNKNOWN else ConditionState.NOT_MET,
        reason=against or Reason.ELIGIBLE, kept_in=kept_in, field=field,
        next=None if against is None else _changed_by(against, predicate, candidate),
    )  # fmt: skip


def _standard(component: Component, day: date) -> Condition:
    """Whether an amount is in force for what begins on that day."""
    pays = component.pays_on(day)
    return Condition(
        asks="standard_in_force", parameters={}, state=ConditionState.MET if pays else ConditionState.UNKNOWN,
        reason=Reason.ELIGIBLE if pays else Reason.NO_STANDARD_IN_FORCE, kept_in=DecidedBy.PROGRAMME, field="",
        next=None if pays else say("why_next_edition"),
    )  # fmt: skip


def _decided_in(predicate: Predicate) -> tuple[DecidedBy, str]:
    match predicate:
        case IncomeBelow() | Proved():
            return DecidedBy.APPLICATION, ""
        case NotReceiving() | Receiving():
            return DecidedBy.ENTITLEMENTS, ""
        case Registered() | Monitored():
            return DecidedBy.REGISTER, "status"
        case Aged():
            return DecidedBy.REGISTER, "birth_year"
    return DecidedBy.REGISTER, type(predicate).FIELD


def _changed_by(against: Reason, predicate: Predicate, candidate: Candidate) -> Message:
    if against is Reason.TOO_YOUNG:
        assert isinstance(predicate, Aged)
        assert candidate.person.birth_year is not None
        return say("why_next_age", year=str(candidate.person.birth_year + predicate.least))
    return CHANGED_BY.get(against) or say("why_next_record")
