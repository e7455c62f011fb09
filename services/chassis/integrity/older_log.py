"""A log that ends before what was made of it: it was restored from an older backup, and its views, timers and claims were not."""

from typing import Any

import psycopg

from services.chassis.ground.messages import CHASSIS, ExplainedError

TABLES = "SELECT count(to_regclass(name)) FROM unnest(array['log', 'cursors', 'log_digests']) AS name"
REACHED = """
SELECT (SELECT coalesce(max(notification_id), 0) FROM log),
    greatest((SELECT max(position) FROM cursors WHERE log = %(log)s), (SELECT max(position) FROM log_digests WHERE log = %(log)s))
"""


class LogOlderThanViews(ExplainedError):
    """Serving it would show views of entries that the log does not have, and record others in their place."""


def require_log_behind_views(connection: "psycopg.Connection[tuple[Any, ...]]", service: str) -> None:
    """Changes nothing, and is asked before anything is changed: a database without these tables has no views yet. Raises
    ``LogOlderThanViews`` where cursors or written digests of the service's own log lie beyond its end."""
    if connection.execute(TABLES).fetchone() != (3,):
        return
    row = connection.execute(REACHED.encode(), {"log": service}).fetchone()
    assert row is not None
    head, reached = row
    if reached is not None and reached > head:
        raise LogOlderThanViews(CHASSIS.say("log_older_than_views", service=service, head=head, reached=reached))
