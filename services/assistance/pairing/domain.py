"""Assigning, releasing and handing over a helper: pure decisions on a household's pairing and its registry status."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance.pairing import HelperAssigned, HelperReleased, ReleaseReason
from contracts.facts import Evidence, Fact
from contracts.registry.households import PovertyStatus
from services.assistance.pairing.state import HelperAssignment, Pairing
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, check_all, checks

PAIRABLE_STATUSES = frozenset({PovertyStatus.REGISTERED, PovertyStatus.RETURNED, PovertyStatus.EXITED})
"""Statuses in which a household may have a helper; whether it keeps one after an exit is a dated rule."""

NOT_REGISTERED = rule(
    "pairing_household_not_registered",
    zh="该户不在册，不安排结对帮扶。",
    en="The household is not in the register; nobody is paired with it.",
    source="M049; source facts §5 rule 21",
)
HAS_HELPER = rule(
    "pairing_has_helper",
    zh="该户已有帮扶责任人，请办理交接。",
    en="The household has a helper; hand over instead.",
    source="M049: each household has one helper; source facts §5 rules 42, 46",
)
NO_HELPER = rule(
    "pairing_has_no_helper",
    zh="该户目前没有帮扶责任人。",
    en="The household has no helper.",
    source="M049",
)
SAME_HELPER = rule(
    "pairing_same_helper",
    zh="交接双方不能是同一人。",
    en="One hands over to somebody else.",
    source="source facts §5 rule 46",
)
BEFORE_LAST_CHANGE = rule(
    "pairing_before_last_change",
    zh="日期不能早于上一次变更。",
    en="The day may not be earlier than that of the last change.",
    source="Lika design: two times",
)
FUTURE_DAY = rule(
    "pairing_future_day",
    zh="日期不能晚于今天。",
    en="The day may not lie in the future.",
    source="Lika design: two times",
)
RULE_NOT_IN_FORCE = rule(
    "pairing_rule_not_in_force",
    zh="当日当地没有生效的规定。",
    en="No rule is in force on that day in that place.",
    source="pairing parameters",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    household_id: UUID
    on: date
    by: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Command):
    """``helper``: a staff account; ``unit``: the organisation that sends them."""

    helper: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    reason: ReleaseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    helper: str
    unit: str


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What a decision depends on. ``status``: of the household on the command's day."""

    command: Any
    pairing: Pairing
    status: PovertyStatus | None
    today: date


@checks(FUTURE_DAY)
def not_in_future(context: DecisionContext) -> None:
    if context.command.on > context.today:
        raise Refused(FUTURE_DAY, on=context.command.on, today=context.today)


@checks(BEFORE_LAST_CHANGE)
def not_before_last_change(context: DecisionContext) -> None:
    changed = context.pairing.changed_on
    if changed is not None and context.command.on < changed:
        raise Refused(BEFORE_LAST_CHANGE, on=context.command.on, changed=changed)


@checks(NOT_REGISTERED)
def household_is_registered(context: DecisionContext) -> None:
    if context.status not in PAIRABLE_STATUSES:
        raise Refused(NOT_REGISTERED, status=context.status)


@checks(HAS_HELPER)
def has_no_helper(context: DecisionContext) -> None:
    if (current := context.pairing.current_assignment) is not None:
        raise Refused(HAS_HELPER, since=current.assigned_on)


@checks(NO_HELPER)
def has_helper(context: DecisionContext) -> None:
    if context.pairing.current_assignment is None:
        raise Refused(NO_HELPER)


@checks(SAME_HELPER, given=(has_helper,))
def another_helper(context: DecisionContext) -> None:
    if _current(context.pairing).helper == context.command.helper:
        raise Refused(SAME_HELPER)


DAYS = (not_in_future, not_before_last_change)
RULES_FOR: Mapping[type[Command], tuple[RuleCheck[DecisionContext], ...]] = {
    Assign: (*DAYS, household_is_registered, has_no_helper),
    Release: (*DAYS, has_helper),
    HandOver: (*DAYS, household_is_registered, has_helper, another_helper),
}


def decide(context: DecisionContext) -> list[Fact]:
    """The facts of the command. Raises ``Refused``."""
    command = context.command
    check_all(RULES_FOR[type(command)], context)
    return DECISION_FUNCTIONS[type(command)](command, context.pairing)


def _assign(command: Assign, _: Pairing) -> list[Fact]:
    return [HelperAssigned(**_common_fields(command), helper=command.helper, unit=command.unit)]


def _release(command: Release, pairing: Pairing) -> list[Fact]:
    return [HelperReleased(**_common_fields(command), helper=_current(pairing).helper, reason=command.reason)]


def _hand_over(command: HandOver, pairing: Pairing) -> list[Fact]:
    """Released and assigned in one command: the household is never without a helper (source facts §5 rule 46)."""
    former = _current(pairing).helper
    return [
        HelperReleased(**{**_common_fields(command), "evidence": ()}, helper=former, reason=ReleaseReason.HANDOVER),
        HelperAssigned(**_common_fields(command), helper=command.helper, unit=command.unit, took_over_from=former),
    ]


DECISION_FUNCTIONS: Mapping[type[Command], Callable[[Any, Pairing], list[Fact]]] = {
    Assign: _assign,
    Release: _release,
    HandOver: _hand_over,
}


def _current(pairing: Pairing) -> HelperAssignment:
    assert pairing.current_assignment is not None  # a rule of whoever needs one
    return pairing.current_assignment


def stream_of(household_id: UUID) -> str:
    return f"pairing-{household_id}"


def _common_fields(command: Command) -> dict[str, Any]:
    return {
        "household_id": command.household_id,
        "effective_on": command.on,
        "entered_by": command.by,
        "evidence": command.evidence,
    }
