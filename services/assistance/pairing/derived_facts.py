"""What follows for a household's pairing from what the register knows. Pure.

- Enrolled, returned, formed by a split, or left by its helper, and without one: a duty to find somebody (M052).
- Split: the helper goes along to the new household and stays with the old one.
- Removed or cancelled: pairing ends. Exited: it goes on where the dated rule says so.
- The cause annulled: what followed from it is void.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from contracts.assistance.inbox import AssistanceReactionRefused
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
from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    STOCK,
    HouseholdEnrolled,
    HouseholdFormed,
    HouseholdReturned,
    PovertyStatus,
)
from contracts.selection import surviving, timeline
from services.assistance.beneficiaries.domain import STATUS_AFTER, Household
from services.assistance.beneficiaries.domain import fold as fold_registry
from services.assistance.pairing.domain import PAIRED, RULE_NOT_IN_FORCE, Assign, Basis, decide
from services.assistance.pairing.state import DutyState, Help, Pairing, fold
from services.assistance.reconciliation import BY, newest
from services.chassis.ground.refusals import Refused
from services.chassis.law.parameters import NotInForce, Parameters

STARTS = (HouseholdEnrolled, HouseholdReturned, HouseholdFormed)
REACTIONS = (HelperAssigned, HelperDutySet, HelperDutyMet, PairingEnded, AssistanceReactionRefused)
ENDED_BY: Mapping[PovertyStatus, EndReason] = {
    PovertyStatus.REMOVED: EndReason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: EndReason.HOUSEHOLD_CANCELLED,
    PovertyStatus.EXITED: EndReason.HOUSEHOLD_EXITED,
    PovertyStatus.CANDIDATE: EndReason.NOT_REGISTERED,
}


def void(own: Sequence[Recorded], facts: Sequence[Recorded], registry: str) -> list[Recorded]:
    """What stands because of a registry fact that no longer counts, and what was said of a duty so voided."""
    alive = {r.id for r in surviving(facts)}
    standing = surviving(own)
    gone = [
        r for r in standing
        if isinstance(r.fact, REACTIONS)
        and (r.fact.caused_by or "").startswith(f"{registry}/")
        and r.fact.caused_by not in alive
    ]  # fmt: skip
    duties = {r.id for r in gone}
    said = [r for r in standing if isinstance(r.fact, HelperDutyMet | HelperDutyMissed) and r.fact.duty in duties]
    return [*gone, *said]


@dataclass(frozen=True, slots=True)
class Scene:
    """A household's pairing and register as known now. ``own`` and ``facts``: surviving, in order. ``followed``: the
    helper of the household it was split from, on that day."""

    household_id: UUID
    own: Sequence[Recorded]
    facts: Sequence[Recorded]
    followed: Help | None
    parameters: Parameters
    today: date

    @property
    def pairing(self) -> Pairing:
        return fold(self.own)

    @property
    def house(self) -> Household | None:
        return fold_registry(self.facts).households.get(self.household_id)

    def answered(self, cause: Recorded, *kinds: type[Fact]) -> bool:
        """Whether one of these facts, or a refusal, stands because of this cause."""
        answers = {type(r.fact) for r in self.own if r.fact.caused_by == cause.id}
        return not answers.isdisjoint({*kinds, AssistanceReactionRefused})


def consequences(scene: Scene) -> list[Fact]:
    """What is missing in the household's pairing stream."""
    house = scene.house
    if house is None:
        return []
    missed = overdue(scene.pairing, scene.household_id, scene.today)
    if house.status not in STOCK and (ended := _ended(scene, house)):
        return [*missed, *ended]
    if house.status in PAIRED and (followed := _followed(scene, house)):
        return [*missed, *followed]
    return [*missed, *_duty(scene, house)]


def overdue(pairing: Pairing, household_id: UUID, today: date) -> list[Fact]:
    """Open duties whose day is over."""
    return [
        HelperDutyMissed(
            household_id=household_id,
            effective_on=duty.due_on + timedelta(days=1),
            entered_by="timer",
            caused_by=duty.id,
            duty=duty.id,
        )
        for duty in pairing.duties
        if duty.state is DutyState.OPEN and duty.due_on < today
    ]


