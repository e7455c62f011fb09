"""The facts of a household's pairing that follow from the registry's facts. Pure.

- Split: the helpers are assigned to the new household too and stay with the old one.
- Removed or cancelled: pairing ends. Exited: it goes on where the dated rule says so.
- The cause annulled: what followed from it is annulled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.inbox import AssistanceReactionRefused, Reaction
from contracts.assistance.pairing import (
    EndReason,
    HelperAssigned,
    PairingEnded,
)
from contracts.facts import Fact, Recorded
from contracts.registry.poverty_status import STOCK, PovertyStatus
from contracts.selection import timeline
from services.assistance.pairing.domain import PAIRABLE_STATUSES, RULE_NOT_IN_FORCE, Assign, DecisionContext, decide
from services.assistance.pairing.state import HelperAssignment, Pairing, fold
from services.casework.people.domain import household_on
from services.casework.people.history import cause_of_status, first_actionable_day, formation_of
from services.casework.people.state import Household
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameter_values import Expected, Truth
from services.chassis.law.parameters import ParameterSource

KEPT_AFTER_EXIT = "pairing.kept_after_exit"
PARAMETERS: Expected = {KEPT_AFTER_EXIT: Truth()}
"""What pairing is decided by."""
FOLLOWING = (HelperAssigned, PairingEnded)
DERIVED_FACTS: tuple[type[Fact], ...] = (*FOLLOWING, AssistanceReactionRefused)
END_REASONS: Mapping[PovertyStatus, EndReason] = {
    PovertyStatus.REMOVED: EndReason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: EndReason.HOUSEHOLD_CANCELLED,
    PovertyStatus.EXITED: EndReason.HOUSEHOLD_EXITED,
    PovertyStatus.CANDIDATE: EndReason.NOT_REGISTERED,
}


@dataclass(frozen=True)
class PairingContext:
    """What a household's derived facts are derived from, as known now. ``recorded``: of its stream, surviving;
    ``registry_facts``: surviving, in order, those of its ancestors, too. ``parent_assignments``: the helpers, on the day of the
    split, of the household it was split from."""

    household_id: UUID
    recorded: Sequence[Recorded]
    registry_facts: Sequence[Recorded]
    parent_assignments: Sequence[HelperAssignment]
    parameters: ParameterSource
    today: date

    @cached_property
    def kept(self) -> Sequence[Recorded]:
        """What was once derived from a fact that stands, stands: help that was given was given. A refusal is derived anew."""
        causes = {r.id for r in self.registry_facts}
        derived = (r for r in self.recorded if isinstance(r.fact, FOLLOWING) and r.fact.entered_by == SYSTEM_ACTOR)
        return [r for r in derived if r.fact.caused_by in causes]

    @cached_property
    def pairing(self) -> Pairing:
        """By what people told and what is kept."""
        kept = {r.id for r in self.kept}
        return fold(r for r in self.recorded if r.id in kept or r.fact.entered_by != SYSTEM_ACTOR)

    @property
    def registry_timeline(self) -> list[Recorded]:
        """The household's timeline, beginning with its ancestors' up to the splits that lead to it."""
        return timeline(self.registry_facts, of=self.household_id)

    @property
    def household(self) -> Household | None:
        return household_on(self.registry_facts, self.household_id)

    def has_reacted_to(self, cause: Recorded, kind: type[Fact]) -> bool:
        """Whether a fact of this kind was recorded because of this cause."""
        return any(isinstance(r.fact, kind) and r.fact.caused_by == cause.id for r in self.kept)


def derive_facts(context: PairingContext) -> list[Fact]:
    """Every derived fact of the household's pairing."""
    kept = [msgspec.structs.replace(r.fact, decided_from=None) for r in context.kept]
    return [*kept, *_newly_derived(context)]


def _newly_derived(context: PairingContext) -> list[Fact]:
    household = context.household
    if household is None:
        return []
    if household.status not in STOCK and (ended := _end_of_pairing(context, household)):
        return ended
    return _assignments_after_split(context, household) if household.status in PAIRABLE_STATUSES else []


def _end_of_pairing(context: PairingContext, household: Household) -> list[Fact]:
    """Pairing ends on the day on which the reason became known: help given until then was given."""
    pairing, cause = context.pairing, cause_of_status(context.household_id, context.registry_facts)
    if cause is None or context.has_reacted_to(cause, PairingEnded):
        return []
    if not pairing.current:
        return []
    if household.status is PovertyStatus.EXITED:
        try:
            if context.parameters.at(KEPT_AFTER_EXIT, cause.fact.effective_on, household.division).value:
                return []
        except NotInForce:
            return [_refused(context, cause, Reaction.END_PAIRING, RULE_NOT_IN_FORCE.code)]
    day = max(first_actionable_day(cause), pairing.changed_on or cause.fact.effective_on)
    return [PairingEnded(**_common_fields(context, cause, day), reason=END_REASONS[household.status])]


def _assignments_after_split(context: PairingContext, household: Household) -> list[Fact]:
    """A household that was split off keeps the helpers of its parent, each besides the one before."""
    formed = formation_of(context.household_id, context.registry_facts)
    if formed is None or context.has_reacted_to(formed, HelperAssigned):
        return []
    found: list[Fact] = []
    for assignment in context.parent_assignments:
        command = Assign(
            household_id=context.household_id, on=formed.fact.effective_on, by=SYSTEM_ACTOR,
            helper=assignment.helper, unit=assignment.unit, additional=bool(found),
        )  # fmt: skip
        try:
            decided = decide(
                DecisionContext(command, context.pairing, household.status, max(context.today, command.on))
            )
        except Refused as refusal:
            return [*found, _refused(context, formed, Reaction.FOLLOW_SPLIT, refusal.rule.code)]
        found += [msgspec.structs.replace(fact, caused_by=formed.id) for fact in decided]
    return found


def assignments_as_of(own: Sequence[Recorded], day: date) -> Sequence[HelperAssignment]:
    """The helpers at the end of that day."""
    return fold(timeline(own, as_of=day)).current


def _common_fields(context: PairingContext, cause: Recorded, day: date) -> dict[str, Any]:
    return {
        "household_id": context.household_id, "effective_on": day, "entered_by": SYSTEM_ACTOR, "caused_by": cause.id,
    }  # fmt: skip


def _refused(context: PairingContext, cause: Recorded, reaction: Reaction, code: str) -> Fact:
    common = _common_fields(context, cause, cause.fact.effective_on)
    return AssistanceReactionRefused(**common, reaction=reaction, code=code, subject=str(context.household_id))
