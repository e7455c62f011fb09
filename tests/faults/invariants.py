"""What must hold of an office's two databases whatever happened to it, and the figures that say how much was checked."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg

from contracts.facts import Recorded
from contracts.registry.households import HouseholdEnrolled, HouseholdExited
from services.chassis.ground.clock import SystemClock
from services.chassis.log.entries import decode_entry
from services.chassis.log.store import Store
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool
from tests.chassis.sample import standing, view
from tests.faults.processes import Office
from tests.faults.service_under_test import READER, SICK_DAY, Premises

Counts = dict[str, int]
Rows = list[tuple[Any, ...]]


def query(conninfo: str, statement: str, *params: object) -> Rows:
    """What a database says, on a connection of its own."""
    with psycopg.connect(conninfo) as conn:
        return conn.execute(statement.encode(), params).fetchall()


def settle(office: Office) -> None:
    """Every errand answered, every deadline fired, every fact digested."""
    assert office.finish(), "died although no failpoint was set"
    log, reader = office.premises.log, office.premises.reader

    def settled() -> bool:
        ((head, open_deadlines, viewed),) = query(
            log,
            "SELECT coalesce(max(notification_id), 0), (SELECT count(*) FROM timers WHERE done_at IS NULL),"
            " (SELECT max(position) FROM cursors) FROM log",
        )
        return open_deadlines == 0 and viewed == head and query(reader, "SELECT position FROM cursors") == [(head,)]

    assert office.busy_until(settled, asking=False), "died although no failpoint was set"


def findings(premises: Premises, acknowledged: Mapping[str, str]) -> Counts:
    """Nothing lost, nothing doubled; fails where that is not so. Counts commands and effects."""
    log, reader, name, _ = premises
    facts = gapless(name, log)
    answers = gapless(READER, reader)
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
    assert len(facts) == 2 * len(enrolments), "a deadline fired twice"
    sick = {f.stream for f in enrolments if f.fact.effective_on == SICK_DAY}
    well = [f for f in facts if f.stream not in sick]
    parked = query(reader, "SELECT position FROM parked ORDER BY position")
    assert parked == [(f.position,) for f in facts if f.stream in sick], "not the sick households, and only they, wait"
    notes = query(reader, "SELECT position FROM notes ORDER BY position")
    assert notes == [(f.position,) for f in well], "a fact was digested twice or never"
    causes = [f.id for f in well if isinstance(f.fact, HouseholdEnrolled)]
    assert [a.fact.caused_by for a in answers] == causes, "not one answer to each, in order"
    assert entries(reader, "copies", name) == entries(log, "log"), "the copies are not the log"
    assert view_of(log) == folded(facts), "the live view is not what the log says"
    rebuilt(name, log, view())
    return {
        "commands acknowledged": len(acknowledged),
        "commands found": len(found),
        "effects found": len(facts) + len(answers) + len(notes) + len(parked),
    }


def rebuilt(service: str, conninfo: str, kept: View[Any]) -> None:
    """Have the product fold a view anew from its log, beside the live one, and compare the two."""
    with WorkerPool(1) as workers:
        report = Rebuild(conninfo, service, service, kept, workers, lambda *_: None).run(confirmed=False)
    assert report.compared == "compared"
    assert report.differences.rows == 0, f"the live view {kept.name} is not the rebuilt one"
    assert report.left_out == report.failed == 0


def gapless(name: str, conninfo: str) -> list[Recorded]:
    """A whole log, decoded; positions and versions without a gap, instants increasing from command to command."""
    with closing(Store(name, conninfo, SystemClock())) as store:
        facts: list[Recorded] = []
        while page := store.page(len(facts), 1000)[0]:
            facts += [decode_entry(name, entry) for entry in page]
    assert [f.position for f in facts] == list(range(1, len(facts) + 1)), "positions are not gapless"
    instants = [next(of_one).recorded_at for _, of_one in groupby(facts, lambda f: f.command_id)]
    assert instants == sorted(set(instants)), "instants do not increase from command to command"
    for stream in streams(facts).values():
        assert [f.version for f in stream] == list(range(1, len(stream) + 1)), "versions are not gapless"
    return facts


def streams(facts: list[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = defaultdict(list)
    for fact in facts:
        found[fact.stream].append(fact)
    return found


def entries(conninfo: str, table: str, log: str | None = None) -> Rows:
    """Entries byte for byte, from a log or from the copies of one."""
    return query(
        conninfo,
        "SELECT notification_id, originator_id, originator_version, topic, state, recorded_at, command_id, actor"
        f" FROM {table}{' WHERE log = %s' if log else ''} ORDER BY notification_id",
        *([log] if log else []),
    )


def view_of(conninfo: str) -> Rows:
    return query(conninfo, "SELECT household, status, since FROM standing ORDER BY household")


def folded(facts: list[Recorded]) -> Rows:
    """The view's rows, folded anew from the log alone."""
    rows: Rows = []
    for stream in streams(facts).values():
        rows += standing(UUID(stream[0].stream.removeprefix("household-")), stream)[0]
    return sorted(rows)


def settled_findings(*offices: Office) -> Counts:
    """Settle the offices on one pair of databases, close them, and check everything they did."""
    acknowledged: dict[str, str] = {}
    for office in offices:
        settle(office)
        acknowledged |= office.errands.acknowledged
        assert office.errands.failed == [], "an answer that was a failure, or a rebuild that differed"
    for office in offices:
        office.close()
    return {"kills": sum(o.kills for o in offices), **findings(offices[0].premises, acknowledged)}
