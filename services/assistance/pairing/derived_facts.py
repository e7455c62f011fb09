"""The facts of a household's pairing that follow from the registry's facts. Pure.

- Enrolled, returned, formed by a split, or released by its helper, and without one: a duty to assign one (M052).
- Split: the helper is assigned to the new household too and stays with the old one.
- Removed or cancelled: pairing ends. Exited: it goes on where the dated rule says so.
- The cause annulled: what followed from it is annulled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR, TIMER
from contracts.assistance.inbox import AssistanceReactionRefused, Reaction
from contracts.assistance.pairing import (
    EndReason,
    HelperAssigned,
    HelperDutyMet,
    HelperDutyMissed,
    HelperDutySet,
    HelperReleased,
    PairingEnded,
    ReleaseReason,
)
from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    STOCK,
    HouseholdEnrolled,
    HouseholdFormed,
    HouseholdReturned,
    PovertyStatus,
)
from contracts.selection import surviving, timeline
from services.assistance.pairing.domain import PAIRABLE_STATUSES, RULE_NOT_IN_FORCE, Assign, DecisionContext, decide
from services.assistance.pairing.state import DutyState, HelperAssignment, Pairing, fold
from services.casework.people.domain import household_on
from services.casework.people.history import cause_of_status, first_actionable_day, formation_of
from services.casework.people.state import Household
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameter_values import Count, Expected, Truth
from services.chassis.law.parameters import ParameterSource

KEPT_AFTER_EXIT, HELPER_DUTY_DAYS = "pairing.kept_after_exit", "pairing.helper_duty_days"
PARAMETERS: Expected = {KEPT_AFTER_EXIT: Truth(), HELPER_DUTY_DAYS: Count("days", least=1, most=366)}
"""What pairing is decided by."""
DUTY_TRIGGERS = (HouseholdEnrolled, HouseholdReturned, HouseholdFormed)
DERIVED_FACTS = (HelperAssigned, HelperDutySet, HelperDutyMet, PairingEnded, AssistanceReactionRefused)
END_REASONS: Mapping[PovertyStatus, EndReason] = {
    PovertyStatus.REMOVED: EndReason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: EndReason.HOUSEHOLD_CANCELLED,
    PovertyStatus.EXITED: EndReason.HOUSEHOLD_EXITED,
    PovertyStatus.CANDIDATE: EndReason.NOT_REGISTERED,
}


def obsolete_facts(own: Sequence[Recorded], registry_facts: Sequence[Recorded], registry: str) -> list[Recorded]:
    """Facts derived from a registry fact that does not survive, and what was recorded of a duty so annulled."""
    surviving_ids = {r.id for r in surviving(registry_facts)}
    current = surviving(own)
    obsolete = [
        r for r in current
        if isinstance(r.fact, DERIVED_FACTS)
        and (r.fact.caused_by or "").startswith(f"{registry}/")
        and r.fact.caused_by not in surviving_ids
    ]  # fmt: skip
    duties = {r.id for r in obsolete}
    outcomes = [r for r in current if isinstance(r.fact, HelperDutyMet | HelperDutyMissed) and r.fact.duty in duties]
    return [*obsolete, *outcomes]


@dataclass(frozen=True, slots=True)
class PairingContext:
    """What a household's derived facts are derived from, as known now. ``own`` and ``registry_facts``: surviving, in
    order; the latter those of its ancestors, too. ``parent_assignment``: the helper, on the day of the split, of the
    household it was split from."""

    household_id: UUID
    own: Sequence[Recorded]
    registry_facts: Sequence[Recorded]
    parent_assignment: HelperAssignment | None
    parameters: ParameterSource
    today: date

    @property
    def pairing(self) -> Pairing:
        return fold(self.own)

    @property
    def registry_timeline(self) -> list[Recorded]:
        """The household's timeline, beginning with its ancestors' up to the splits that lead to it."""
        return timeline(self.registry_facts, of=self.household_id)

    @property
    def household(self) -> Household | None:
        return household_on(self.registry_facts, self.household_id)

    def has_reacted_to(self, cause: Recorded, *kinds: type[Fact]) -> bool:
        """Whether a fact of these kinds, or a refusal, was recorded because of this cause."""
        effects = {type(r.fact) for r in self.own if r.fact.caused_by == cause.id}
        return not effects.isdisjoint({*kinds, AssistanceReactionRefused})


def missing_facts(context: PairingContext) -> list[Fact]:
    """The derived facts that the household's pairing stream lacks."""
    household = context.household
    if household is None:
        return []
    missed = missed_duties(context.pairing, context.household_id, context.today)
    if household.status not in STOCK and (ended := _end_of_pairing(context, household)):
        return [*missed, *ended]
    if household.status in PAIRABLE_STATUSES and (assigned := _assignment_after_split(context, household)):
        return [*missed, *assigned]
    return [*missed, *_new_duty(context, household)]


