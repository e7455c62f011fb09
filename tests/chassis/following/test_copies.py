"""Copies of other services' logs: as received, once, and found again by household."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import psycopg
import pytest

from contracts.canonical import UnknownType
from services.chassis.following import copies
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from tests.chassis.sample import enrolled, exited, insert_entry, record, rows, stream_of
from tests.support.databases import as_superuser


def entries(producer: Store) -> Sequence[Entry]:
    return producer.page(0, 1000)[0]


def test_an_entry_is_kept_byte_for_byte_and_once_however_often_the_log_is_read(producer: Store, reader: Store) -> None:
    record(producer, enrolled(uuid4()), exited(uuid4()))
    reader.transact(lambda tx: copies.store_copies(tx.cur, "registry", entries(producer)[:1]), appends=False)
    reader.transact(lambda tx: copies.store_copies(tx.cur, "registry", entries(producer)), appends=False)
    columns = "notification_id, originator_id, originator_version, topic, state, recorded_at, command_id, actor"
    kept = rows(reader, f"SELECT {columns} FROM copies ORDER BY notification_id")
    assert kept == rows(producer, f"SELECT {columns} FROM log ORDER BY notification_id")
    assert len(kept) == 2


def test_everything_about_a_household_is_found_from_one_log_or_from_all(producer: Store, reader: Store) -> None:
    one, other = uuid4(), uuid4()
    record(producer, exited(one), enrolled(other), enrolled(one, date(2013, 1, 1)))

    def keep_and_look(log: str | None) -> list[tuple[str, int]]:
        def work(tx: Tx) -> list[tuple[str, int]]:
            copies.store_copies(tx.cur, "registry", entries(producer))
            copies.store_copies(tx.cur, "assistance", entries(producer)[2:])
            found = copies.copies_about(tx.cur, [one, uuid4()], log)
            return [(r.log, r.position) for facts in found.values() for r in facts]

        return reader.transact(work, appends=False)

    assert keep_and_look("registry") == [("registry", 1), ("registry", 3)]
    assert keep_and_look(None) == [("assistance", 3), ("registry", 1), ("registry", 3)]


def test_a_household_that_nothing_is_known_about_has_an_empty_list(reader: Store) -> None:
    household = uuid4()
    assert reader.transact(lambda tx: copies.copies_about(tx.cur, [household]), appends=False) == {household: []}


def test_what_a_later_release_will_know_waits_under_its_household(producer: Store, reader: Store) -> None:
    household = uuid4()
    payload = b'{"household_id":"%s"}' % str(household).encode()
    record(producer, enrolled(household))
    insert_entry(producer, stream_of(household), "NotYetInvented/1", payload)
    reader.transact(lambda tx: copies.store_copies(tx.cur, "registry", entries(producer)), appends=False)
    known = reader.transact(lambda tx: copies.copies_about(tx.cur, [household]), appends=False)
    assert [r.position for r in known[household]] == [1]
    assert rows(reader, "SELECT subject FROM copies WHERE notification_id = 2") == [(household,)]


def test_a_newer_version_of_a_known_type_is_never_left_out_in_silence(producer: Store, reader: Store) -> None:
    household = uuid4()
    insert_entry(producer, "s", "HouseholdExited/99", b'{"household_id":"%s"}' % str(household).encode())
    reader.transact(lambda tx: copies.store_copies(tx.cur, "registry", entries(producer)), appends=False)
    with pytest.raises(UnknownType):
        reader.transact(lambda tx: copies.copies_about(tx.cur, [household]), appends=False)


@pytest.mark.parametrize("statement", ["UPDATE copies SET actor = 'x'", "DELETE FROM copies", "TRUNCATE copies"])
def test_copies_refuse_to_be_rewritten_by_the_service_and_by_the_superuser(
    producer: Store, reader: Store, statement: str
) -> None:
    record(producer, enrolled(uuid4()))
    reader.transact(lambda tx: copies.store_copies(tx.cur, "registry", entries(producer)), appends=False)
    with reader.reading() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.encode())
    with psycopg.connect(as_superuser(reader._conninfo)) as conn, pytest.raises(psycopg.Error, match="append-only"):
        conn.execute(statement.encode())
