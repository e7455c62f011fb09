"""Consumers: where they stand, whether they move, what they parked, and whether audit's copies are complete."""

from collections.abc import Mapping

from lika.messages import say
from lika.operations.checks.sampling import count_present, is_stalled
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.following.parking import BEHIND_PARKED

LOGS_READ: Mapping[str, tuple[str, ...]] = {
    "registry": (),
    "assistance": ("registry", "monitoring"),
    "monitoring": ("registry", "assistance"),
    "audit": ("registry", "assistance", "monitoring"),
}
"""Which other logs each service reads; each reads its own, too."""

COPIES_EVERY_ENTRY = frozenset({"audit"})
"""Services that keep a copy of every entry of the logs they read."""


def cursor_position(installation: Installation, name: str, log: str) -> int:
    """Position up to which the service's effects reflect a log."""
    rows = installation.query(name, "SELECT position FROM cursors WHERE consumer = %s AND log = %s", name, log)
    return int(rows[0][0]) if rows else 0


def head_position(installation: Installation, log: str) -> int:
    ((position,),) = installation.query(log, "SELECT coalesce(max(notification_id), 0) FROM log")
    return int(position)


def consumers(installation: Installation, name: str) -> Finding:
    named = f"{name}.consumers"
    lagging: dict[str, int] = {}
    behind = []
    elsewhere = [log for log in LOGS_READ[name] if log not in installation.services]
    for log in (name, *(log for log in LOGS_READ[name] if log not in elsewhere)):
        # The cursor first: it never exceeds a head that is read after it.
        position, head = cursor_position(installation, name, log), head_position(installation, log)
        if position > head:
            return broken(named, "cursor_beyond_log", log=log, position=position, head=head)
        if position < head:
            lagging[log] = position
            behind.append(say("entries_behind", log=log, entries=head - position))
    if not lagging and elsewhere:
        return ok(named, "consumers_of_logs_elsewhere", logs=elsewhere)
    if not lagging:
        return ok(named, "consumers_current")
    if not installation.is_running:
        return ok(named, "consumers_not_running", behind=behind)
    for log, position in lagging.items():
        if is_stalled(lambda log=log: cursor_position(installation, name, log)):  # type: ignore[misc]
            following = installation.query(log, "SELECT topic FROM log WHERE notification_id = %s", position + 1)
            type_name = following[0][0] if following else "?"
            return broken(
                named, "consumer_stalled", behind=behind, log=log, position=position + 1, type=type_name
            )  # fmt: skip
    return ok(named, "consumers_catching_up", behind=behind)


def parked(installation: Installation, name: str) -> Finding:
    named = f"{name}.parked"
    rows = installation.query(
        name,
        "SELECT log, count(DISTINCT subject), count(*), min(position),"
        " string_agg(DISTINCT error, ', ') FILTER (WHERE error <> %s) FROM parked GROUP BY log ORDER BY log",
        BEHIND_PARKED,
    )
    if not rows:
        return ok(named, "no_parked_households")
    by_log = [
        say("parked_of_log", log=log, households=households, entries=entries, first=first, errors=errors)
        for log, households, entries, first, errors in rows
    ]
    return warning(named, "households_parked", parked=by_log, service=name)


def copies(installation: Installation, name: str) -> Finding:
    """Whether a service of ``COPIES_EVERY_ENTRY`` has every entry of the logs it reads, up to where it has read."""
    named = f"{name}.copies"
    total = 0
    for log in LOGS_READ[name]:
        position = cursor_position(installation, name, log)
        looked, found = count_present(installation, name, "copies WHERE log = %s", position, log)
        if looked != found:
            return broken(named, "copies_have_gaps", log=log, looked=looked, missing=looked - found, service=name)
        total += looked
    return ok(named, "copies_complete", looked=total)
