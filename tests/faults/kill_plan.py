"""Where and how often processes are killed: twenty times in ``make test``, more than two hundred times in
``make faults``."""

import os
import random

from services.chassis.ground.failpoints import POINTS

LONG = os.environ.get("LIKA_FAULTS") == "long"

OFFICE = sorted(point for point in POINTS if point.startswith(("append.", "consume.", "timer.", "rebuild.")))
"""The points of the parts that an office is made of."""

HOUSE = [point for point in OFFICE if not point.startswith("rebuild.")]
"""The points that a house comes by of itself."""

RELAY = sorted(point for point in POINTS if point.startswith("relay."))
"""The points of the way through Kafka."""

KILLS_AT_EACH_POINT = 20 if LONG else 1


def visit(point: str, chance: random.Random) -> int:
    """At which visit a process is killed or stopped there: soon where a whole rebuild lies between two visits."""
    return chance.randint(1, 3 if point.startswith("rebuild.") else 12)


CRASHES_OF_THE_SERVER = 8 if LONG else 1
"""How often PostgreSQL is killed in each of the two ways: together with the office, and under it."""

CUTS = 100 if LONG else 8
"""How often each test of the network cuts a connection or swallows an answer."""

KILLS_OF_THE_HOUSE = 24 if LONG else 4
"""How often the whole house is killed; each life costs seconds."""

KILLS_OF_TWINS = 10 if LONG else 1
"""How often each of two processes on one database is killed."""

STANDSTILLS = HOUSE if LONG else ["append.decided", "consume.read", "consume.moved", "timer.found"]
"""Where a process stands still: holding the append lock, between reading and moving, holding its place in a log, and
with deadlines in hand."""

CRASHES_OF_THE_BROKER = 6 if LONG else 1
"""How often Kafka is killed; starting it again costs seconds."""
