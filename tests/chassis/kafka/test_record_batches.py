"""Our record batches are the client library's: what one lays down the other reads, and what is torn is not read."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError
from kafka.record import MemoryRecords, MemoryRecordsBuilder

from services.chassis.kafka.cloudevents import CloudEventCodec
from services.chassis.kafka.record_batches import (
    Producer,
    RawRecord,
    batch,
    beyond,
    header,
    headers,
    number,
    record,
    records,
    varint,
)
from services.chassis.log.entries import Entry

US = Producer(7, 1)
LINEAGE = UUID(int=1)
HOUSEHOLD = "7f2c9b1e-8f43-4a57-9a8f-000000000001"

entries = st.builds(
    Entry,
    position=st.integers(1, 10**16 - 1),
    stream=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=200),
    version=st.integers(1, 10**6),
    topic=st.sampled_from(["HouseholdEnrolled/1", "类型/2"]),
    state=st.binary(max_size=300) | st.just(b'{"household_id":"%s"}' % HOUSEHOLD.encode()),
    recorded_at=st.datetimes(timezones=st.just(UTC)),
    command_id=st.uuids(),
    actor=st.text(max_size=200),
)


@given(st.integers(-(2**62), 2**62))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    laid = varint(value)
    assert number(laid + b"\xff", 0) == (value, len(laid))


@given(st.lists(entries, min_size=1, max_size=5))
def test_an_entry_comes_back_as_it_was(written: list[Entry]) -> None:
    envelopes = CloudEventCodec("registry", LINEAGE)
    fetched = batch(envelopes.records(written), US, 0, 1)
    assert [envelopes.entry(raw) for raw in records(fetched)] == written
    assert beyond(fetched) == len(written)
    # Another log, or this one made anew, does not take them for its own.
    for other in (CloudEventCodec("assistance", LINEAGE), CloudEventCodec("registry", uuid4())):
        assert [other.entry(raw) for raw in records(fetched)] == [None] * len(written)


@given(st.lists(entries, min_size=1, max_size=5))
def test_the_library_reads_what_we_write(written: list[Entry]) -> None:
    envelopes = CloudEventCodec("registry", LINEAGE)
    library = MemoryRecords(batch(envelopes.records(written), US, 40, 1_700_000_000_000)).next_batch()
    assert library.validate_crc()
    assert (library.producer_id, library.producer_epoch, library.base_sequence) == (7, 1, 40)
    found = list(library)
    assert [(r.offset, r.value) for r in found] == [(n, e.state) for n, e in enumerate(written)]
    first, entry = dict(found[0].headers), written[0]
    assert first["ce_specversion"] == b"1.0"
    assert first["ce_id"].decode() == f"registry/{entry.stream}/{entry.version}"
    assert first["ce_source"].decode() == f"/lika/registry/{LINEAGE}"
    assert first["ce_sequence"] == b"%016d" % entry.position
    assert datetime.fromisoformat(first["ce_time"].decode()) == entry.recorded_at
    assert first["content-type"] == b"application/json"


@pytest.mark.parametrize("codec", [0, 1])
def test_we_read_what_the_library_writes_compressed_or_not(codec: int) -> None:
    builder = MemoryRecordsBuilder(2, codec, 1 << 16)
    for n in range(3):
        builder.append(timestamp=n, key=None, value=b"v" * 500, headers=[("ce_id", b"x"), ("empty", b"")])
    builder.close()
    found = list(records(bytes(builder.buffer())))
    assert [(raw.offset, raw.key, raw.value) for raw in found] == [(n, None, b"v" * 500) for n in range(3)]
    assert headers(found[0].headers) == {b"ce_id": b"x", b"empty": b""}


def test_headers_in_another_order_are_read_by_their_names() -> None:
    envelopes = CloudEventCodec("registry", LINEAGE)
    entry = Entry(12, "household-1", 3, "T/1", b"{}", datetime(2014, 1, 1, tzinfo=UTC), uuid4(), "村干部")
    (raw,) = records(batch(envelopes.records([entry]), US, 0, 1))
    named = sorted(headers(raw.headers).items())
    laid = varint(len(named)) + b"".join(header(name.decode(), value) for name, value in named)
    assert envelopes.entry(raw._replace(headers=laid)) == entry


def test_torn_and_senseless_headers_are_nobodys() -> None:
    envelopes = CloudEventCodec("registry", LINEAGE)
    entry = Entry(12, "household-1", 3, "T/1", b"{}", datetime(2014, 1, 1, tzinfo=UTC), uuid4(), "cadre")
    (raw,) = records(batch(envelopes.records([entry]), US, 0, 1))
    for cut in range(len(raw.headers)):
        assert envelopes.entry(raw._replace(headers=raw.headers[:cut])) is None
    assert envelopes.entry(raw._replace(value=None)) is None
    assert envelopes.entry(RawRecord(0, None, b"{}", b"")) is None
    senseless = raw.headers.replace(b"%016d" % 12, b"not a position!!")
    assert envelopes.entry(raw._replace(headers=senseless)) is None


def test_a_batch_that_was_cut_off_is_left_for_the_next_fetch_and_a_changed_one_is_refused() -> None:
    one = batch([record(0, b"", b"first", b"\0")], US, 0, 1)
    for cut in (1, 30, len(one) - 1):
        assert [raw.value for raw in records(one + one[:cut])] == [b"first"]
        assert beyond(one + one[:cut]) == 1
    torn = bytearray(one)
    torn[-2] ^= 1
    with pytest.raises(CorruptRecordError):
        list(records(bytes(torn)))
