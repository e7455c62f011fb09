"""One open case of a household, and the deviations from its regular course."""

from datetime import date
from typing import Any, NamedTuple

from contracts.casework import cases as facts
from contracts.facts import Decision, Fact
from contracts.registry.codes import PovertyCause
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import NO_HOLDER, REGISTRY, ClaimChange
from lika.simulation.household_state import Household
from lika.simulation.ids import case_id
from lika.simulation.randomness import SeededRandom
from services.casework.procedures import document as p
from services.casework.procedures.store import claim_kind

OBJECTION_RATE, UPHELD_RATE, RETURN_RATE, WITHDRAWAL_RATE = 0.025, 0.2, 0.02, 0.004
REJECTION_RATES: dict[type[p.Step], float] = {
    p.Visit: 0.012, p.Appraisal: 0.03, p.Consent: 0.008, p.Review: 0.01, p.Comparison: 0.012,
}  # fmt: skip
"""How often a case fails at a step (at the comparison: it finds something, so that the county rejects the case)."""


class CaseScenario(NamedTuple):
    """Deviations from the regular course, drawn when the case is opened."""

    rejected_at: type[p.Step] | None
    objected: bool
    upheld: bool
    returned: bool
    withdrawn: bool


def draw_scenario(rng: SeededRandom) -> CaseScenario:
    remaining = rng.random()
    for step, rate in REJECTION_RATES.items():
        if remaining < rate:
            return CaseScenario(step, False, False, False, False)
        remaining -= rate
    objected = rng.random() < OBJECTION_RATE
    upheld = objected and rng.random() < UPHELD_RATE
    return CaseScenario(None, objected, upheld, rng.random() < RETURN_RATE, rng.random() < WITHDRAWAL_RATE)


class Case:
    """``completed``: keys of the steps taken. ``decision``: once the county has decided."""

    def __init__(
        self, context: SimulationContext, household: Household, procedure: p.Procedure, scenario: CaseScenario,
        cause: PovertyCause | None,
    ) -> None:  # fmt: skip
        self.context, self.household, self.procedure = context, household, procedure
        self.scenario, self.cause = scenario, cause
        household.cases += 1
        household.has_open_case = True
        self.id = case_id(context.digest, household.index, household.cases)
        self.stream = f"case-{self.id}"
        self.division = household.division
        self.version = self.objections = 0
        self.completed: list[str] = []
        self.decision: Decision | None = None

    def common_fields(self, day: date, by: str) -> dict[str, Any]:
        """What every fact of the case says."""
        household = self.household.id
        return {
            "case_id": self.id, "subject": household, "household_id": household, "effective_on": day, "entered_by": by,
        }  # fmt: skip

    def append(self, *new: Fact, claims: tuple[ClaimChange, ...] = ()) -> str:
        """Append one command's facts. Returns the id of the first."""
        expected_version = self.version
        self.version = expected_version + len(new)
        self.context.events.append(REGISTRY, self.stream, expected_version, new, claims)
        return f"{REGISTRY}/{self.stream}/{expected_version + 1}"

    def append_with_end(self, fact: Fact, outcome: facts.CaseOutcome, day: date, by: str, step: str) -> str:
        """Append a fact and the end of the case that it brings about. Returns the fact's id."""
        return self.append(fact, self._end(outcome, day, by, step), claims=self._release_claim)

    def withdraw(self, day: date, by: str, step: str) -> None:
        self.append(self._end(facts.CaseOutcome.WITHDRAWN, day, by, step), claims=self._release_claim)

    def _end(self, outcome: facts.CaseOutcome, day: date, by: str, step: str) -> facts.CaseEnded:
        self.household.has_open_case, self.household.decided_on = False, None
        return facts.CaseEnded(**self.common_fields(day, by), outcome=outcome, step=step)

    @property
    def _release_claim(self) -> tuple[ClaimChange, ...]:
        return (ClaimChange(claim_kind(self.procedure.standing), self.household.id, NO_HOLDER),)
