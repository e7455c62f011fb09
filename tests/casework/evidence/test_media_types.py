"""The type of a file is told from its content alone; nothing is unpacked for it."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from services.casework.evidence.media_types import EXTENSIONS, media_type_of
from tests.casework.evidence.files import ACCEPTED, REFUSED, archive


@dataclass
class Bytes:
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def read_at(self, start: int, length: int) -> bytes:
        return self.content[start : start + length]

    def __iter__(self) -> Iterator[bytes]:
        # An odd size, so that characters lie across two chunks.
        return (self.content[start : start + 7] for start in range(0, len(self.content), 7))


@pytest.mark.parametrize("what", ACCEPTED)
def test_every_accepted_kind_is_recognized(what: str) -> None:
    content, media_type = ACCEPTED[what]
    assert media_type_of(Bytes(content)) == media_type


def test_a_sample_of_every_accepted_type_is_tried() -> None:
    assert {media_type for _, media_type in ACCEPTED.values()} == EXTENSIONS.keys()


@pytest.mark.parametrize("what", REFUSED)
def test_every_other_kind_is_refused(what: str) -> None:
    assert media_type_of(Bytes(REFUSED[what])) is None


def test_an_archive_of_twenty_thousand_entries_is_looked_at_in_little_memory() -> None:
    content = Bytes(archive("word/document.xml", count=20_000))
    tracemalloc.start()
    try:
        media_type_of(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
