"""When the facts of a month are entered."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from contracts.civil import SHANGHAI
from lika.simulation.event_buffer import ASSISTANCE, MONITORING, REGISTRY

ENTRY_TIMES: Mapping[str, time] = {REGISTRY: time(18), ASSISTANCE: time(19), MONITORING: time(20)}
"""On the last day of a month, the register before those who read it: an effect is recorded after its cause."""


def entered_at(log: str, day: date) -> datetime:
    """When a log's facts of a month are entered."""
    return datetime.combine(day, ENTRY_TIMES[log], SHANGHAI).astimezone(UTC)