def _ended(scene: Scene, house: Household) -> list[Fact]:
    """Help ends on the day the reason became known: what was done until then was done."""
    pairing, cause = scene.pairing, _cause_of_status(scene, house)
    if cause is None or scene.answered(cause, PairingEnded) or not (pairing.helper or pairing.waiting):
        return []
    if house.status is PovertyStatus.EXITED:
        try:
            if scene.parameters.at("pairing.kept_after_exit", cause.fact.effective_on, house.division).value:
                return []
        except NotInForce:
            return [_refused(scene, cause, "end_pairing", RULE_NOT_IN_FORCE.code)]
    day = max(learned_on(cause), pairing.changed_on or cause.fact.effective_on)
    return [PairingEnded(**_common(scene, cause, day), reason=ENDED_BY[house.status])]


def _cause_of_status(scene: Scene, house: Household) -> Recorded | None:
    """The status fact in force; for a household that is a candidate again, what annulled its enrolment."""
    if house.status is PovertyStatus.CANDIDATE:
        annulling = [r for r in scene.facts if r.fact.annuls]
        return newest(annulling) if annulling else None
    return next((r for r in reversed(scene.facts) if type(r.fact) in STATUS_AFTER), None)


def _followed(scene: Scene, house: Household) -> list[Fact]:
    """The helper goes along with a household that was split off."""
    formed = next((r for r in scene.facts if isinstance(r.fact, HouseholdFormed)), None)
    if formed is None or scene.followed is None or scene.answered(formed, HelperAssigned):
        return []
    order = Assign(
        household_id=scene.household_id, on=formed.fact.effective_on, by=BY,
        helper=scene.followed.helper, unit=scene.followed.unit,
    )  # fmt: skip
    try:
        decided = decide(order, scene.pairing, Basis(house.status, max(scene.today, order.on)))
    except Refused as refusal:
        return [_refused(scene, formed, "follow_split", refusal.rule.code)]
    return [msgspec.structs.replace(fact, caused_by=formed.id) for fact in decided]


def _duty(scene: Scene, house: Household) -> list[Fact]:
    pairing, starts = scene.pairing, [*_starts(scene)]
    if house.status not in STOCK or pairing.helper is not None or not starts:
        return []
    cause = max(starts, key=lambda r: r.recorded_at)
    under_way = any(d.state is DutyState.OPEN or d.set_at > cause.recorded_at for d in pairing.waiting)
    if under_way or scene.answered(cause, HelperDutySet):
        return []
    start = learned_on(cause)
    try:
        days = scene.parameters.at("pairing.helper_duty_days", cause.fact.effective_on, house.division).count
    except NotInForce:
        return [_refused(scene, cause, "set_helper_duty", RULE_NOT_IN_FORCE.code)]
    return [HelperDutySet(**_common(scene, cause, start), due_on=start + timedelta(days=days))]


def _starts(scene: Scene) -> list[Recorded]:
    left = [
        r for r in scene.own
        if isinstance(r.fact, HelperReleased) and r.fact.reason is not ReleaseReason.HANDOVER
    ]  # fmt: skip
    return [*(r for r in scene.facts if isinstance(r.fact, STARTS)), *left]


def learned_on(cause: Recorded) -> date:
    """The later of the day it was true and the day it was recorded: nobody can act on what nobody knows."""
    return max(cause.fact.effective_on, civil_day(cause.recorded_at))


def helper_on(own: Sequence[Recorded], day: date) -> Help | None:
    """Who helped at the end of that day."""
    return fold(timeline(own, as_of=day)).helper


def _common(scene: Scene, cause: Recorded, day: date) -> dict[str, Any]:
    return {"household_id": scene.household_id, "effective_on": day, "entered_by": BY, "caused_by": cause.id}


def _refused(scene: Scene, cause: Recorded, reaction: str, code: str) -> Fact:
    common = _common(scene, cause, cause.fact.effective_on)
    return AssistanceReactionRefused(**common, reaction=reaction, code=code, subject=str(scene.household_id))
