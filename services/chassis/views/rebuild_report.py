"""What a rebuild tells while it runs, what it came to, and what can keep it from being done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from services.chassis.ground.messages import ExplainedError
from services.chassis.views.blue_green import Comparison

Step = Literal["copying", "folding", "indexing", "catching_up", "comparing", "swapping"]
Compared = Literal["compared", "columns", "unread", "behind"]
OnProgress = Callable[[str, Step, int, int], None]
"""Hears (view, step, done, of how many)."""


class RebuildRunning(ExplainedError):
    """Another rebuild of this view is under way."""


class SwapRefused(ExplainedError):
    """Somebody read the live tables for so long that the swap was given up."""


class NotMigrated(ExplainedError):
    """The view writes columns that the database does not have."""


@dataclass(frozen=True)
class Report:
    """What a rebuild came to. ``position``: of the log, which the new tables reflect. ``compared``: with the live view,
    or why not: ``columns`` (another version), ``unread`` (no consumer has kept it yet), ``behind`` (its consumer is too
    far behind). ``left_out``: subjects that could not be compared, since their newest facts wait to be digested.
    ``failed``: subjects whose facts could not be folded; they keep the rows they had."""

    view: str
    position: int
    events: int
    subjects: int
    rows: int
    seconds: float
    compared: Compared
    left_out: int
    differences: Comparison
    failed: int
    swapped: bool
