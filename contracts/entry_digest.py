"""The digest of one entry of a log: what is compared when a log or a copy of it is looked at for alterations, and the leaf of
the Merkle tree that a log is published as (RFC 6962, section 2.1).

The encoding, version 1, is these bytes one after the other, integers unsigned and big-endian unless said otherwise:

    1 byte    1, the version of this encoding
    8 bytes   position in the log
    8 bytes   version: place in its stream, from 1
    8 bytes   instant of recording, microseconds since 1970-01-01T00:00:00Z, signed
    16 bytes  id of the command, as RFC 9562 writes UUIDs
    5 texts   log, stream, topic (type name/type version), actor, payload: each 4 bytes of length and then so many bytes,
              UTF-8, the payload byte for byte as it is stored

The digest is SHA-256 of one byte 0 followed by the encoding: RFC 6962 hashes leaves with the prefix 0 and nodes with 1, so that
neither can be taken for the other. The log's name is in it, so that an entry of one log cannot be shown as another's.
``services.chassis.log.digests`` lets PostgreSQL compute the same.
"""

import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

SIZE = 32
"""Bytes of a digest."""

LEAF_PREFIX = b"\x00"
_HEAD = struct.Struct(">BQQq16s")
_LENGTH = struct.Struct(">I")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def encode_entry(
    log: str,
    position: int,
    stream: str,
    version: int,
    topic: str,
    payload: bytes,
    recorded_at: datetime,
    command_id: UUID,
    actor: str,
) -> bytes:
    """The bytes of which the digest is made. Raises ``struct.error`` where a number does not fit, which no log's does."""
    parts = [_HEAD.pack(1, position, version, (recorded_at - _EPOCH) // _MICROSECOND, command_id.bytes)]
    for text in (log.encode(), stream.encode(), topic.encode(), actor.encode(), payload):
        parts += (_LENGTH.pack(len(text)), text)
    return b"".join(parts)


def leaf_hash(encoded: bytes) -> bytes:
    """The digest of an encoded entry, ``SIZE`` bytes."""
    return sha256(LEAF_PREFIX + encoded).digest()
