"""A log that ends before what was made of it: it was restored from an older backup, and its views, timers and claims were not."""

from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.log.store import Store

REACHED = """
SELECT (SELECT coalesce(max(notification_id), 0) FROM log),
    greatest((SELECT max(position) FROM cursors WHERE log = %(log)s), (SELECT max(position) FROM log_digests WHERE log = %(log)s))
"""


class LogOlderThanViews(ExplainedError):
    """Serving it would show views of entries that the log does not have, and record others in their place."""


def require_log_behind_views(store: Store) -> None:
    """Raises ``LogOlderThanViews`` where cursors or written digests of the service's own log lie beyond its end."""
    with store.reading() as conn:
        row = conn.execute(REACHED.encode(), {"log": store.name}).fetchone()
    assert row is not None
    head, reached = row
    if reached is not None and reached > head:
        raise LogOlderThanViews(CHASSIS.say("log_older_than_views", service=store.name, head=head, reached=reached))
