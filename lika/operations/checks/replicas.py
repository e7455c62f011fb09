"""Replicas: which releases of a service run side by side, which is an upgrade, or one that was left halfway."""

from lika.messages import say
from lika.operations.finding import Finding, ok, warning
from lika.operations.installation import Installation
from services.chassis.postgres.heartbeats import LIVES


def replicas(installation: Installation, name: str) -> Finding:
    """What can be read tells releases apart that bear the same version."""
    named = f"{name}.replicas"
    rows = installation.query(
        name,
        f"SELECT release, count(*), min(started_at) FROM replicas WHERE {LIVES} GROUP BY release, formats ORDER BY 3",
    )
    running = [
        say("replicas_of_release", replicas=count, release=release, since=since) for release, count, since in rows
    ]
    if len(rows) > 1:
        return warning(named, "replicas_of_several_releases", running=running)
    return ok(named, "replicas_alike", running=running) if rows else ok(named, "no_replica_runs")
