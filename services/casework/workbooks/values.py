"""Values of cells that are no plain Python type."""

from dataclasses import dataclass
from datetime import date

from contracts.facts import Precision


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, month or year. ``first_day``: of that day, month or year."""

    first_day: date
    precision: Precision


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A division that is named instead of numbered."""

    name: str
