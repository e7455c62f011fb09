"""Writing digests down: of the service's own log soon after its entries, of others as their producers publish them."""

from contracts.entry_digest import SIZE
from services.chassis.integrity.comparing import Copied, compare_copy
from services.chassis.integrity.verdicts import Altered, Difference
from services.chassis.log.digests import STRETCH, DatabaseConnection, Table, write, written_through


def write_own(conn: DatabaseConnection, log: str) -> tuple[int, list[Difference]]:
    """Write down what has no digest yet, up to the end of a stretch; how many, and where the log has a gap. ``conn``: the
    one that holds the comparison's lock, so that nobody else writes."""
    after = written_through(conn, log)
    rows = Table(log, copies=False).rows(conn, after, _end(after))
    if rows is None or not rows.positions:
        return 0, []
    # Gapless in the order of commits: whoever sees an entry sees all before it.
    count = sum(position == after + n for n, position in enumerate(rows.positions, 1))
    if count:
        write(conn, log, rows.digests[: count * SIZE], after + count, None)
    gap = [Difference(log, after + count + 1, Altered.LOG)] if count < len(rows.positions) else []
    return count, gap


def write_published(conn: DatabaseConnection, copied: Copied, cursor: int) -> tuple[int, int, list[Difference]]:
    """Write down what a producer publishes of a log, up to where its copy has come (``cursor``) or to the end of a stretch,
    and compare the copy with it. After which position, through which, and the differences. Raises what says that the
    producer is away."""
    after = written_through(conn, copied.log)
    if after >= cursor:
        return after, after, []
    stretch = after // STRETCH
    published = copied.producer.digests(stretch).written
    through = min(stretch * STRETCH + len(published) // SIZE, cursor)
    if through <= after:
        return after, after, []
    present = Table(copied.log, copies=True).positions(conn, after, through)
    skipped = (after - stretch * STRETCH) * SIZE
    write(conn, copied.log, published[skipped : (through - stretch * STRETCH) * SIZE], through, present)
    found = compare_copy(conn, copied, stretch, read_entries=False)
    # Nobody knows yet which of the two was altered: the log may have been before its digest was taken.
    return (
        after,
        through,
        [
            Difference(d.log, d.position, Altered.UNDECIDED) if d.altered is Altered.COPY else d
            for d in found
            if after < d.position <= through
        ],
    )


def _end(after: int) -> int:
    return (after // STRETCH + 1) * STRETCH
