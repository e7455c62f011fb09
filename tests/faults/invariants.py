"""Invariants of the service under test and its two databases, whatever faults it went through."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg

from contracts.facts import Recorded
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited
from services.chassis.ground.clock import SystemClock
from services.chassis.log.entries import decode_entry
from services.chassis.log.store import Store
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool
from tests.chassis.sample import status_rows, view
from tests.faults.processes import ServiceProcess
from tests.faults.service_under_test import POISON_DAY, READER, Deployment

Counts = dict[str, int]
Rows = list[tuple[Any, ...]]


def query(conninfo: str, statement: str, *params: object) -> Rows:
    """The rows that a statement returns, on a connection of its own."""
    with psycopg.connect(conninfo) as conn:
        return conn.execute(statement.encode(), params).fetchall()


def settle(service: ServiceProcess) -> None:
    """Wait until every command is answered, every timer has fired and every fact has been consumed. However much that is:
    it fails when nothing more of it is done within the time that a process has."""
    assert service.drain(), "died although no failpoint was set"
    log, reader = service.deployment.log, service.deployment.reader

    def progress() -> tuple[bool, int]:
        """Whether everything is done, and how much is."""
        ((head, timers, fired, viewed),) = query(
            log,
            "SELECT coalesce(max(notification_id), 0), (SELECT count(*) FROM timers),"
            " (SELECT count(*) FROM timers WHERE done_at IS NOT NULL),"
            " (SELECT coalesce(max(position), 0) FROM cursors) FROM log",
        )
        read = [position for (position,) in query(reader, "SELECT position FROM cursors")]
        return fired == timers and viewed == head and read == [head], fired + viewed + sum(read)

    def advanced(before: int) -> bool:
        finished, done = progress()
        return finished or done > before

    while not (now := progress())[0]:
        assert service.run_until(partial(advanced, now[1]), sending=False), "died although no failpoint was set"


def check_deployment(deployment: Deployment, acknowledged: Mapping[str, str]) -> Counts:
    """Assert that nothing was lost and nothing took effect twice; counts of commands and effects."""
    log, reader, name, _ = deployment
    facts = read_gapless_log(name, log)
    replies = read_gapless_log(READER, reader)
    found: dict[str, str] = dict(
        query(
            log,
            f"SELECT c.key, '{name}/' || originator_id || '/' || originator_version FROM commands c"
            " JOIN log USING (command_id) WHERE c.principal = 'cadre'",
        )
    )
    assert found == acknowledged, "what was acknowledged is not what is in the log"
    enrolments = [f for f in facts if isinstance(f.fact, HouseholdEnrolled)]
    assert len(enrolments) == len(found), "a command took effect twice, or without a record"
    fired = {f.fact.caused_by for f in facts if isinstance(f.fact, HouseholdExited)}
    assert sorted(fired) == sorted(f.id for f in enrolments)  # type: ignore[type-var]
    assert len(facts) == 2 * len(enrolments), "a timer fired twice"
    poisoned = {f.stream for f in enrolments if f.fact.effective_on == POISON_DAY}
    others = [f for f in facts if f.stream not in poisoned]
    parked = query(reader, "SELECT position FROM parked ORDER BY position")
    assert parked == [(f.position,) for f in facts if f.stream in poisoned], (
        "parked are not exactly the poisoned households"
    )
    notes = query(reader, "SELECT position FROM notes ORDER BY position")
    assert notes == [(f.position,) for f in others], "a fact was consumed twice or never"
    causes = [f.id for f in others if isinstance(f.fact, HouseholdEnrolled)]
    assert [a.fact.caused_by for a in replies] == causes, "not one reply to each, in order"
    assert entries(reader, "copies", name) == entries(log, "log"), "the copies are not the log"
    assert view_rows(log) == folded_rows(facts), "the live view is not what the log says"
    check_rebuild(name, log, view())
    return {
        "commands acknowledged": len(acknowledged),
        "commands found": len(found),
        "effects found": len(facts) + len(replies) + len(notes) + len(parked),
    }


def check_rebuild(service: str, conninfo: str, checked: View[Any]) -> None:
    """Assert that the product's rebuild of a view from its log finds no difference to the live view."""
    with WorkerPool(1) as workers:
        report = Rebuild(conninfo, service, service, checked, workers, lambda *_: None).run(confirmed=False)
    assert report.compared == "compared"
    assert report.differences.rows == 0, f"the live view {checked.name} is not the rebuilt one"
    assert report.left_out == report.failed == 0


def read_gapless_log(name: str, conninfo: str) -> list[Recorded]:
    """A whole log, decoded. Asserts that positions and versions have no gap and that instants increase from command to
    command."""
    with closing(Store(name, conninfo, SystemClock())) as store:
        facts: list[Recorded] = []
        while page := store.page(len(facts), 1000)[0]:
            facts += [decode_entry(name, entry) for entry in page]
    assert [f.position for f in facts] == list(range(1, len(facts) + 1)), "positions are not gapless"
    instants = [next(of_command).recorded_at for _, of_command in groupby(facts, lambda f: f.command_id)]
    assert instants == sorted(set(instants)), "instants do not increase from command to command"
    for stream in by_stream(facts).values():
        assert [f.version for f in stream] == list(range(1, len(stream) + 1)), "versions are not gapless"
    return facts


def by_stream(facts: list[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = defaultdict(list)
    for fact in facts:
        found[fact.stream].append(fact)
    return found


def entries(conninfo: str, table: str, log: str | None = None) -> Rows:
    """Raw entries of the table ``log``, or of ``copies`` of one log."""
    return query(
        conninfo,
        "SELECT notification_id, originator_id, originator_version, topic, state, recorded_at, command_id, actor"
        f" FROM {table}{' WHERE log = %s' if log else ''} ORDER BY notification_id",
        *([log] if log else []),
    )


def view_rows(conninfo: str) -> Rows:
    return query(conninfo, "SELECT household, status, since FROM standing ORDER BY household")


def folded_rows(facts: list[Recorded]) -> Rows:
    """The view's rows as folding the log anew gives them."""
    rows: Rows = []
    for stream in by_stream(facts).values():
        rows += status_rows(UUID(stream[0].stream.removeprefix("household-")), stream)[0]
    return sorted(rows)


def settle_and_check(*services: ServiceProcess) -> Counts:
    """Settle the processes of one deployment, shut them down, and check everything they did."""
    acknowledged: dict[str, str] = {}
    for service in services:
        settle(service)
        acknowledged |= service.commands.acknowledged
        assert service.commands.failed == [], "a command failed, or a rebuild found differences"
    for service in services:
        service.shut_down()
    return {
        "kills": sum(service.kills for service in services),
        **check_deployment(services[0].deployment, acknowledged),
    }
