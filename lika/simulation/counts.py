"""Counts of what was written, kept on the way, since a province does not fit into memory."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import MemberJoined
from contracts.registry.reasons import JoinReason
from lika.simulation.event_buffer import EventBatch


@dataclass(slots=True)
class FactCounts:
    """A month, or several added up. ``facts``: how many of each (log, type); ``persons``: how many were recorded
    for the first time."""

    recorded_on: date = date.min
    facts: Counter[tuple[str, str]] = field(default_factory=Counter)
    persons: int = 0

    @property
    def events(self) -> int:
        return self.facts.total()

    def count(self, batch: EventBatch) -> None:
        for fact in batch.facts:
            self.facts[batch.log, fact.type_name] += 1
            if isinstance(fact, HouseholdRecorded):
                self.persons += len(fact.members)
            elif isinstance(fact, MemberJoined):
                self.persons += fact.reason is not JoinReason.RETURNED_HOME

    def __iadd__(self, month: Self) -> Self:
        self.recorded_on = month.recorded_on
        self.facts.update(month.facts)
        self.persons += month.persons
        return self
