"""The project office of a township."""

from dataclasses import dataclass, field
from uuid import UUID

from lika.simulation.divisions import Division
from lika.simulation.funds import CountyMoney
from lika.simulation.schedule import Schedule

PROJECT_ENTITIES = 3 << 40
"""Added to a township's index where the random numbers of its projects are seeded."""


@dataclass(eq=False)
class ProjectOffice:
    """``projects``, ``cases``: so far; ``planned``, ``done``: work key → the project that planned it first, that did it last."""

    township: Division
    money: CountyMoney
    schedule: Schedule = field(default_factory=Schedule)
    projects: int = 0
    cases: int = 0
    planned: dict[str, UUID] = field(default_factory=dict)
    done: dict[str, UUID] = field(default_factory=dict)

    @property
    def entity(self) -> int:
        return PROJECT_ENTITIES + self.township.index

    @property
    def cadre(self) -> str:
        return f"cadre-{self.township.code}"

    @property
    def reviewer(self) -> str:
        return f"reviewer-{self.township.code}"
