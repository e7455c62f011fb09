"""Rebuilding the views of a service: what comes before (copies of other logs) and after (the cursor, what was parked)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from services.chassis.following import parking
from services.chassis.following.consumer import CursorMoved
from services.chassis.following.copied_types import note_copied_types
from services.chassis.following.parking import Released
from services.chassis.following.reactions import Reaction
from services.chassis.following.sources import Source
from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.integrity.whole import require_unaltered
from services.chassis.log.digests import Table
from services.chassis.log.formats import readable_facts
from services.chassis.log.replicas import replicas_of_other_releases
from services.chassis.service import Service
from services.chassis.views.prefetch import backfill, may_prefetch, prefetch
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.rebuild_report import OnProgress, Report
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool

LAG = 5_000
"""A consumer that is less behind catches up by itself sooner than its log would be copied ahead of it."""


class NoSuchView(ExplainedError):
    """The service keeps no view of this name."""


class UpgradeRunning(ExplainedError):
    """Replicas of two releases run: one of them would go on writing rows of another form into what was rebuilt."""


@dataclass
class RebuildResult:
    """What a run over several views came to."""

    reports: list[Report] = field(default_factory=list)
    released: list[Released] = field(default_factory=list)

    @property
    def unconfirmed(self) -> list[Report]:
        return [r for r in self.reports if not r.swapped]


def reactions_of(service: Service) -> dict[str, Sequence[Reaction]]:
    """Every log the service reads, its own first, and its reactions to it."""
    return {service.name: service.views, **service.reads}


def views_of(service: Service) -> dict[str, tuple[str, View[Any]]]:
    """The service's views by name, with the log each of them folds."""
    return {
        r.name: (log, r) for log, reactions in reactions_of(service).items() for r in reactions if isinstance(r, View)
    }


def rebuild(
    service: Service,
    names: Sequence[str] | None,
    sources: Mapping[str, Source],
    workers: WorkerPool,
    on_progress: OnProgress,
    *,
    confirmed: bool,
) -> RebuildResult:
    """Rebuild these views of a service (all, if not said), one after the other. ``sources``: where the logs of other
    services are read. May run beside the service. Raises ``NoSuchView``, ``UpgradeRunning``, ``LogAltered`` where what
    would be folded was altered, and what ``Rebuild.run`` raises."""
    with service.store.reading() as conn:
        if replicas_of_other_releases(conn, readable_facts()):
            raise UpgradeRunning(CHASSIS.say("rebuild_in_upgrade", service=service.name))
    views = views_of(service)
    if unknown := [name for name in names or () if name not in views]:
        raise NoSuchView(
            CHASSIS.say("no_such_view", service=service.name, unknown=", ".join(unknown), views=", ".join(views))
        )
    chosen = list(views) if names is None else list(dict.fromkeys(names))
    result = RebuildResult()
    for log in reactions_of(service):
        here = [views[name][1] for name in chosen if views[name][0] == log]
        if here or (names is None and log in sources):
            _rebuild_log(service, log, here, sources, workers, on_progress, result, confirmed=confirmed)
    return result


def _rebuild_log(
    service: Service,
    log: str,
    views: Sequence[View[Any]],
    sources: Mapping[str, Source],
    workers: WorkerPool,
    on_progress: OnProgress,
    result: RebuildResult,
    *,
    confirmed: bool,
) -> None:
    if views:
        copied = log != service.name
        with service.store.reading() as conn:
            require_unaltered(conn, service.name, Table(log, copies=copied), partly=copied and not service.keeps_all)
    conninfo, reactions = service.environment.conninfo(service.name), reactions_of(service)[log]
    if views and log != service.name and not service.keeps_all and log in sources:
        _backfilled(service, conninfo, sources[log], on_progress)
    ahead = 0
    if log != service.name and may_prefetch(reactions) and log in sources:
        ahead = _copied_ahead(service, conninfo, sources[log], reactions, on_progress)
    reports = []
    for view in views:
        reports.append(Rebuild(conninfo, service.name, log, view, workers, on_progress, ahead).run(confirmed=confirmed))
        result.reports.append(reports[-1])
    swapped = {r.view: r.position for r in reports if r.swapped and not r.failed}
    if reactions and all(isinstance(r, View) and r.name in swapped for r in reactions):
        advance_cursor(conninfo, service.name, log, min(swapped.values()))
    if any(r.swapped for r in reports):
        # What a rebuild could fold may be digested now, too; what still fails stays parked.
        result.released += parking.release(service.store, log, reactions)


def _backfilled(service: Service, conninfo: str, source: Source, on_progress: OnProgress) -> None:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        note_copied_types(conn, service.name, service.reads)
        backfill(conn, source, lambda done, end: on_progress(source.log, "copying", done, end))


def _copied_ahead(
    service: Service, conninfo: str, source: Source, reactions: Sequence[Reaction], on_progress: OnProgress
) -> int:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        row = conn.execute(
            "SELECT position FROM cursors WHERE consumer = %s AND log = %s", (service.name, source.log)
        ).fetchone()
        if source.head() - (row[0] if row else 0) < LAG:
            return 0
        while True:
            try:
                return prefetch(
                    conn, service.name, source, reactions, keeps_all=service.keeps_all,
                    on_progress=lambda done, head: on_progress(source.log, "copying", done, head),
                )  # fmt: skip
            except CursorMoved:
                # The consumer has gone on by itself: go on from where it stands.
                continue


def advance_cursor(conninfo: str, consumer: str, log: str, position: int) -> None:
    """Let a consumer of which every reaction is a view go on from a position that all of them reflect, if it has not
    come so far. What stands between is in the views; it need not be digested one by one."""
    with psycopg.connect(conninfo) as conn, conn.cursor() as cur:
        cur.execute("INSERT INTO cursors VALUES (%s, %s, 0) ON CONFLICT DO NOTHING", (consumer, log))
        parking.lock_consumer(cur, consumer, log)
        cur.execute(
            "UPDATE cursors SET position = %s WHERE consumer = %s AND log = %s AND position < %s",
            (position, consumer, log, position),
        )
