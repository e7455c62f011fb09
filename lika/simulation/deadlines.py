"""Deadlines that outlive the simulated years: set as commands set them, so that the services fire them when started. Duties
need none: a service that starts looks for what comes due."""

from collections.abc import Mapping
from datetime import datetime

from contracts.casework.cases import NoticePosted, ObjectionResolved
from contracts.civil import end_of_day
from contracts.facts import Fact
from contracts.monitoring.targets import TargetSet
from services.casework.procedures.store import NOTICE_ENDS
from services.monitoring.targets.store import DEADLINE_TIMER

TIMERS: Mapping[type[Fact], tuple[str, str]] = {
    NoticePosted: (NOTICE_ENDS, "last_day"),
    ObjectionResolved: (NOTICE_ENDS, "notice_last_day"),
    TargetSet: (DEADLINE_TIMER, "deadline"),
}
"""Facts that set a timer: the timer's kind, and the field with its last day (``None`` in it: no timer)."""


def deadline_of(fact: Fact) -> tuple[str, datetime] | None:
    """Kind and instant of the timer that a fact sets; ``None`` when it sets none."""
    if (timer := TIMERS.get(type(fact))) is None:
        return None
    kind, field = timer
    day = getattr(fact, field)
    return None if day is None else (kind, end_of_day(day))
