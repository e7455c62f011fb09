"""Invariants of all databases of a running Lika, whatever faults it went through."""

from collections.abc import Sequence
from typing import Any, Protocol

from contracts.publishing.catalogue import load
from services.chassis.views.view import View
from services.monitoring.targets import store as targets
from services.registry.divisions import store as divisions
from services.registry.households import views as households
from tests.faults.invariants import Counts, check_rebuild, entries, read_gapless_log
from tests.faults.retrying_clients import Workload
from tests.support.eventually import eventually


class RunningLika(Protocol):
    """A Lika whose databases can be looked into."""

    @property
    def kills(self) -> int: ...

    def conninfo(self, service: str) -> str: ...

    def query(self, service: str, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...


LOGS = ("registry", "assistance", "monitoring")
VIEWS: dict[str, tuple[View[Any], ...]] = {
    "registry": (households.view(), households.memberships_view(), divisions.view()),
    "monitoring": (targets.view(),),
}


def check_lika(lika: RunningLika, workload: Workload) -> Counts:
    """Assert that nothing was lost and nothing took effect twice; counts of what was checked. Lika is up, and its clients
    have finished."""
    load()
    settle(lika)
    facts = {log: read_gapless_log(log, lika.conninfo(log)) for log in LOGS}
    copied = 0
    for log in LOGS:
        kept = entries(lika.conninfo("audit"), "copies", log)
        assert kept == entries(lika.conninfo(log), "log"), f"the audit's copies are not the log of {log}"
        copied += len(kept)
    for service, views in VIEWS.items():
        for view in views:
            check_rebuild(service, lika.conninfo(service), view)
    recorded = first_effects(lika, "registry", "HouseholdRecorded", "POST /registry/households")
    set_ = first_effects(lika, "monitoring", "TargetSet", "POST /monitoring/targets")
    acknowledged_households = {key: place for cadre in workload.cadres for key, place in cadre.acknowledged.items()}
    assert workload.refusals() == []
    assert recorded == acknowledged_households, "what was acknowledged is not what is in the registry's log"
    assert set_ == workload.planner.acknowledged, "what was acknowledged is not what is in monitoring's log"
    of_type = {name: [f for log in LOGS for f in facts[log] if f.fact.type_name == name] for name in EFFECTS}
    assert len(of_type["HouseholdRecorded"]) == len(recorded), "a command took effect twice"
    assert len(of_type["TargetSet"]) == len(set_), "a command took effect twice"
    overdue = [f.stream for f in of_type["TargetOverdue"]]
    assert sorted(overdue) == sorted(f.stream for f in of_type["TargetSet"]), "a timer fired twice or never"
    periods = lika.query("registry", "SELECT count(DISTINCT household_id), count(*) FROM household_periods")
    assert periods == [(len(recorded), len(recorded))]
    members = lika.query("registry", "SELECT count(DISTINCT subject), count(*) FROM exclusive_periods")
    assert members == [(len(recorded), len(recorded))], "a head of household belongs to none, or more than once"
    return {
        "kills": lika.kills,
        "commands acknowledged": workload.acknowledged(),
        "commands found": len(recorded) + len(set_),
        "effects found": sum(map(len, of_type.values())) + copied,
        "sent again": sum(client.retries for client in workload.clients),
    }


DUE_TIMERS = "SELECT count(*) FROM timers WHERE done_at IS NULL AND due_at <= now()"
"""Each day has a timer that looks for duties missed on the next."""
EFFECTS = ("HouseholdRecorded", "TargetSet", "TargetOverdue")


def settle(lika: RunningLika) -> None:
    """Wait until every timer that is due has fired and every consumer has read every log to its end."""

    def settled() -> bool:
        heads = {log: lika.query(log, "SELECT coalesce(max(notification_id), 0) FROM log")[0][0] for log in LOGS}
        timers = sum(lika.query(s, DUE_TIMERS)[0][0] for s in LOGS)
        read = [
            heads[log] == position
            for service in (*LOGS, "audit")
            for log, position in lika.query(service, "SELECT log, position FROM cursors")
            if log in heads
        ]
        return timers == 0 and all(read)

    eventually(settled, 60)


def first_effects(lika: RunningLika, service: str, fact: str, route: str) -> dict[str, str]:
    """Of each accepted command of a route: its idempotency key → the id that its first fact's stream ends with. ``fact``: of any
    version, for two releases may have written it."""
    return dict(
        lika.query(
            service,
            "SELECT c.key, right(l.originator_id, 36) FROM commands c JOIN log l USING (command_id)"
            " WHERE starts_with(l.topic, %s) AND c.route = %s AND c.status = 201",
            (f"{fact}/", route),
        )
    )
