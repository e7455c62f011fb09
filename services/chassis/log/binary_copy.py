"""Rows of a log as PostgreSQL's binary COPY takes them, laid down whole.

psycopg lays them down a field at a time; what one unit writes shares half of its fields. What it lays down is read back
by it: ``tests/chassis/log/test_binary_copy.py``.
"""

import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from services.chassis.log.entries import Row

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""No flags, no header extension."""
TRAILER = b"\xff\xff"
BLOCK = 2**18
"""Bytes that are handed over at once, at least: each time costs a system call and a wait."""
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

LONG, UUID_BYTES = 8, 16
POSITION = struct.Struct(">hiqi")
"""Number of fields, position, length of the stream's name."""
VERSION = struct.Struct(">iqi")
"""Version, length of the topic."""
LENGTH = struct.Struct(">i")
ENVELOPE = struct.Struct(f">iqi{UUID_BYTES}si")
"""Instant, command, length of the actor's name."""
FIELDS = 8


def copy_blocks(rows: Iterable[Row]) -> Iterator[bytes]:
    """The whole COPY, signature and trailer included, in blocks."""
    parts, size = [SIGNATURE], 0
    of, envelope = None, b""
    for position, stream, version, topic, state, recorded_at, command_id, actor in rows:
        if of != (recorded_at, command_id, actor):
            of, envelope = (recorded_at, command_id, actor), _envelope(recorded_at, command_id.bytes, actor.encode())
        name, kind = stream.encode(), topic.encode()
        parts += (
            POSITION.pack(FIELDS, LONG, position, len(name)), name,
            VERSION.pack(LONG, version, len(kind)), kind,
            LENGTH.pack(len(state)), state, envelope,
        )  # fmt: skip
        size += len(state)
        if size >= BLOCK:
            yield b"".join(parts)
            parts, size = [], 0
    parts.append(TRAILER)
    yield b"".join(parts)


def _envelope(recorded_at: datetime, command_id: bytes, actor: bytes) -> bytes:
    since = (recorded_at - SINCE) // MICROSECOND
    return ENVELOPE.pack(LONG, since, UUID_BYTES, command_id, len(actor)) + actor
