"""What becomes of pairs that follow the register when its facts change. Pure; ``register_store`` appends it.

- Split: the helpers are paired with the new household too and stay with the old one.
- Removed or cancelled: the pairs end. Exited: they go on where the dated rule says so.
- The cause annulled: what followed from it is annulled.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.inbox import AssistanceReactionRefused, Reaction
from contracts.assistance.pairing import EndReason, HelperAssigned, PairingEnded
from contracts.assistance.pairs import HouseholdPairFormed, PairAnnulled, PairFormed
from contracts.facts import Fact, Recorded
from contracts.registry.poverty_status import STOCK, PovertyStatus
from contracts.selection import surviving, timeline
from services.assistance.pairs import domain, rules
from services.assistance.pairs.document import PairKind
from services.assistance.pairs.first_edition import HELPER
from services.assistance.pairs.state import Helped, Pair, helped
from services.assistance.pairs.streams import following
from services.casework.people.domain import STATUS_FACTS, evolve, household_on
from services.casework.people.history import cause_of_status, first_actionable_day, formation_of
from services.casework.people.state import Household, RegisterState
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameter_values import Expected, Truth
from services.chassis.law.parameters import ParameterSource

KEPT_AFTER_EXIT = "pairing.kept_after_exit"
PARAMETERS: Expected = {KEPT_AFTER_EXIT: Truth()}
"""What is decided of pairs by dated parameters."""
FORMED = (HelperAssigned, HouseholdPairFormed)
DERIVED_FACTS: tuple[type[Fact], ...] = (*FORMED, PairingEnded, AssistanceReactionRefused)
END_REASONS = {
    PovertyStatus.REMOVED: EndReason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: EndReason.HOUSEHOLD_CANCELLED,
    PovertyStatus.EXITED: EndReason.HOUSEHOLD_EXITED,
    PovertyStatus.CANDIDATE: EndReason.NOT_REGISTERED,
}
KindOf = Callable[[PairFormed, str], PairKind]
"""The kind in force for a pair in a division. Raises ``Refused``."""


@dataclass(frozen=True)
class RegisterContext:
    """What a household's derived facts are derived from, as known now. ``recorded``: the stream of its pairs that follow the
    register; ``registry_facts``: surviving, in order, those of its ancestors, too. ``of_parent``: the pairs, on the day of the split,
    of the household it was split from."""

    household_id: UUID
    recorded: Sequence[Recorded]
    registry_facts: Sequence[Recorded]
    of_parent: Sequence[Pair]
    kind_of: KindOf
    parameters: ParameterSource
    today: date

    @cached_property
    def kept(self) -> Sequence[Recorded]:
        """What was once derived from a fact that stands, stands: help that was given was given. A refusal is derived anew."""
        causes = {r.id for r in self.registry_facts}
        return [r for r in surviving(self.recorded) if _is_derived(r) and r.fact.caused_by in causes]

    @cached_property
    def helped(self) -> Helped:
        """By what people told and what is kept."""
        kept = {r.id for r in self.kept}
        return helped(r for r in self.recorded if r.id in kept or not _is_derived(r))

    @property
    def household(self) -> Household | None:
        return household_on(self.registry_facts, self.household_id)

    def has_reacted_to(self, cause: Recorded, kind: type[Fact]) -> bool:
        """Whether a fact of this kind was recorded because of this cause."""
        return any(isinstance(fact, kind) for fact in self._reactions(cause))

    def kept_for(self, split: Recorded) -> set[tuple[str, str]]:
        """Kind and helper of each pair that was kept after this split."""
        found = [fact for fact in self._reactions(split) if isinstance(fact, FORMED)]
        return {(fact.kind if isinstance(fact, PairFormed) else HELPER, fact.helper) for fact in found}

    def _reactions(self, cause: Recorded) -> list[Fact]:
        """What was recorded because of this cause, also where a person annulled it since."""
        stands = surviving(r for r in self.recorded if not isinstance(r.fact, PairAnnulled))
        return [r.fact for r in stands if _is_derived(r) and r.fact.caused_by == cause.id]

    @property
    def registry_timeline(self) -> list[Recorded]:
        """The household's timeline, beginning with its ancestors' up to the splits that lead to it."""
        return timeline(self.registry_facts, of=self.household_id)


def _is_derived(recorded: Recorded) -> bool:
    return isinstance(recorded.fact, (*FORMED, PairingEnded)) and recorded.fact.entered_by == SYSTEM_ACTOR


def derive_facts(context: RegisterContext) -> list[Fact]:
    """Every derived fact of the household's pairs that follow the register."""
    kept = [msgspec.structs.replace(r.fact, decided_from=None) for r in context.kept]
    return [*kept, *_newly_derived(context)]


