"""Two replicas of every service on one PostgreSQL and a real Kafka, requests at any of them, whichever leads is killed: no
acknowledged command is lost or doubled, deadlines fire once, and the others go on within seconds."""

import random
import time
from collections.abc import Callable, Iterator

import pytest

from services.chassis.kafka.relay import RELAY_LOCK
from services.chassis.log.session import APPEND_LOCK
from tests.faults.conftest import ReportFigures, declare_village
from tests.faults.kill_plan import REPLICA_KILLS
from tests.faults.lika_invariants import LOGS, check_lika
from tests.faults.lika_process import LikaProcess
from tests.faults.replicas import Replicas, replicas
from tests.faults.retrying_clients import Workload
from tests.support.eventually import eventually
from tests.support.kafka import own_kafka

GO_ON_SECONDS = 30
"""Within which consumers have read what was there when their leader died, on a machine that does much else."""

BEHIND = "SELECT count(*) FROM cursors WHERE log = %s AND position < %s"


@pytest.fixture
def house() -> Iterator[Replicas]:
    with own_kafka() as kafka:
        kafka.start()
        environment = {"LIKA_KAFKA": "true", "KAFKA_BOOTSTRAP_SERVERS": kafka.cluster.bootstrap}
        with replicas(environment) as started:
            first = started.add()
            first.start()
            declare_village(first)
            started.add().start()
            yield started


Kill = Callable[[Replicas, random.Random], LikaProcess]
"""Kills a replica by what it does at that moment; which it was. It stays down."""


def holding(lock: int, *services: str) -> Kill:
    """Whichever holds an advisory lock."""

    def kill(house: Replicas, rng: random.Random) -> LikaProcess:
        leader = house.holder(rng.choice(services), lock)
        leader.kill()
        return leader

    return kill


def at(point: str) -> Kill:
    """Whichever comes by a failpoint."""

    def kill(house: Replicas, rng: random.Random) -> LikaProcess:
        armed = rng.choice(house.replicas)
        armed.kill()
        armed.start(f"{point}=kill:{rng.randint(1, 20)}")
        armed.wait_until_killed()
        return armed

    return kill


KILLS: dict[str, Kill] = {
    "append leader": holding(APPEND_LOCK, *LOGS),
    "relay": holding(RELAY_LOCK, *LOGS),
    **{
        point: at(point)
        for point in (
            "append.decided",
            "append.committed",
            "consume.moved",
            "consume.applied",
            "timer.found",
            "timer.fired",
        )
    },
}


def test_whichever_replica_leads_is_killed_and_nothing_is_lost_or_doubled(
    house: Replicas, rng: random.Random, report: ReportFigures
) -> None:
    longest = 0.0
    with Workload(house) as workload:
        workload.wait_for_answers(10)
        for kill in rng.sample(sorted(KILLS), len(KILLS)) * REPLICA_KILLS:
            killed = KILLS[kill](house, rng)
            began = time.monotonic()
            workload.wait_for_answers(20)
            heads = {log: house.query(log, "SELECT max(notification_id) FROM log")[0][0] for log in LOGS}
            eventually(lambda heads=heads: not behind(house, heads), GO_ON_SECONDS)  # type: ignore[misc]
            leads = house.holder("registry", RELAY_LOCK)
            longest = max(longest, time.monotonic() - began)
            assert leads is not killed
            killed.start()
    assert workload.unseen() == [], "acknowledged, and not there at the other replica"
    assert workload.unavailable().keys() <= {"position_not_reached", "unavailable", "database_unavailable"}
    report({**check_lika(house, workload), "longest until all went on, ms": round(1000 * longest)})


def behind(house: Replicas, heads: dict[str, int]) -> int:
    """How many consumers have not yet read what was there."""
    return sum(
        house.query(service, BEHIND, (log, head))[0][0]
        for service in (*LOGS, "audit")
        for log, head in heads.items()
    )  # fmt: skip
