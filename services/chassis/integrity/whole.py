"""Comparing a whole log at once, for whoever cannot wait for the pass to come by: a rebuild, ``lika doctor --thorough``."""

from collections.abc import Iterator
from itertools import islice

from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.integrity.comparing import Copied, compare_copy, compare_log, compare_unwritten, unlike_written
from services.chassis.integrity.verdicts import Difference
from services.chassis.log.digests import STRETCH, DatabaseConnection, Table, written_through

MOST_NAMED = 20
"""Positions that a refusal names."""


class LogAltered(ExplainedError):
    """What views would be made of differs from its digests."""


def log_differences(conn: DatabaseConnection, log: str) -> Iterator[Difference]:
    """Where a service's own log differs from its digests, from the beginning."""
    for stretch in range(_stretches(conn, log)):
        yield from compare_log(conn, log, stretch)


def copy_differences(conn: DatabaseConnection, copied: Copied, cursor: int) -> Iterator[Difference]:
    """Where a log and its copy, read up to ``cursor``, differ, from the beginning to the newest entry. Raises what says that
    the producer is away."""
    for stretch in range(_stretches(conn, copied.log)):
        yield from compare_copy(conn, copied, stretch, read_entries=True)
    after = written_through(conn, copied.log)
    while after < cursor:
        through = min((after // STRETCH + 1) * STRETCH, cursor)
        yield from compare_unwritten(conn, copied, after, through)
        after = through


def require_unaltered(conn: DatabaseConnection, service: str, table: Table, *, partly: bool) -> None:
    """Raises ``LogAltered`` where the rows of a log are not those of which digests were written down."""
    stretches = range(_stretches(conn, table.log))
    altered = (p for stretch in stretches for p in unlike_written(conn, table, stretch, partly=partly))
    if named := list(islice(altered, MOST_NAMED)):
        positions = ", ".join(map(str, named))
        raise LogAltered(CHASSIS.say("log_altered", service=service, log=table.log, positions=positions))


def _stretches(conn: DatabaseConnection, log: str) -> int:
    return (written_through(conn, log) + STRETCH - 1) // STRETCH
