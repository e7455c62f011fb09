"""Through Kafka, whichever process is killed: the topic holds the whole log in order, and the reader's effects occur once."""

import random

import pytest

from services.chassis.kafka.cluster import AWAY, Cluster
from tests.faults.conftest import MakeService, ReportFigures
from tests.faults.invariants import query, settle, settle_and_check
from tests.faults.kill_plan import BROKER_CRASHES, KILLS_PER_FAILPOINT, RELAY_FAILPOINTS, random_hit
from tests.faults.processes import CommandTracker, ServiceProcess
from tests.support.eventually import eventually
from tests.support.kafka import own_kafka
from tests.support.topics import Topics


@pytest.mark.long_run
@pytest.mark.parametrize("point", RELAY_FAILPOINTS)
def test_killed_there_the_relay_goes_on_where_the_topic_ends(
    point: str, make_service: MakeService, kafka: Cluster, rng: random.Random, report: ReportFigures
) -> None:
    service = make_service(kafka=kafka)
    for _ in range(KILLS_PER_FAILPOINT):
        service.start(f"{point}=kill:{random_hit(point, rng)}")
        assert not service.complete(10_000), f"no process hit {point}"
    service.start()
    report({"entries in the topic": relayed(service), **settle_and_check(service)})


@pytest.mark.long_run
def test_a_stopped_relay_blocks_nobody_and_repeats_only_what_it_sent(
    make_service: MakeService, kafka: Cluster, rng: random.Random, report: ReportFigures
) -> None:
    stopped = make_service(kafka=kafka)
    other = make_service(stopped, CommandTracker("other"))
    stopped.start(f"relay.sent=stop:{random_hit('relay.sent', rng)}")
    assert stopped.run_until(stopped.is_stopped)
    other.start()
    assert other.complete(20)
    settle(other)
    assert stopped.is_stopped()
    stopped.resume()
    assert stopped.complete(10)
    report(
        {"processes stopped": 1, "entries in the topic": relayed(stopped, other), **settle_and_check(stopped, other)}
    )


@pytest.mark.long_run
def test_a_broker_killed_under_it_is_waited_for(
    make_service: MakeService, rng: random.Random, report: ReportFigures
) -> None:
    with own_kafka() as kafka:
        kafka.start()
        service = make_service(kafka=kafka.cluster).start()
        for _ in range(BROKER_CRASHES):
            assert service.complete(rng.randint(1, 60))
            kafka.kill()
            # Appending and reading go on without it.
            assert service.complete(20)
            settle(service)
            kafka.start()
            assert service.complete(20)
        report({"broker crashes": BROKER_CRASHES, "entries in the topic": relayed(service)})
        report(settle_and_check(service))


def relayed(*services: ServiceProcess) -> int:
    """Wait until the topic holds the whole log; how many records that is. Asserts that no entry is missing and that the
    first record of each comes after those of all earlier entries."""
    for service in services:
        settle(service)
    deployment = services[0].deployment
    assert deployment.kafka is not None
    ((lineage, head),) = query(
        deployment.log,
        "SELECT (SELECT command_id FROM log WHERE notification_id = 1), max(notification_id) FROM log",
    )
    topic = Topics(deployment.kafka, deployment.name)

    def arrived() -> list[int | None]:
        try:
            found = topic.positions(lineage)
        except AWAY:  # the topic does not exist yet, or its broker is still starting
            return []
        return found if head in found else []

    found = eventually(arrived, 60)
    assert list(dict.fromkeys(found)) == list(range(1, head + 1)), "the topic is not the log"
    return len(found)
