"""A file sealed in chunks, so that any size needs the memory of one.

First a line ``A256GCM.<key id>.<chunk size>``; then the chunks, each sealed by itself and bound to the evidence's id, its
place, and whether it is the last: none can be moved, left out or added, and a file that was cut short does not open.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol
from uuid import UUID

from services.chassis.security.key_ids import key_id_text, read_key_id
from services.chassis.security.sealing import CIPHERS, SEALS_WITH, DataKey, SealBroken

CHUNK = 256 * 1024
"""Bytes of a chunk before sealing: large enough that sealing it costs little beside the calls."""
SEAL_BYTES = 28
"""Nonce and tag of a sealed chunk."""
LONGEST_HEADER = 64

FindKey = Callable[[int], DataKey | None]
"""The data key of this id; ``None`` when it was destroyed."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class FileShredded(Exception):
    """The key that sealed the file was destroyed."""


class SealingWriter:
    """Seals what is written to it into ``file``. ``finish`` ends it; what was not finished does not open."""

    def __init__(self, file: BinaryIO, evidence_id: UUID, key: DataKey) -> None:
        self._file, self._id, self._key = file, evidence_id, key
        self._buffer = bytearray()
        self._chunks = 0
        self._digest = hashlib.sha256()
        self.size = 0
        """Bytes written, before sealing."""
        self._put(f"{SEALS_WITH}.{key_id_text(key.id)}.{CHUNK}\n".encode())

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._buffer += data
        # The last chunk says that it is the last, so one is always held back.
        while len(self._buffer) > CHUNK:
            self._seal(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]

    def finish(self) -> str:
        """Seal the rest; the SHA-256 of the sealed bytes."""
        self._seal(bytes(self._buffer), last=True)
        self._buffer.clear()
        return self._digest.hexdigest()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._put(CIPHERS[SEALS_WITH].seal(self._key.secret, plain, _bound_to(self._id, self._chunks, last=last)))
        self._chunks += 1

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)


def opened(file: Readable, evidence_id: UUID, find_key: FindKey, sha256: str) -> Iterator[bytes]:
    """The content, chunk by chunk. The last chunk is given out only when the digest of all sealed bytes was right. Raises
    ``FileShredded`` and ``SealBroken``."""
    digest = hashlib.sha256()
    header = _header(file)
    digest.update(header)
    algorithm, key_id, chunk_size = _parts(header)
    if (key := find_key(key_id)) is None:
        raise FileShredded
    index, following = 0, _exactly(file, chunk_size + SEAL_BYTES)
    while following:
        sealed, following = following, _exactly(file, chunk_size + SEAL_BYTES)
        digest.update(sealed)
        if not following and digest.hexdigest() != sha256:
            raise SealBroken("these are not the bytes that were uploaded")
        yield CIPHERS[algorithm].open(key.secret, sealed, _bound_to(evidence_id, index, last=not following))
        index += 1
    if index == 0:
        raise SealBroken("the file was cut short")


class SealedRange:
    """The content of a sealed file that can be sought in, by place: reads no more than what is asked for."""

    def __init__(self, file: BinaryIO, evidence_id: UUID, key: DataKey, size: int) -> None:
        self._file, self._id, self._key, self.size = file, evidence_id, key, size
        self._file.seek(0)
        self._first = len(_header(file))
        self._last = max(0, size - 1) // CHUNK

    def read_at(self, start: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``start``. Raises ``SealBroken``."""
        end = min(start + length, self.size)
        if start < 0 or start >= end:
            return b""
        first, last = start // CHUNK, (end - 1) // CHUNK
        plain = b"".join(map(self.chunk, range(first, last + 1)))
        return plain[start - first * CHUNK : end - first * CHUNK]

    def chunk(self, index: int) -> bytes:
        self._file.seek(self._first + index * (CHUNK + SEAL_BYTES))
        sealed = _exactly(self._file, CHUNK + SEAL_BYTES)
        return CIPHERS[SEALS_WITH].open(self._key.secret, sealed, _bound_to(self._id, index, last=index == self._last))

    def __iter__(self) -> Iterator[bytes]:
        return map(self.chunk, range(self._last + 1))


def _bound_to(evidence_id: UUID, index: int, *, last: bool) -> bytes:
    return f"evidence {evidence_id}/{index}/{'last' if last else 'more'}".encode()


def _header(file: Readable) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        read = file.read(1)
        if not read or len(line) >= LONGEST_HEADER:
            raise SealBroken("not a sealed file")
        line += read
    return bytes(line)


def _parts(header: bytes) -> tuple[str, int, int]:
    try:
        algorithm, of_key, chunk_size = header.decode("ascii").strip().split(".")
        parts = algorithm, read_key_id(of_key), int(chunk_size)
    except ValueError as error:
        raise SealBroken("not a sealed file") from error
    if algorithm not in CIPHERS or not 0 < parts[2] <= 64 * CHUNK:
        raise SealBroken("this release does not know the seal")
    return parts


def _exactly(file: Readable, size: int) -> bytes:
    """``size`` bytes, or what there is until the end."""
    parts, missing = [], size
    while missing and (read := file.read(missing)):
        parts.append(read)
        missing -= len(read)
    return b"".join(parts)
