"""That a log runs on a simulated clock is its first fact, or it does not."""

from contracts.clock import SimulatedClockDeclared
from services.chassis.ground.refusals import rule
from services.chassis.log.entries import topic_of

CLOCK_IS_DECLARED_FIRST = rule(
    "clock_is_declared_first",
    zh="只有全新的日志才能声明使用模拟时钟。",
    en="Only a log that is still empty can be declared to run on a simulated clock.",
    source="Lika design: clock",
)
DECLARES_CLOCK = topic_of(SimulatedClockDeclared)
