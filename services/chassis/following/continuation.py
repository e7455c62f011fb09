"""Whether a log still is the one that was read: restored from an older backup it ends before the cursor, or holds other entries
there. Reading on would put the history of another log behind what was read."""

from services.chassis.following.sources import Source
from services.chassis.log.digests import STRETCH, digest_of, written, written_through
from services.chassis.log.store import Store

LOOK_BACK = 8
"""Entries before the cursor that are looked at."""
FEWEST = 2
"""Of them the last so many differ where the log went on from an older backup. One alone may have been altered: the comparison
names it, and the log is the same."""


class LogReplaced(Exception):
    """The log is not the one that was read. ``code``: ``log_ends_before_cursor`` or ``log_of_another_lineage``; both wait
    for an operator to restore all databases as of one moment."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require_continuation(store: Store, source: Source, cursor: int, *, entries: bool) -> None:
    """Raises ``LogReplaced``, and what says that the producer is away. ``entries``: compare the newest ones that were read
    with the digests that were written down of them."""
    if not cursor:
        return
    if source.head() < cursor:
        raise LogReplaced("log_ends_before_cursor")
    if not entries or source.log == store.name:
        return
    with store.reading() as conn:
        last = min(cursor, written_through(conn, source.log))
        known = written(conn, source.log, (last - 1) // STRETCH) if last else None
    if known is None or last < known.first:
        return
    first = max(known.first, last - LOOK_BACK + 1)
    found = {e.position: digest_of(source.log, e) for e in source.producer.read(first - 1, last - first + 1).entries}
    agree = [found.get(position) == known.at(position) for position in range(first, last + 1)]
    if not any(agree[-FEWEST:]) and len(agree) >= FEWEST:
        raise LogReplaced("log_of_another_lineage")
