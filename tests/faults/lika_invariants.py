"""What must hold of a house's databases whatever happened to it, and the figures that say how much was checked."""

from typing import Any

from services.chassis.views.view import View
from services.monitoring.targets import store as targets
from services.registry.divisions import store as divisions
from services.registry.households import store as households
from tests.faults.invariants import Counts, entries, gapless, rebuilt
from tests.faults.lika_process import House
from tests.faults.retrying_clients import Officials
from tests.support.eventually import eventually

LOGS = ("registry", "assistance", "monitoring")
VIEWS: dict[str, tuple[View[Any], ...]] = {
    "registry": (households.view(), divisions.view()),
    "monitoring": (targets.view(),),
}


def house_findings(house: House, officials: Officials) -> Counts:
    """Nothing lost, nothing doubled; fails where that is not so. The house is up, and nobody asks it anything more."""
    settle(house)
    facts = {log: gapless(log, house.conninfo(log)) for log in LOGS}
    copied = 0
    for log in LOGS:
        kept = entries(house.conninfo("audit"), "copies", log)
        assert kept == entries(house.conninfo(log), "log"), f"the audit's copies are not the log of {log}"
        copied += len(kept)
    for service, views in VIEWS.items():
        for view in views:
            rebuilt(service, house.conninfo(service), view)
    recorded = found(house, "registry", "HouseholdRecorded/1", "POST /registry/households")
    set_ = found(house, "monitoring", "TargetSet/1", "POST /monitoring/targets")
    taken_down = {key: place for cadre in officials.cadres for key, place in cadre.acknowledged.items()}
    assert officials.refusals() == []
    assert recorded == taken_down, "what was acknowledged is not what is in the registry's log"
    assert set_ == officials.planner.acknowledged, "what was acknowledged is not what is in monitoring's log"
    of_type = {name: [f for log in LOGS for f in facts[log] if f.fact.type_name == name] for name in EFFECTS}
    assert len(of_type["HouseholdRecorded"]) == len(recorded), "a command took effect twice"
    assert len(of_type["TargetSet"]) == len(set_), "a command took effect twice"
    overdue = [f.stream for f in of_type["TargetOverdue"]]
    assert sorted(overdue) == sorted(f.stream for f in of_type["TargetSet"]), "a deadline fired twice or never"
    periods = house.query("registry", "SELECT count(DISTINCT household_id), count(*) FROM household_periods")
    assert periods == [(len(recorded), len(recorded))]
    return {
        "kills": house.kills,
        "commands acknowledged": officials.acknowledged(),
        "commands found": len(recorded) + len(set_),
        "effects found": sum(map(len, of_type.values())) + copied,
        "sent again": sum(o.repeated for o in officials.all),
    }


EFFECTS = ("HouseholdRecorded", "TargetSet", "TargetOverdue")


def settle(house: House) -> None:
    """Until every deadline has fired and everybody has read every log to its end."""

    def settled() -> bool:
        heads = {log: house.query(log, "SELECT coalesce(max(notification_id), 0) FROM log")[0][0] for log in LOGS}
        timers = sum(house.query(s, "SELECT count(*) FROM timers WHERE done_at IS NULL")[0][0] for s in LOGS)
        read = [
            heads[log] == position
            for service in (*LOGS, "audit")
            for log, position in house.query(service, "SELECT log, position FROM cursors")
            if log in heads
        ]
        return timers == 0 and all(read)

    eventually(settled, 60)


def found(house: House, service: str, topic: str, route: str) -> dict[str, str]:
    """Of each command of a route: its key, and what its first fact is about."""
    return dict(
        house.query(
            service,
            "SELECT c.key, right(l.originator_id, 36) FROM commands c JOIN log l USING (command_id)"
            " WHERE l.topic = %s AND c.route = %s AND c.status = 201",
            (topic, route),
        )
    )
