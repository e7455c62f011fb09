"""Through Kafka, whoever dies: the topic holds the whole log in order, and the reader's effects come about once."""

import random

import pytest
from kafka.errors import KafkaError

from services.chassis.kafka.broker import Broker
from tests.faults.conftest import OpenOffice, Tell
from tests.faults.invariants import query, settle, settled_findings
from tests.faults.kill_plan import CRASHES_OF_THE_BROKER, KILLS_AT_EACH_POINT, RELAY, visit
from tests.faults.processes import Errands, Office
from tests.support.eventually import eventually
from tests.support.kafka import own_kafka
from tests.support.topics import Topics


@pytest.mark.parametrize("point", RELAY)
def test_killed_there_the_relay_goes_on_where_the_topic_ends(
    point: str, office: OpenOffice, kafka: Broker, chance: random.Random, tell: Tell
) -> None:
    killed = office(kafka=kafka.bootstrap)
    for _ in range(KILLS_AT_EACH_POINT):
        killed.start(f"{point}=kill:{visit(point, chance)}")
        assert not killed.carry_out(10_000), f"nobody came by {point}"
    killed.start()
    tell({"entries in the topic": relayed(killed), **settled_findings(killed)})


def test_a_relay_that_stands_still_holds_nobody_up_and_repeats_only_itself(
    office: OpenOffice, kafka: Broker, chance: random.Random, tell: Tell
) -> None:
    sleeper = office(kafka=kafka.bootstrap)
    other = office(sleeper, Errands("other"))
    sleeper.start(f"relay.sent=stop:{visit('relay.sent', chance)}")
    assert sleeper.busy_until(sleeper.stands_still)
    other.start()
    assert other.carry_out(20)
    settle(other)
    assert sleeper.stands_still()
    sleeper.wake()
    assert sleeper.carry_out(10)
    tell({"standstills": 1, "entries in the topic": relayed(sleeper, other), **settled_findings(sleeper, other)})


def test_a_broker_killed_under_it_is_waited_for(office: OpenOffice, chance: random.Random, tell: Tell) -> None:
    with own_kafka() as own:
        own.start()
        living = office(kafka=own.broker.bootstrap).start()
        for _ in range(CRASHES_OF_THE_BROKER):
            assert living.carry_out(chance.randint(1, 60))
            own.kill()
            # Appending and reading go on without it.
            assert living.carry_out(20)
            settle(living)
            own.start()
            assert living.carry_out(20)
        tell({"broker crashes": CRASHES_OF_THE_BROKER, "entries in the topic": relayed(living)})
        tell(settled_findings(living))


def relayed(*offices: Office) -> int:
    """Wait until the topic holds the whole log; how many entries that is. None is missing, and none comes before an
    earlier one: a repetition only says again what was said."""
    for each in offices:
        settle(each)
    premises = offices[0].premises
    assert premises.kafka is not None
    ((lineage, head),) = query(
        premises.log,
        "SELECT (SELECT command_id FROM log WHERE notification_id = 1), max(notification_id) FROM log",
    )
    topic = Topics(premises.kafka, premises.name)

    def arrived() -> list[int | None]:
        try:
            found = topic.positions(lineage)
        except KafkaError:  # not there yet, or its broker is still starting
            return []
        return found if head in found else []

    found = eventually(arrived, 60)
    assert list(dict.fromkeys(found)) == list(range(1, head + 1)), "the topic is not the log"
    return len(found)
