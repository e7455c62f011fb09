"""Digests: PostgreSQL computes what the contract says, and what is written down is read back whole or not at all."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.chassis.log import digests
from services.chassis.log.digests import Table, digest_of, published, write, written
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from tests.chassis.conftest import OpenStore


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store("registry")


def test_the_database_computes_what_the_contract_says(store: Store) -> None:
    instants = [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2014, 6, 1, tzinfo=UTC),
        datetime(2199, 1, 1, 1, 1, 1, 1, tzinfo=UTC) + timedelta(microseconds=7),
    ]  # fmt: skip
    texts = ["household-1", "", "某村·一组 👪", "a'b\\x00"]
    payloads = [b"{}", b"", '{"名":"某"}'.encode(), b"\\x00" * 3000]
    entries = [
        Entry(n, f"{text}-{n}", n, text, payload, at, uuid4(), text)
        for n, (text, payload, at) in enumerate(
            [(t, p, i) for t in texts for p in payloads for i in instants], 1
        )
    ]  # fmt: skip
    with store.reading() as conn, conn.cursor() as cur:
        cur.executemany(
            "INSERT INTO log (notification_id, originator_id, originator_version, topic, state, recorded_at, command_id,"
            " actor) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (e.position, e.stream, e.version, e.topic, e.state, e.recorded_at, e.command_id, e.actor)
                for e in entries
            ],
        )
        rows = Table("registry", copies=False).rows(conn, 0, 1000)
        assert rows is not None
        assert rows.positions == [e.position for e in entries]
        assert rows.digests == b"".join(digest_of("registry", e) for e in entries)
        assert list(Table("registry", copies=False).digests(conn, 0, 1000).values()) == [
            digest_of("registry", e) for e in entries
        ]


def test_what_is_written_down_is_read_back_with_the_copies_it_was_made_of(store: Store) -> None:
    with store.reading() as conn:
        write(conn, "other", b"a" * 96, 3, [1, 3])
        write(conn, "other", b"b" * 32, 4, [])
        write(conn, "other", b"c" * 640, 24, range(14, 25))
        found = written(conn, "other", 0)
    assert (found.first, found.last, found.intact) == (1, 24, True)
    assert found.copied == {1, 3, *range(14, 25)}
    assert (found.at(4), found.at(5), found.at(25), found.at(0)) == (b"b" * 32, b"c" * 32, None, None)


def test_nothing_is_written_twice_nor_behind_a_gap(store: Store) -> None:
    with store.reading() as conn:
        write(conn, "registry", b"a" * 32, 1, None)
        write(conn, "registry", b"b" * 32, 1, None)
        write(conn, "registry", b"c" * 32, 3, None)
        found = written(conn, "registry", 0)
    assert (found.digests, found.intact) == (b"a" * 32, True)


def test_a_gap_or_an_overlap_is_not_intact(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "STRETCH", 8)
    with store.reading() as conn:
        conn.execute(
            "INSERT INTO log_digests VALUES ('gap', 2, %s), ('overlap', 2, %s), ('overlap', 3, %s)",
            (b"a" * 32, b"a" * 64, b"b" * 64),
        )
        conn.execute("INSERT INTO log_digests VALUES ('end', 2, %s), ('end', 16, %s)", (b"a" * 64, b"b" * 256))
        assert [written(conn, log, 0).intact for log in ("gap", "overlap", "end")] == [False, False, False]
        assert written(conn, "nothing", 0).intact


def test_an_entry_that_is_missing_is_published_as_absent(store: Store) -> None:
    with store.reading() as conn:
        write(conn, "registry", b"a" * 64, 2, None)
        found = published(conn, "registry", 0)
    assert (found.written, found.now) == (b"a" * 64, bytes(64))
