"""Facts about a log's own clock. A simulated log says so in its first fact and in every answer."""

from datetime import datetime

from contracts.facts import Fact, published


@published("SimulatedClockDeclared")
class SimulatedClockDeclared(Fact, frozen=True, kw_only=True):
    """Only ever the first fact of a log: its time is stepped by command (samples, demos, simulation)."""

    starts_at: datetime
    reason: str


@published("ClockStepped")
class ClockStepped(Fact, frozen=True, kw_only=True):
    """The simulated clock was moved forward."""

    to: datetime
