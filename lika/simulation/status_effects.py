"""The effect of an approved case on the household's status, and its consequences for pairing and education aid."""

from contracts.assistance.pairing import EndReason
from contracts.facts import DecidedFrom
from contracts.registry import households as facts
from contracts.registry.households import PovertyStatus
from lika.simulation import aid_consequences, pairing
from lika.simulation.case import Case
from lika.simulation.context import common_fields
from services.casework.procedures import document as p
from services.registry.cases import effects
from services.registry.cases.effects import terms_of


def apply_effect(case: Case, by: str, cause: str, basis: DecidedFrom) -> None:
    """Append the status fact to the household's stream. ``cause``: the id of the case's fact that brings it about."""
    context, household, effect, decision = case.context, case.household, case.procedure.effect, case.decision
    assert decision is not None
    day = household.since if effect.effective is p.EffectiveFrom.ENTRY else decision.decided_on
    common = common_fields(household, day, by, decision=decision, caused_by=cause, decided_from=basis, case_id=case.id)
    match terms_of(case.procedure):
        case effects.Enrolment(standard=standard):
            enrolled = context.append_to_household(household, facts.HouseholdEnrolled(**common, standard=standard))
            household.status, household.since = PovertyStatus.REGISTERED, day
            context.adjust_stock(household, 1)
            pairing.require_helper(context, household, enrolled)
        case effects.Exit(enjoys_policies=enjoys):
            exited = context.append_to_household(household, facts.HouseholdExited(**common, enjoys_policies=enjoys))
            household.exit_fact_id = exited
            context.adjust_stock(household, -1)
            exits = context.exits[household.division.township, day.year]
            exits[0] += 1
            exits[1] += len(household.members)
            household.status, household.since = PovertyStatus.EXITED, day
            aid_consequences.of_exit(context, household, day, exited)
        case effects.Return():
            assert case.cause is not None
            fact = facts.HouseholdReturned(**common, cause=case.cause, former_exit=household.exit_fact_id)
            returned = context.append_to_household(household, fact)
            household.status, household.since = PovertyStatus.RETURNED, day
            context.adjust_stock(household, 1)
            pairing.require_helper(context, household, returned)
        case effects.Removal(reason=reason):
            removed = context.append_to_household(household, facts.HouseholdRemoved(**common, reason=reason))
            context.adjust_stock(household, -1)
            household.status, household.since = PovertyStatus.REMOVED, day
            pairing.end(context, household, removed, EndReason.HOUSEHOLD_REMOVED)
            aid_consequences.of_removal(context, household, day, removed)
            household.end()
