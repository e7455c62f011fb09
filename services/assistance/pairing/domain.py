"""Assigning, releasing and handing over: pure decisions over a household's pairing and what the register says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance.pairing import (
    HelperAssigned,
    HelperDutyMet,
    HelperReleased,
    ReleaseReason,
)
from contracts.facts import Evidence, Fact
from contracts.registry.households import PovertyStatus
from services.assistance.pairing.state import Pairing
from services.chassis.ground.refusals import Refused, rule

PAIRED = frozenset({PovertyStatus.REGISTERED, PovertyStatus.RETURNED, PovertyStatus.EXITED})
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
class Basis:
    """``status``: of the household on the command's day."""

    status: PovertyStatus | None
    today: date


def decide(command: Command, pairing: Pairing, basis: Basis) -> list[Fact]:
    """The facts of this command. Raises ``Refused``."""
    if command.on > basis.today:
        raise Refused(FUTURE_DAY, on=command.on, today=basis.today)
    if pairing.changed_on is not None and command.on < pairing.changed_on:
        raise Refused(BEFORE_LAST_CHANGE, on=command.on, changed=pairing.changed_on)
    return DECISIONS[type(command)](command, pairing, basis)


def _assign(command: Assign, pairing: Pairing, basis: Basis) -> list[Fact]:
    if basis.status not in PAIRED:
        raise Refused(NOT_REGISTERED, status=basis.status)
    if pairing.helper is not None:
        raise Refused(HAS_HELPER, since=pairing.helper.assigned_on)
    return [*_met(command, pairing), HelperAssigned(**_common(command), helper=command.helper, unit=command.unit)]


def _met(command: Command, pairing: Pairing) -> list[Fact]:
    """A duty whose day is not over is met; one declared missed although it was met in time was not missed."""
    return [
        HelperDutyMet(
            **{**_common(command), "evidence": (), "effective_on": max(command.on, duty.set_on)},
            duty=duty.id,
            annuls=(duty.missed_by,) if duty.missed_by else (),
        )
        for duty in pairing.waiting
        if command.on <= duty.due_on
    ]


def _release(command: Release, pairing: Pairing, _: Basis) -> list[Fact]:
    if pairing.helper is None:
        raise Refused(NO_HELPER)
    return [HelperReleased(**_common(command), helper=pairing.helper.helper, reason=command.reason)]


def _hand_over(command: HandOver, pairing: Pairing, basis: Basis) -> list[Fact]:
    """Released and assigned in one act: the household is never without (source facts §5 rule 46)."""
    if basis.status not in PAIRED:
        raise Refused(NOT_REGISTERED, status=basis.status)
    if pairing.helper is None:
        raise Refused(NO_HELPER)
    if pairing.helper.helper == command.helper:
        raise Refused(SAME_HELPER)
    before = pairing.helper.helper
    return [
        HelperReleased(**{**_common(command), "evidence": ()}, helper=before, reason=ReleaseReason.HANDOVER),
        HelperAssigned(**_common(command), helper=command.helper, unit=command.unit, took_over_from=before),
    ]


DECISIONS: Mapping[type[Command], Callable[[Any, Pairing, Basis], list[Fact]]] = {
    Assign: _assign,
    Release: _release,
    HandOver: _hand_over,
}


def stream_of(household_id: UUID) -> str:
    return f"pairing-{household_id}"


def _common(command: Command) -> dict[str, Any]:
    return {
        "household_id": command.household_id,
        "effective_on": command.on,
        "entered_by": command.by,
        "evidence": command.evidence,
    }
