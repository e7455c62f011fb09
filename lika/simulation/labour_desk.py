"""A township's desk for training and work."""

from dataclasses import dataclass, field

from lika.simulation.divisions import Division
from lika.simulation.schedule import Schedule
from lika.simulation.unit import Memory

LABOUR_ENTITIES = 6 << 40
"""Added to a township's index where the random numbers of its courses and placements are seeded."""


@dataclass(eq=False)
class LabourDesk:
    """``courses``, ``offers``, ``placements``, ``certificates``: so far."""

    township: Division
    memory: Memory
    schedule: Schedule = field(default_factory=Schedule)
    courses: int = 0
    offers: int = 0
    placements: int = 0
    certificates: int = 0

    @property
    def entity(self) -> int:
        return LABOUR_ENTITIES + self.township.index

    @property
    def clerk(self) -> str:
        return f"cadre-{self.township.code}"

    def next_certificate(self, year: int) -> str:
        self.certificates += 1
        return f"样培{self.township.code}-{year}-{self.certificates:04}"
