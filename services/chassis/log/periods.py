"""Exclusive periods: a subject belongs to one holder on any day. Rows of the transaction that appends the facts they follow
from, read by subject under the append lock; that they do not overlap is for whoever changes them to see to."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

OPEN_END = date.max
"""End of a period that has none yet."""


class Period(NamedTuple):
    """From ``first`` up to ``end`` (exclusive). ``final``: nobody can hold the subject any more."""

    first: date
    end: date = OPEN_END
    final: bool = False

    def overlaps(self, other: "Period") -> bool:
        return self.first < other.end and other.first < self.end


Periods = Mapping[UUID, tuple[Period, ...]]
"""Holder → the periods of one subject."""

PeriodChanges = dict[UUID, dict[UUID, tuple[Period, ...]]]
"""Subject → holder → its periods from now on."""
