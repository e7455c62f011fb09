"""The programmes that a decision looks up, by day and place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.assistance.programmes.document import KIND, Programme, programme_from
from services.casework.documents.lookup import Lookup
from services.chassis.law.dated import NotInForce


@dataclass(frozen=True, slots=True)
class Programmes:
    """For one decision, which names what was looked up."""

    lookup: Lookup

    def in_force(self, programme: str, day: date, place: str) -> Programme:
        """The edition of the most specific jurisdiction that the place lies in. Raises ``NotInForce``."""
        return self.lookup.in_force(KIND, programme, day, place).typed(programme_from)

    def all_in_force(self, day: date, place: str) -> Iterator[Programme]:
        """Of each programme the edition that applies there on that day."""
        for edition in self.lookup.all_in_force(KIND, day, place):
            yield edition.typed(programme_from)

    def found(self, programme: str, day: date, place: str) -> Programme | None:
        """``None`` where none is in force."""
        try:
            return self.in_force(programme, day, place)
        except NotInForce:
            return None
