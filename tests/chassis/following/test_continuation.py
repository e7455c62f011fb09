"""A log that was restored from an older backup is not read on as if it were the one that was read."""

from uuid import uuid4

import pytest

from services.chassis.following.consumer import Consumer
from services.chassis.following.continuation import LogReplaced, require_continuation
from services.chassis.following.sources import LocalSource
from services.chassis.integrity.comparing import Copied
from services.chassis.integrity.writing import write_own, write_published
from services.chassis.log.store import Store
from tests.chassis.sample import append_households, enrolled, record, rows
from tests.support.eventually import eventually
from tests.support.silent_edits import edit_silently


def read_all(producer: Store, reader: Store) -> None:
    """Read to the end, and write the digests down."""
    consumer = Consumer(reader, LocalSource(producer), [], keeps_all=True)
    while consumer.position < producer.position():
        consumer.step()
    with producer.reading() as conn, reader.reading() as other:
        write_own(conn, "registry")
        write_published(other, Copied("registry", LocalSource(producer)), consumer.position)


DROP = "DELETE FROM log_digests WHERE position > {}"


def has_digests(producer: Store) -> bool:
    return bool(rows(producer, "SELECT FROM log_digests"))


def restore(producer: Store, through: int) -> None:
    """As a restored backup has it: what came later is not there, neither entries nor digests."""
    edit_silently(
        producer._conninfo,
        f"DELETE FROM log WHERE notification_id > {through}",
        *[DROP.format(through)] * has_digests(producer),
    )


def test_a_log_that_ends_before_the_cursor_stops_the_consumer_by_name(producer: Store, reader: Store) -> None:
    append_households(producer, 5)
    read_all(producer, reader)
    restore(producer, 3)
    consumer = Consumer(reader, LocalSource(producer), [])
    consumer.start()
    eventually(lambda: consumer.stopped_by == "log_ends_before_cursor")
    eventually(lambda: not consumer.is_alive())
    assert not consumer.runs


def test_a_log_that_went_on_from_an_older_backup_stops_the_consumer_by_name(producer: Store, reader: Store) -> None:
    append_households(producer, 5)
    read_all(producer, reader)
    restore(producer, 3)
    append_households(producer, 4)
    before = rows(reader, "SELECT count(*) FROM copies")
    consumer = Consumer(reader, LocalSource(producer), [])
    consumer.start()
    eventually(lambda: consumer.stopped_by == "log_of_another_lineage")
    assert rows(reader, "SELECT count(*) FROM copies") == before


def test_the_same_log_is_read_on_also_where_one_entry_was_altered(producer: Store, reader: Store) -> None:
    append_households(producer, 5)
    read_all(producer, reader)
    record(producer, enrolled(uuid4()))
    require_continuation(reader, LocalSource(producer), 5, entries=True)
    edit_silently(producer._conninfo, "UPDATE log SET actor = 'somebody-else' WHERE notification_id = 5")
    require_continuation(reader, LocalSource(producer), 5, entries=True)


def test_a_log_restored_while_it_is_read_is_noticed(
    producer: Store, reader: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.following.consumer.HEAD_CHECK", 0.0)
    append_households(producer, 5)
    consumer = Consumer(reader, LocalSource(producer), [], keeps_all=True)
    assert consumer.step() == 5
    restore(producer, 2)
    with pytest.raises(LogReplaced):
        consumer.step()
