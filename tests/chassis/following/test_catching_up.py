"""A consumer knows whether it has come to the head of its log: not before its first look, nor while much waits."""

from uuid import uuid4

import httpx

from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.log.store import Store
from tests.chassis.following.row_per_fact import Writes
from tests.chassis.sample import enrolled, record


def progress(consumer: Consumer) -> tuple[bool, int, int | None]:
    return consumer.caught_up, consumer.position, consumer.head


def test_the_first_fold_is_a_catch_up_until_the_head_is_reached(producer: Store, reader: Store) -> None:
    record(producer, *(enrolled(uuid4()) for _ in range(5)))
    consumer = Consumer(reader, LocalSource(producer), [Writes()], batch=2)
    seen = [progress(consumer)]
    while consumer.step():
        seen.append(progress(consumer))
    assert seen == [(False, 0, None), (False, 2, 5), (False, 4, 5), (True, 5, 5)]


def test_an_empty_log_is_caught_up_with_at_the_first_look(producer: Store, reader: Store) -> None:
    consumer = Consumer(reader, LocalSource(producer), [Writes()])
    assert not consumer.caught_up
    consumer.step()
    assert progress(consumer) == (True, 0, 0)


def test_a_few_new_facts_are_no_catch_up_and_much_at_once_is_one(producer: Store, reader: Store) -> None:
    held: list[tuple[bool, int, int | None]] = []
    consumer = Consumer(reader, LocalSource(producer), [Writes(lambda _: held.append(progress(consumer)))], batch=8)
    consumer.step()
    record(producer, enrolled(uuid4()))
    consumer.step()
    assert held == [(True, 0, 1)]
    held.clear()
    record(producer, *(enrolled(uuid4()) for _ in range(9)))
    while consumer.step():
        pass
    assert (held[0], held[-1]) == ((False, 1, 10), (False, 9, 10))
    assert progress(consumer) == (True, 10, 10)


def test_a_producer_that_does_not_say_where_its_log_ends_stops_nobody(producer: Store, reader: Store) -> None:
    class Silent(LocalSource):
        def head(self) -> int:
            raise httpx.ConnectError("away")

    record(producer, *(enrolled(uuid4()) for _ in range(3)))
    consumer = Consumer(reader, Silent(producer), [Writes()], batch=2)
    while consumer.step():
        pass
    assert progress(consumer) == (True, 3, 3)
