"""One case under way, and what will go wrong with it."""

from datetime import date
from typing import Any, NamedTuple

from contracts.facts import Decision, Fact
from contracts.registry import cases as facts
from contracts.registry.households import PovertyCause
from lika.simulation.context import World
from lika.simulation.event_buffer import FREE, REGISTRY, Claimed
from lika.simulation.household_state import Home
from lika.simulation.ids import case_id
from lika.simulation.randomness import SeededRandom
from services.registry.cases import procedures as p
from services.registry.cases.store import OPEN_CASE

OBJECTED, UPHELD, RETURNED, WITHDRAWN = 0.025, 0.2, 0.02, 0.004
REFUSED: dict[type[p.Step], float] = {
    p.Visit: 0.012, p.Appraisal: 0.03, p.Consent: 0.008, p.Review: 0.01, p.Comparison: 0.012,
}  # fmt: skip
"""How often a step goes wrong (the comparison: finds something, so that the county refuses)."""


class Course(NamedTuple):
    """What will go wrong, drawn when the case is opened."""

    refused_at: type[p.Step] | None
    objected: bool
    upheld: bool
    returned: bool
    withdrawn: bool


def course(rng: SeededRandom) -> Course:
    left = rng.random()
    refused_at = None
    for kind, share in REFUSED.items():
        if left < share:
            refused_at = kind
            break
        left -= share
    if refused_at is not None:
        return Course(refused_at, False, False, False, False)
    objected = rng.random() < OBJECTED
    upheld = objected and rng.random() < UPHELD
    return Course(None, objected, upheld, rng.random() < RETURNED, rng.random() < WITHDRAWN)


class Case:
    """One case under way."""

    def __init__(
        self, world: World, home: Home, procedure: p.Procedure, ills: Course, cause: PovertyCause | None
    ) -> None:
        self.world, self.home, self.procedure, self.ills, self.cause = world, home, procedure, ills, cause
        home.cases += 1
        home.busy = True
        self.id = case_id(world.digest, home.number, home.cases)
        self.stream = f"case-{self.id}"
        self.place = home.place
        self.version = self.objections = 0
        self.done: list[str] = []
        self.decided: Decision | None = None

    def about(self, day: date, by: str) -> dict[str, Any]:
        """What every fact of the case says."""
        return {"case_id": self.id, "household_id": self.home.id, "effective_on": day, "entered_by": by}

    def put(self, *told: Fact, claims: tuple[Claimed, ...] = ()) -> str:
        """One command's facts; the id of the first."""
        before = self.version
        self.version = before + len(told)
        self.world.book.put(REGISTRY, self.stream, before, told, claims)
        return f"{REGISTRY}/{self.stream}/{before + 1}"

    def ended(self, outcome: facts.CaseOutcome, day: date, by: str, step: str) -> facts.CaseEnded:
        self.home.busy, self.home.decided_on = False, None
        return facts.CaseEnded(**self.about(day, by), outcome=outcome, step=step)

    @property
    def closed(self) -> tuple[Claimed, ...]:
        return (Claimed(OPEN_CASE, self.home.id, FREE),)