def missed_duties(pairing: Pairing, household_id: UUID, today: date) -> list[Fact]:
    """Open duties whose due day has passed."""
    return [
        HelperDutyMissed(
            household_id=household_id,
            effective_on=duty.due_on + timedelta(days=1),
            entered_by=TIMER,
            caused_by=duty.id,
            duty=duty.id,
        )
        for duty in pairing.duties
        if duty.state is DutyState.OPEN and duty.due_on < today
    ]


def _end_of_pairing(context: PairingContext, household: Household) -> list[Fact]:
    """Pairing ends on the day on which the reason became known: help given until then was given."""
    pairing, cause = context.pairing, cause_of_status(context.household_id, context.registry_facts)
    if cause is None or context.has_reacted_to(cause, PairingEnded):
        return []
    if pairing.current_assignment is None and not pairing.pending_duties:
        return []
    if household.status is PovertyStatus.EXITED:
        try:
            if context.parameters.at(KEPT_AFTER_EXIT, cause.fact.effective_on, household.division).value:
                return []
        except NotInForce:
            return [_refused(context, cause, Reaction.END_PAIRING, RULE_NOT_IN_FORCE.code)]
    day = max(first_actionable_day(cause), pairing.changed_on or cause.fact.effective_on)
    return [PairingEnded(**_common_fields(context, cause, day), reason=END_REASONS[household.status])]


def _assignment_after_split(context: PairingContext, household: Household) -> list[Fact]:
    """A household that was split off keeps the helper of its parent."""
    formed = formation_of(context.household_id, context.registry_facts)
    if formed is None or context.parent_assignment is None or context.has_reacted_to(formed, HelperAssigned):
        return []
    command = Assign(
        household_id=context.household_id, on=formed.fact.effective_on, by=SYSTEM_ACTOR,
        helper=context.parent_assignment.helper, unit=context.parent_assignment.unit,
    )  # fmt: skip
    try:
        decided = decide(DecisionContext(command, context.pairing, household.status, max(context.today, command.on)))
    except Refused as refusal:
        return [_refused(context, formed, Reaction.FOLLOW_SPLIT, refusal.rule.code)]
    return [msgspec.structs.replace(fact, caused_by=formed.id) for fact in decided]


def _new_duty(context: PairingContext, household: Household) -> list[Fact]:
    pairing, triggers = context.pairing, _duty_triggers(context)
    if household.status not in STOCK or pairing.current_assignment is not None or not triggers:
        return []
    cause = max(triggers, key=lambda r: r.recorded_at)
    is_pending = any(d.state is DutyState.OPEN or d.set_at > cause.recorded_at for d in pairing.pending_duties)
    if is_pending or context.has_reacted_to(cause, HelperDutySet):
        return []
    start = first_actionable_day(cause)
    try:
        days = context.parameters.at(HELPER_DUTY_DAYS, cause.fact.effective_on, household.division).count
    except NotInForce:
        return [_refused(context, cause, Reaction.SET_HELPER_DUTY, RULE_NOT_IN_FORCE.code)]
    return [HelperDutySet(**_common_fields(context, cause, start), due_on=start + timedelta(days=days))]


def _duty_triggers(context: PairingContext) -> list[Recorded]:
    released = [
        r for r in context.own
        if isinstance(r.fact, HelperReleased) and r.fact.reason is not ReleaseReason.HANDOVER
    ]  # fmt: skip
    return [*(r for r in context.registry_timeline if isinstance(r.fact, DUTY_TRIGGERS)), *released]


def assignment_as_of(own: Sequence[Recorded], day: date) -> HelperAssignment | None:
    """The helper at the end of that day."""
    return fold(timeline(own, as_of=day)).current_assignment


def _common_fields(context: PairingContext, cause: Recorded, day: date) -> dict[str, Any]:
    return {
        "household_id": context.household_id, "effective_on": day, "entered_by": SYSTEM_ACTOR, "caused_by": cause.id,
    }  # fmt: skip


def _refused(context: PairingContext, cause: Recorded, reaction: Reaction, code: str) -> Fact:
    common = _common_fields(context, cause, cause.fact.effective_on)
    return AssistanceReactionRefused(**common, reaction=reaction, code=code, subject=str(context.household_id))
