"""Which views hold rows that a former release made, and this one would make otherwise.

A consumer folds a subject again when something is told of it, never because a release folds more than the one before. So rows of
subjects of which nothing new is told lack what is folded newly, and a view that came with a release lacks all that was told
before it, until a rebuild. ``View.edition`` says what a release makes of facts that may stand already; here stands what was made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection, Cursor

from services.chassis.following.reactions import Reaction
from services.chassis.log.timers import CLOCK_STREAM
from services.chassis.views.view import View

TOLD = """
SELECT array(SELECT log FROM cursors WHERE consumer = %(service)s AND position > 0),
    EXISTS (SELECT FROM log WHERE originator_id <> %(clock)s)
"""
"""That a clock is simulated is declared before anything is told."""
ADOPT = """
INSERT INTO view_editions (view, folded, wanted) SELECT * FROM unnest(%(views)s::text[], %(folded)s::int[], %(editions)s::int[])
ON CONFLICT (view) DO UPDATE SET wanted = greatest(view_editions.wanted, excluded.wanted)
"""
GONE = "DELETE FROM view_editions WHERE view <> ALL (%(views)s::text[])"
"""A view that a release keeps no more waits for no rebuild; one that comes again is met as a new one."""
REBUILT = """
INSERT INTO view_editions (view, folded, wanted) VALUES (%(view)s, %(edition)s, %(edition)s)
ON CONFLICT (view) DO UPDATE SET folded = excluded.folded, wanted = greatest(view_editions.wanted, excluded.wanted)
"""
MADE_BY = "SELECT folded FROM view_editions WHERE view = %(view)s"
OUTDATED = "SELECT view FROM view_editions WHERE folded < wanted ORDER BY view"


def adopt(conn: Connection[Any], service: str, reactions: Mapping[str, Sequence[Reaction]]) -> list[str]:
    """Note the editions of this release, before anything is told; the names of the views that wait for a rebuild. ``reactions``:
    to each log that the service reads. A view to which nothing was told yet is of the present edition; of one that is met first when
    something was told nobody knows what it lacks (0)."""
    views = [(log, view) for log, of_log in reactions.items() for view in of_log if isinstance(view, View)]
    with conn.transaction(), conn.cursor() as cur:
        cur.execute(TOLD, {"service": service, "clock": CLOCK_STREAM})
        ((read, written),) = cur.fetchall()

        def folded(log: str, view: View[Any]) -> int:
            told = written if view.appended else log in read
            return 0 if told else view.edition

        given = {"views": [view.name for _, view in views], "editions": [view.edition for _, view in views]}
        cur.execute(GONE, given)
        cur.execute(ADOPT, {**given, "folded": [folded(*of) for of in views]})
        return outdated(cur)


def rebuilt(cur: Cursor[Any], view: View[Any]) -> None:
    """All rows of the view were made anew by this release."""
    cur.execute(REBUILT, {"view": view.name, "edition": view.edition})


def is_current(conn: Connection[Any], view: View[Any]) -> bool:
    """Whether all rows of the view were made by this release, or by a later one."""
    row = conn.execute(MADE_BY, {"view": view.name}, prepare=True).fetchone()
    return row is not None and int(row[0]) >= view.edition


def outdated(cur: Cursor[Any]) -> list[str]:
    """The names of the views that wait for a rebuild."""
    return [name for (name,) in cur.execute(OUTDATED).fetchall()]
