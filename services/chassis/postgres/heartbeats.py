"""When a replica of a service counts as living, by the database's clock."""

FORGOTTEN = 10
"""Seconds without a heartbeat after which a replica counts as dead."""
LIVES = (
    f"seen_at BETWEEN clock_timestamp() - interval '{FORGOTTEN} seconds'"
    f" AND clock_timestamp() + interval '{FORGOTTEN} seconds'"
)
"""Of a row of ``replicas``. One seen in the future was seen on another clock: by a server that was replaced, or restored."""
