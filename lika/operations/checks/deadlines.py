"""Deadlines: whether what is due fires."""

from lika.messages import say
from lika.operations.checks.sampling import is_stalled
from lika.operations.finding import Finding, ok, warning
from lika.operations.installation import Installation

DUE = """
SELECT kind, count(*), min(due_at) FROM timers WHERE done_at IS NULL AND due_at <= %s GROUP BY kind ORDER BY kind
"""


def deadlines(installation: Installation, name: str) -> Finding:
    named = f"{name}.deadlines"
    now = installation.now(name)
    rows = installation.query(name, DUE, now)
    if not rows:
        return ok(named, "no_deadlines_due")
    due = [say("deadlines_of_kind", kind=kind, count=count, first=first) for kind, count, first in rows]
    if not installation.is_running:
        return ok(named, "deadlines_not_running", due=due)
    if not is_stalled(lambda: installation.query(name, DUE, now)):
        return ok(named, "deadlines_firing", due=due)
    return warning(named, "deadlines_stalled", due=due)