def _newly_derived(context: RegisterContext) -> list[Fact]:
    household = context.household
    if household is None:
        return []
    former = list(_ended_before(context))
    if household.status not in STOCK and (ended := former or _end(context, household)):
        return ended
    return [*former, *_after_split(context, household)] if household.status in domain.PAIRABLE_STATUSES else []


def _ended_before(context: RegisterContext) -> Iterator[Fact]:
    """Helpers of before the household was out of the register who are told of since it is in it again: not today's."""
    for cause, was, again in _absences(context):
        day = min(first_actionable_day(cause), again - timedelta(1))
        if day < cause.fact.effective_on or context.has_reacted_to(cause, PairingEnded):
            continue
        pairs = (p for p in context.helped.pairs.values() if not p.void and p.told.day < day)
        if any(p.until is None or day < p.until for p in pairs) and not _goes_on(context, cause, was):
            reason = END_REASONS[was.status]
            yield PairingEnded(**_common_fields(context, cause, day), reason=reason)


def _absences(context: RegisterContext) -> Iterator[tuple[Recorded, Household, date]]:
    """What put the household out of the register, as what it was since, and the day on which it was in it again."""
    state, left = RegisterState(), list[tuple[Recorded, Household]]()
    for recorded in context.registry_timeline:
        state = evolve(state, recorded.fact)
        now = state.households.get(context.household_id)
        if now is None or not isinstance(recorded.fact, STATUS_FACTS):
            continue
        if now.status in STOCK:
            yield from ((cause, was, recorded.fact.effective_on) for cause, was in left)
            left = []
        else:
            left.append((recorded, now))


def _goes_on(context: RegisterContext, cause: Recorded, household: Household) -> bool:
    """Whether the helper is kept after an exit."""
    if household.status is not PovertyStatus.EXITED:
        return False
    try:
        return bool(context.parameters.at(KEPT_AFTER_EXIT, cause.fact.effective_on, household.division).value)
    except NotInForce:
        return True  # where nobody has said so nothing is ended; of an exit that lasts the inbox asks for it


def _end(context: RegisterContext, household: Household) -> list[Fact]:
    """On the day on which the reason became known: help given until then was given."""
    cause = cause_of_status(context.household_id, context.registry_facts)
    if cause is None or context.has_reacted_to(cause, PairingEnded):
        return []
    pairs = [pair for pair in context.helped.pairs.values() if not pair.void]
    known_on = first_actionable_day(cause)
    if not any(pair.end is None and (pair.until is None or known_on < pair.until) for pair in pairs):
        return []
    if household.status is PovertyStatus.EXITED:
        try:
            if context.parameters.at(KEPT_AFTER_EXIT, cause.fact.effective_on, household.division).value:
                return []
        except NotInForce:
            return [_refused(context, cause, Reaction.END_PAIRING, rules.EXIT_RULE_NOT_IN_FORCE.code)]
    day = max(known_on, *(told.day for pair in pairs for told in (pair.told, pair.end) if told is not None))
    return [PairingEnded(**_common_fields(context, cause, day), reason=END_REASONS[household.status])]


def _after_split(context: RegisterContext, household: Household) -> list[Fact]:
    """A household that was split off keeps the helpers of its parent, each besides the one before, also who is told of late."""
    formed = formation_of(context.household_id, context.registry_facts)
    if formed is None:
        return []
    kept, day = context.kept_for(formed), formed.fact.effective_on
    helping = kept | {(p.formed.kind, p.formed.helper) for p in context.helped.pairs.values() if p.holds_on(day)}
    found: list[Fact] = []
    for pair in context.of_parent:
        # Whose place somebody took that day, or was said later to have taken, the new household has kept.
        if (pair.formed.kind, pair.formed.helper) in helping or (kept and pair.formed.took_over_from is not None):
            continue
        told = following(
            msgspec.structs.replace(
                pair.formed, **_common_fields(context, formed, formed.fact.effective_on), subject=context.household_id,
                evidence=(), decided_from=None, took_over_from=None, moved_from=None,
            )
        )  # fmt: skip
        try:
            kind = context.kind_of(told, household.division)
            checked = domain.Context(
                kind, context.helped, max(context.today, told.effective_on), status=household.status
            )
            found.append(domain.form(told, checked, succeeds=bool(kept or found)))
        except Refused as refusal:
            return [*found, _refused(context, formed, Reaction.FOLLOW_SPLIT, refusal.rule.code)]
    return found


def _common_fields(context: RegisterContext, cause: Recorded, day: date) -> dict[str, Any]:
    return {
        "household_id": context.household_id, "effective_on": day, "entered_by": SYSTEM_ACTOR, "caused_by": cause.id,
    }  # fmt: skip


def _refused(context: RegisterContext, cause: Recorded, reaction: Reaction, code: str) -> Fact:
    common = _common_fields(context, cause, cause.fact.effective_on)
    return AssistanceReactionRefused(**common, reaction=reaction, code=code, subject=str(context.household_id))
