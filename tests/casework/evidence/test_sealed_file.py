"""Files sealed in chunks: whole or not at all, where they belong, in the memory of a chunk."""

import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.casework.evidence.sealed_file import (
    CHUNK,
    SEAL_BYTES,
    FileShredded,
    SealedRange,
    SealingWriter,
    opened,
)
from services.chassis.security.sealing import DataKey, SealBroken

ID = UUID(int=1)
KEY = DataKey(ID, 1, bytes(32))
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5)


def content_of(size: int) -> bytes:
    return hashlib.shake_128(b"paper").digest(size)


def sealed(content: bytes, evidence_id: UUID = ID) -> tuple[bytes, str]:
    file = io.BytesIO()
    writer = SealingWriter(file, evidence_id, KEY)
    writer.write(content)
    sha256 = writer.finish()
    return file.getvalue(), sha256


def plain(file: bytes, sha256: str | None = None, evidence_id: UUID = ID) -> bytes:
    digest = sha256 or hashlib.sha256(file).hexdigest()
    return b"".join(opened(io.BytesIO(file), evidence_id, lambda number: KEY if number == 1 else None, digest))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_is_opened(size: int) -> None:
    content = content_of(size)
    file, sha256 = sealed(content)
    assert sha256 == hashlib.sha256(file).hexdigest()
    assert plain(file, sha256) == content


@pytest.mark.parametrize("piece", [1_000, CHUNK - 1, CHUNK, 5 * CHUNK])
def test_in_what_pieces_it_arrives_makes_no_difference(piece: int) -> None:
    content, file = content_of(3 * CHUNK + 5), io.BytesIO()
    writer = SealingWriter(file, ID, KEY)
    for start in range(0, len(content), piece):
        writer.write(content[start : start + piece])
    sha256 = writer.finish()
    assert writer.size == len(content)
    assert plain(file.getvalue(), sha256) == content


def test_no_content_is_seen_in_the_sealed_bytes() -> None:
    file, _ = sealed("张三的会议发言".encode() * 1000)
    assert "张三".encode() not in file


@pytest.mark.parametrize("size", [2 * CHUNK, 2 * CHUNK + 7])
def test_a_file_cut_short_at_a_chunk_does_not_open(size: int) -> None:
    file, _ = sealed(content_of(size))
    header = file.index(b"\n") + 1
    for chunks in range(size // CHUNK):
        with pytest.raises(SealBroken):
            plain(file[: header + chunks * (CHUNK + SEAL_BYTES)])


def test_chunks_cannot_be_exchanged_repeated_or_added() -> None:
    file, _ = sealed(content_of(3 * CHUNK))
    header = file.index(b"\n") + 1
    step = CHUNK + SEAL_BYTES
    first, second, last = (file[header + n * step : header + (n + 1) * step] for n in range(3))
    for chunks in ((second, first, last), (first, first, last), (first, second, last, last), (first, last)):
        with pytest.raises(SealBroken):
            plain(file[:header] + b"".join(chunks))


def test_a_file_opens_under_its_own_id_alone() -> None:
    file, _ = sealed(b"paper")
    with pytest.raises(SealBroken):
        plain(file, evidence_id=uuid4())


def test_other_bytes_than_those_cited_never_come_out_whole() -> None:
    """Whoever holds the key could seal another content under the same id: the digest in the fact tells."""
    other, _ = sealed(content_of(2 * CHUNK + 1))
    _, cited = sealed(content_of(2 * CHUNK + 1))
    seen: list[bytes] = []
    with pytest.raises(SealBroken):
        seen.extend(opened(io.BytesIO(other), ID, lambda _: KEY, cited))
    assert sum(map(len, seen)) == 2 * CHUNK


def test_without_its_key_a_file_is_shredded() -> None:
    file, sha256 = sealed(b"paper")
    with pytest.raises(FileShredded):
        next(opened(io.BytesIO(file), ID, lambda _: None, sha256))


@pytest.mark.parametrize(
    "file", [b"", b"PK\x03\x04", b"A256GCM.1.0\n", b"SM4.1.16\n", b"x" * 1000, b"A256GCM.1.9999999999\n"]
)
def test_what_is_no_sealed_file_does_not_open(file: bytes) -> None:
    with pytest.raises(SealBroken):
        plain(file)


@pytest.mark.parametrize("size", SIZES)
def test_a_range_is_read_from_its_chunks(size: int) -> None:
    content = content_of(size)
    file, _ = sealed(content)
    part = SealedRange(io.BytesIO(file), ID, KEY, size)
    for start, length in ((0, 10), (CHUNK - 3, 6), (size - 4, 10), (0, size), (size, 1)):
        expected = content[start : start + length] if start >= 0 else b""
        assert part.read_at(start, length) == expected
    assert b"".join(part) == content


def test_fifty_megabytes_need_the_memory_of_a_few_chunks(tmp_path: Path) -> None:
    megabyte = bytes(1024 * 1024)
    place = tmp_path / "file"
    tracemalloc.start()
    try:
        with place.open("wb") as file:
            writer = SealingWriter(file, ID, KEY)
            for _ in range(50):
                writer.write(megabyte)
            sha256 = writer.finish()
        with place.open("rb") as file:
            chunks: Iterator[bytes] = opened(file, ID, lambda _: KEY, sha256)
            assert sum(map(len, chunks)) == 50 * len(megabyte)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6 * 1024 * 1024
