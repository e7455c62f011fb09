"""What a service's comparison has come to, as its tables hold it: progress of each log, and differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.integrity.verdicts import Altered, Difference
from services.chassis.log.digests import STRETCH, DatabaseConnection

REWRITTEN = """
SELECT coalesce(sum(n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables
WHERE relname IN ('log', 'copies', 'log_digests')
"""
"""Rows of tables that only grow which the database counts as updated or deleted. It forgets after a crash."""


@dataclass
class Progress:
    """Of one log. ``stretch``: where the pass through the whole log goes on; ``newest_compared``: when everything from there
    back a little was compared last, up to ``compared_through``."""

    log: str
    stretch: int
    pass_began: datetime
    pass_completed: datetime | None
    newest_compared: datetime | None
    compared_through: int
    rewritten: int

    @property
    def position(self) -> int:
        """Up to which the pass has come."""
        return self.stretch * STRETCH


@dataclass(frozen=True, slots=True)
class FoundDifference:
    """A difference, when it was found, and when log, copy and digests agreed again."""

    difference: Difference
    found_at: datetime
    gone_at: datetime | None


def load_progress(conn: DatabaseConnection, log: str, now: datetime) -> Progress:
    """Where the comparison stood; at the beginning for a log that was never compared."""
    rows = [p for p in all_progress(conn) if p.log == log]
    return rows[0] if rows else Progress(log, 0, now, None, None, 0, rewritten(conn))


def all_progress(conn: DatabaseConnection) -> list[Progress]:
    rows = conn.execute(
        "SELECT log, stretch, pass_began, pass_completed, newest_compared, compared_through, rewritten"
        " FROM integrity_progress ORDER BY log"
    )
    return [Progress(*row) for row in rows]


def save_progress(conn: DatabaseConnection, progress: Progress) -> None:
    conn.execute(
        "INSERT INTO integrity_progress VALUES (%(log)s, %(stretch)s, %(pass_began)s, %(pass_completed)s,"
        " %(newest_compared)s, %(compared_through)s, %(rewritten)s) ON CONFLICT (log) DO UPDATE SET"
        " (stretch, pass_began, pass_completed, newest_compared, compared_through, rewritten) ="
        " (EXCLUDED.stretch, EXCLUDED.pass_began, EXCLUDED.pass_completed, EXCLUDED.newest_compared,"
        " EXCLUDED.compared_through, EXCLUDED.rewritten)",
        vars(progress),
    )


def rewritten(conn: DatabaseConnection) -> int:
    row = conn.execute(REWRITTEN.encode()).fetchone()
    return int(row[0]) if row else 0


def record_differences(
    conn: DatabaseConnection, log: str, after: int, through: int, found: Sequence[Difference], now: datetime
) -> list[Difference]:
    """Keep what was found between two positions; what was known there and not found again is gone. Those that are new.
    Of one entry the first verdict stays: what everybody has agreed on since does not say who was right then."""
    with conn.transaction():
        conn.execute(
            "UPDATE integrity_differences SET gone_at = %s WHERE log = %s AND position > %s AND position <= %s"
            " AND gone_at IS NULL AND position <> ALL(%s)",
            (now, log, after, through, [d.position for d in found]),
        )
        return [
            d
            for d in found
            if conn.execute(
                "INSERT INTO integrity_differences AS known VALUES (%s, %s, %s, %s) ON CONFLICT (log, position) DO UPDATE"
                " SET altered = EXCLUDED.altered, found_at = EXCLUDED.found_at, gone_at = NULL"
                " WHERE known.gone_at IS NOT NULL OR (known.altered <> %s AND known.altered <> EXCLUDED.altered)",
                (d.log, d.position, d.altered, now, Altered.UNDECIDED),
            ).rowcount
        ]


def count_open_by_log(conn: DatabaseConnection) -> dict[str, int]:
    return dict(
        conn.execute("SELECT log, count(*) FROM integrity_differences WHERE gone_at IS NULL GROUP BY log").fetchall()
    )


def count_open(conn: DatabaseConnection) -> int:
    row = conn.execute("SELECT count(*) FROM integrity_differences WHERE gone_at IS NULL").fetchone()
    return int(row[0]) if row else 0


def differences(conn: DatabaseConnection, after: tuple[str, int], limit: int) -> list[FoundDifference]:
    """Differences after a log and position, in that order; those that are gone, too."""
    rows = conn.execute(
        "SELECT log, position, altered, found_at, gone_at FROM integrity_differences WHERE (log, position) > (%s, %s)"
        " ORDER BY log, position LIMIT %s",
        (*after, limit),
    )
    return [
        FoundDifference(Difference(log, position, Altered(altered)), found_at, gone_at)
        for log, position, altered, found_at, gone_at in rows
    ]
