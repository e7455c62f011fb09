"""Where and how often processes are killed: some ten times in ``make test``, more than two hundred times in
``make faults``."""

import random

from services.chassis.ground.failpoints import POINTS
from tests.support.long_run import LONG

SERVICE_FAILPOINTS = sorted(
    point for point in POINTS if point.startswith(("append.", "consume.", "timer.", "rebuild."))
)
"""The failpoints of the parts of ``service_under_test``."""

LIKA_FAILPOINTS = [point for point in SERVICE_FAILPOINTS if not point.startswith("rebuild.")]
"""The failpoints that the whole program passes without being asked to."""

RELAY_FAILPOINTS = sorted(point for point in POINTS if point.startswith("relay.")) if LONG else ["relay.acknowledged"]
"""The failpoints of the relay to Kafka."""

KILLED_FAILPOINTS = (
    SERVICE_FAILPOINTS if LONG else ["append.committed", "consume.applied", "rebuild.swapped", "timer.fired"]
)
"""Where a service is killed: of each of its parts, one with work half done."""

KILLS_PER_FAILPOINT = 20 if LONG else 1


def random_hit(point: str, rng: random.Random) -> int:
    """At which hit of the failpoint a process is killed or stopped; early where a whole rebuild lies between two hits."""
    return rng.randint(1, 3 if point.startswith("rebuild.") else 12)


POSTGRES_CRASHES = 8 if LONG else 1
"""How often PostgreSQL is killed in each of the two ways: together with the service, and while it runs."""

NETWORK_CUTS = 100 if LONG else 8
"""How often each network test cuts a connection or drops a reply."""

LIKA_KILLS = 24 if LONG else 2
"""How often the whole program is killed, at a failpoint first; each start costs seconds."""

REPLICA_KILLS = 2 if LONG else 1
"""How often a leader of each kind is killed while another replica runs; each time three starts, of ten seconds together."""

KILLS_PER_INSTANCE = 10 if LONG else 1
"""How often each of two instances on one database is killed."""

PAUSE_FAILPOINTS = LIKA_FAILPOINTS if LONG else ["append.decided", "consume.moved"]
"""Where a process is stopped: holding the append lock, and holding the cursor's row lock; in the long run also between reading and
moving the cursor, and with due timers loaded."""

BROKER_CRASHES = 6 if LONG else 1
"""How often the Kafka broker is killed; each restart costs seconds."""
