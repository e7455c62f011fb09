"""The effect of an approved case on the household's poverty status."""

from typing import Any

from contracts.registry import households
from services.registry.cases import procedures as p
from services.registry.cases.state import CaseState, HouseholdStatus

StatusFact = (
    households.HouseholdEnrolled
    | households.HouseholdExited
    | households.HouseholdReturned
    | households.HouseholdRemoved
)


def effect_due(before: CaseState | None, after: CaseState, procedure: p.Procedure) -> bool:
    """Whether the step that the effect is bound to was completed between these two states."""
    at = procedure.effect.at
    return bool(after.approved) and at in after.done and (before is None or at not in before.done)


def effect_of(state: CaseState, procedure: p.Procedure, household: HouseholdStatus, entered_by: str) -> StatusFact:
    """The household fact of an approved case, for the household's own stream; the store adds ``caused_by``.

    Raises ``ValueError`` for a case that was not approved."""
    if not state.approved or state.decision is None:
        raise ValueError("only an approved case has an effect")
    effect = procedure.effect
    common: dict[str, Any] = {
        "household_id": state.household_id,
        "case_id": state.case_id,
        "effective_on": household.since if effect.effective is p.EffectiveFrom.ENTRY else state.decision.decided_on,
        "entered_by": entered_by,
        "decision": state.decision,
    }
    match effect:
        case p.Enrolment(standard=standard):
            return households.HouseholdEnrolled(**common, standard=standard)
        case p.Exit(enjoys_policies=enjoys_policies):
            return households.HouseholdExited(**common, enjoys_policies=enjoys_policies)
        case p.Return():
            if state.cause is None:
                raise ValueError("a return needs its cause")
            return households.HouseholdReturned(**common, cause=state.cause, former_exit=household.fact_id)
        case p.Removal(reason=reason):
            return households.HouseholdRemoved(**common, reason=reason)
