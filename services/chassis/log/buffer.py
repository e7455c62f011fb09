"""What a unit of work leaves to its session to be written."""

from dataclasses import dataclass, field

from services.chassis.log.claims import ClaimChanges
from services.chassis.log.entries import Row
from services.chassis.log.needs import Timer
from services.chassis.log.periods import PeriodChanges


@dataclass(slots=True)
class Buffer:
    """Rows of the log (``appended``: the same by stream), changes of claims and exclusive periods, deadlines."""

    rows: list[Row] = field(default_factory=list)
    appended: dict[str, list[Row]] = field(default_factory=dict)
    claims: ClaimChanges = field(default_factory=ClaimChanges)
    periods: PeriodChanges = field(default_factory=dict)
    timers: list[Timer] = field(default_factory=list)
