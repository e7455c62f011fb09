"""One open case of a subject, and the deviations from its regular course."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from contracts.casework import cases as facts
from contracts.facts import DecidedFrom, Decision, Fact
from lika.simulation.context import SimulationContext
from lika.simulation.documents import decision
from lika.simulation.event_buffer import NO_HOLDER, ClaimChange
from lika.simulation.household_state import Household
from lika.simulation.ids import case_id
from lika.simulation.randomness import SeededRandom
from services.casework.procedures import document as p
from services.casework.procedures.store import claim_kind


class CaseRates(NamedTuple):
    """How often cases deviate. ``rejected_at``: how often a case fails at a step (at the comparison: it finds something,
    so that the county rejects the case)."""

    rejected_at: Mapping[type[p.Step], float]
    objected: float
    upheld: float
    returned: float
    withdrawn: float


class CaseScenario(NamedTuple):
    """Deviations from the regular course, drawn when the case is opened."""

    rejected_at: type[p.Step] | None
    objected: bool
    upheld: bool
    returned: bool
    withdrawn: bool


def draw_scenario(rng: SeededRandom, rates: CaseRates) -> CaseScenario:
    remaining = rng.random()
    for step, rate in rates.rejected_at.items():
        if remaining < rate:
            return CaseScenario(step, False, False, False, False)
        remaining -= rate
    objected = rng.random() < rates.objected
    upheld = objected and rng.random() < rates.upheld
    return CaseScenario(None, objected, upheld, rng.random() < rates.returned, rng.random() < rates.withdrawn)


class Case(ABC):
    """A case of whatever standing. ``completed``: keys of the steps taken. ``decision``: once the county has decided."""

    log: ClassVar[str]
    """The log of the service whose procedure it is."""
    series: ClassVar[str]
    """Part of the numbers of its decisions."""
    rates: ClassVar[CaseRates]

    def __init__(
        self, context: SimulationContext, household: Household, subject: UUID, procedure: p.Procedure,
        cause: str | None = None,
    ) -> None:  # fmt: skip
        self.context, self.household, self.subject, self.procedure = context, household, subject, procedure
        self.scenario, self.cause = draw_scenario(context.rng, self.rates), cause
        household.cases += 1
        self.id = case_id(context.digest, household.index, household.cases)
        self.stream = f"case-{self.id}"
        self.division = household.division
        self.version = self.objections = 0
        self.is_open = True
        self.completed: list[str] = []
        self.decision: Decision | None = None

    @abstractmethod
    def record_application(self, day: date, by: str, basis: DecidedFrom) -> None:
        """Append what only the matter knows of the application, after the opening."""

    def has_lapsed(self) -> bool:
        """Whether there is nothing left to decide, so that whoever opened the case withdraws it."""
        return False

    def decide(self, day: date) -> None:
        """The county decides on that day."""
        self.decision = decision(self.division, day, self.series)

    @abstractmethod
    def take_effect(self, by: str, cause: str, basis: DecidedFrom) -> None:
        """Append what the approved case brings about. ``cause``: the id of the case's fact that does."""

    def end(self) -> None:
        """Nothing more happens in this case."""
        self.is_open = False

    def basis(self) -> DecidedFrom:
        """What a decision now is based on: the log so far, and the edition that the case runs under."""
        procedure = self.procedure
        used = self.context.regulations.documents_of_case(self.log, procedure.procedure, procedure.edition)
        return self.context.events.decided_from(self.log, documents=used)

    def common_fields(self, day: date, by: str) -> dict[str, Any]:
        """What every fact of the case says."""
        return {
            "case_id": self.id, "subject": self.subject, "household_id": self.household.id, "effective_on": day,
            "entered_by": by,
        }  # fmt: skip

    def append(self, *new: Fact, claims: tuple[ClaimChange, ...] = ()) -> str:
        """Append one command's facts. Returns the id of the first."""
        expected_version = self.version
        self.version = expected_version + len(new)
        self.context.events.append(self.log, self.stream, expected_version, new, claims)
        return f"{self.log}/{self.stream}/{expected_version + 1}"

    def append_with_end(self, fact: Fact, outcome: facts.CaseOutcome, day: date, by: str, step: str) -> str:
        """Append a fact and the end of the case that it brings about. Returns the fact's id."""
        return self.append(fact, self._ended(outcome, day, by, step), claims=self._claim(NO_HOLDER))

    def open(self, opening: facts.CaseOpened) -> None:
        basis = self.basis()
        self.append(opening, claims=self._claim(self.id))
        self.record_application(opening.effective_on, opening.entered_by, basis)

    def withdraw(self, day: date, by: str, step: str) -> None:
        self.append(self._ended(facts.CaseOutcome.WITHDRAWN, day, by, step), claims=self._claim(NO_HOLDER))

    def _ended(self, outcome: facts.CaseOutcome, day: date, by: str, step: str) -> facts.CaseEnded:
        self.end()
        return facts.CaseEnded(**self.common_fields(day, by), outcome=outcome, step=step)

    def _claim(self, holder: UUID) -> tuple[ClaimChange, ...]:
        """A subject has one open case about one standing."""
        return (ClaimChange(claim_kind(self.procedure.standing), self.subject, holder),)
