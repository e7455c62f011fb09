"""Kafka's record batches (message format 2), written and read whole.

The client library does this a header at a time, which with the nine headers of a CloudEvent costs three quarters of all
the time that a log spends on its way through Kafka. What it lays down here it reads there, and the other way round
(``tests/chassis/kafka/test_record_batches.py``).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crc32c import crc32c
from kafka.errors import CorruptRecordError
from kafka.record import MemoryRecords

HEADER = struct.Struct(">qiibIhiqqqhii")
"""Base offset, length, leader epoch, magic, checksum, attributes, last offset delta, first and last timestamp,
producer id, producer epoch, base sequence, number of records."""
AFTER_LENGTH = 12
CHECKSUM = struct.Struct(">I")
CHECKSUM_AT, CHECKED_FROM = 17, 21
MAGIC = 2
NOT_PLAIN = 0x07 | 0x20
"""Attribute bits of compression and of control batches: left to the client library."""


class RawRecord(NamedTuple):
    """One record as it stands in the topic. ``headers``: their number and then each, as laid down (see ``headers``)."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: bytes


@dataclass(frozen=True, slots=True)
class Producer:
    """Who writes, as the broker knows it; what it has seen from this one it does not take twice."""

    id: int
    epoch: int


def varint(number: int) -> bytes:
    """Zigzag, seven bits a byte, lowest first."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else _varint(number)


def _varint(number: int) -> bytes:
    left = (number << 1) ^ (number >> 63)
    out = bytearray()
    while left > 0x7F:
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)
    return bytes(out)


_SMALL: list[bytes] = []
_SMALL = [_varint(n) for n in range(8192)]


def header(name: str, value: bytes) -> bytes:
    """One header of a record."""
    return varint(len(name)) + name.encode("ascii") + varint(len(value)) + value


def record(delta: int, key: bytes, value: bytes, headers: bytes) -> bytes:
    """A record of a batch: ``delta`` counts from zero in it; ``headers``: their number and then each."""
    body = b"\0\0%b%b%b%b%b%b" % (varint(delta), varint(len(key)), key, varint(len(value)), value, headers)
    return varint(len(body)) + body


def batch(records: Sequence[bytes], producer: Producer, sequence: int, now: int) -> bytes:
    """A batch of these records; ``sequence``: how many this producer wrote before; ``now``: milliseconds since 1970."""
    body = b"".join(records)
    last = len(records) - 1
    length = HEADER.size - AFTER_LENGTH + len(body)
    head = bytearray(
        HEADER.pack(0, length, -1, MAGIC, 0, 0, last, now, now, producer.id, producer.epoch, sequence, len(records))
    )
    CHECKSUM.pack_into(head, CHECKSUM_AT, crc32c(body, crc32c(bytes(head[CHECKED_FROM:]))))
    return bytes(head) + body


def records(fetched: bytes) -> Iterator[RawRecord]:
    """Every record of what a fetch brought, up to a batch that was cut off. Raises ``CorruptRecordError``."""
    at, end = 0, len(fetched)
    while at + HEADER.size <= end:
        base, length, _, magic, checksum, attributes, _, _, _, _, _, _, count = HEADER.unpack_from(fetched, at)
        until = at + AFTER_LENGTH + length
        if until > end:
            return
        if magic != MAGIC or attributes & NOT_PLAIN:
            yield from _by_the_library(fetched[at:until])
        else:
            if crc32c(memoryview(fetched)[at + CHECKED_FROM : until]) != checksum:
                raise CorruptRecordError(f"checksum of the batch at offset {base}")
            yield from _plain(fetched, at + HEADER.size, base, count)
        at = until


def beyond(fetched: bytes) -> int:
    """The offset after the last whole batch of a fetch; 0 where it brought none."""
    at, after = 0, 0
    while at + HEADER.size <= len(fetched):
        base, length, _, _, _, _, last, *_ = HEADER.unpack_from(fetched, at)
        at += AFTER_LENGTH + length
        if at <= len(fetched):
            after = base + last + 1
    return after


def _by_the_library(batch: bytes) -> Iterator[RawRecord]:
    read = MemoryRecords(batch)
    while read.has_next():
        part = read.next_batch()
        if not getattr(part, "is_control_batch", False):
            for found in part:
                laid = b"".join(header(name, value or b"") for name, value in found.headers)
                yield RawRecord(found.offset, found.key, found.value, varint(len(found.headers)) + laid)


def _plain(buffer: bytes, at: int, base: int, count: int) -> Iterator[RawRecord]:
    for _ in range(count):
        length, at = number(buffer, at)
        until = at + length
        _, at = number(buffer, at + 1)  # attributes, timestamp
        delta, at = number(buffer, at)
        size, at = number(buffer, at)
        key, at = (None, at) if size < 0 else (buffer[at : at + size], at + size)
        size, at = number(buffer, at)
        value, at = (None, at) if size < 0 else (buffer[at : at + size], at + size)
        if at > until:
            raise CorruptRecordError(f"record {base + delta} does not end where it says")
        yield RawRecord(base + delta, key, value, buffer[at:until])
        at = until


def headers(laid: bytes) -> dict[bytes, bytes]:
    """Name and value of each header that has a value. Raises ``IndexError`` where they end before their time."""
    left, at = number(laid, 0)
    found = {}
    for _ in range(left):
        name, at = field(laid, at)
        value, at = field(laid, at)
        if name is not None and value is not None:
            found[name] = value
    return found


def field(buffer: bytes, at: int) -> tuple[bytes | None, int]:
    """The bytes that stand there behind their length, and where the next thing stands."""
    size, at = number(buffer, at)
    return (None, at) if size < 0 else (buffer[at : at + size], at + size)


def number(buffer: bytes, at: int) -> tuple[int, int]:
    """The number that stands there, and where the next thing stands."""
    byte = buffer[at]
    if byte < 0x80:
        return (byte >> 1) ^ -(byte & 1), at + 1
    value, shift, at = byte & 0x7F, 7, at + 1
    while (byte := buffer[at]) >= 0x80:
        value |= (byte & 0x7F) << shift
        at += 1
        shift += 7
    value |= byte << shift
    return (value >> 1) ^ -(value & 1), at + 1
