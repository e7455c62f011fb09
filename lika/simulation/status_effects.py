"""A case about a household's status: its effect, and the consequences for pairing and education aid."""

from datetime import date

from contracts.assistance.pairing import EndReason
from contracts.facts import DecidedFrom
from contracts.registry.codes import PovertyCause
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyStatus,
)
from lika.simulation import aid_consequences, pairing
from lika.simulation.case import Case, CaseRates
from lika.simulation.context import SimulationContext, common_fields
from lika.simulation.event_buffer import REGISTRY
from lika.simulation.household_state import Household
from services.casework.procedures import document as p
from services.registry.cases import effects
from services.registry.cases.effects import terms_of


class StatusCase(Case):
    """The subject is the household."""

    log, series = REGISTRY, "扶组"
    rates = CaseRates(
        {p.Visit: 0.012, p.Appraisal: 0.03, p.Consent: 0.008, p.Review: 0.01, p.Comparison: 0.012},
        objected=0.025, upheld=0.2, returned=0.02, withdrawn=0.004,
    )  # fmt: skip

    def __init__(
        self,
        context: SimulationContext,
        household: Household,
        procedure: p.Procedure,
        cause: PovertyCause | None = None,
    ) -> None:
        """``cause``: why the household is poor, where the case is opened with it."""
        super().__init__(context, household, household.id, procedure, cause)
        household.has_open_case = True

    def record_application(self, day: date, by: str, basis: DecidedFrom) -> None:
        """Grounds and cause say all."""

    def decide(self, day: date) -> None:
        super().decide(day)
        self.household.decided_on = day

    def end(self) -> None:
        super().end()
        self.household.has_open_case, self.household.decided_on = False, None

    def take_effect(self, by: str, cause: str, basis: DecidedFrom) -> None:
        """Append the status fact to the household's stream."""
        _change_status(self, by, cause, basis)


def _change_status(case: StatusCase, by: str, cause: str, basis: DecidedFrom) -> None:
    context, household, effect, decision = case.context, case.household, case.procedure.effect, case.decision
    assert decision is not None
    day = household.since if effect.effective is p.EffectiveFrom.ENTRY else decision.decided_on
    common = common_fields(household, day, by, decision=decision, caused_by=cause, decided_from=basis, case_id=case.id)
    match terms_of(case.procedure):
        case effects.Enrolment(standard=standard):
            enrolled = context.append_to_household(household, HouseholdEnrolled(**common, standard=standard))
            household.status, household.since = PovertyStatus.REGISTERED, day
            context.adjust_stock(household, 1)
            pairing.require_helper(context, household, enrolled)
        case effects.Exit(enjoys_policies=enjoys):
            exited = context.append_to_household(household, HouseholdExited(**common, enjoys_policies=enjoys))
            household.exit_fact_id = exited
            context.adjust_stock(household, -1)
            exits = context.exits[household.division.township, day.year]
            exits[0] += 1
            exits[1] += len(household.members)
            household.status, household.since = PovertyStatus.EXITED, day
            aid_consequences.of_exit(context, household, day, exited)
        case effects.Return():
            fact = HouseholdReturned(**common, cause=PovertyCause(case.cause or ""), former_exit=household.exit_fact_id)
            returned = context.append_to_household(household, fact)
            household.status, household.since = PovertyStatus.RETURNED, day
            context.adjust_stock(household, 1)
            pairing.require_helper(context, household, returned)
        case effects.Removal(reason=reason):
            removed = context.append_to_household(household, HouseholdRemoved(**common, reason=reason))
            context.adjust_stock(household, -1)
            household.status, household.since = PovertyStatus.REMOVED, day
            pairing.end(context, household, removed, EndReason.HOUSEHOLD_REMOVED)
            aid_consequences.of_removal(context, household, day, removed)
            household.end()
