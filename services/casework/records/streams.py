"""A stream holds what was done for one subject in one year, so that a decision loads a few dozen facts, however long the
history. A record's place in it is its identity: no id of its own is stored or indexed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

PREFIX = "records-"
DIVISIONS = UUID("3f0cf3d4-3f0e-5f55-9d6b-8a3f0b9b7d21")
"""Namespace of the ids of divisions as subjects: UUIDv5 of the code."""
STREAMS = UUID("c1c6b9b2-6a25-5f0e-8f3c-2f2f7f4d1f0a")
"""Namespace of the keys of streams in views: UUIDv5 of what follows the prefix."""


@dataclass(frozen=True, slots=True, order=True)
class RecordId:
    """``number``: version, in its stream, of the fact that told the record first."""

    subject: UUID
    year: int
    number: int

    @property
    def stream(self) -> str:
        return f"{PREFIX}{self.subject}-{self.year:04}"

    def __str__(self) -> str:
        return f"{self.subject}/{self.year:04}/{self.number}"


def stream_of(subject: UUID, day: date) -> str:
    """The stream of a record of that day."""
    return f"{PREFIX}{subject}-{day.year:04}"


def streams_of(subjects: Iterable[UUID], first: date, last: date) -> tuple[str, ...]:
    """The streams of these subjects' records from the first day to the last, both included; for
    ``services.chassis.log.unit.Tx.load_many``."""
    years = range(first.year, last.year + 1)
    return tuple(f"{PREFIX}{subject}-{year:04}" for subject in subjects for year in years)


def stream_key(suffix: str) -> UUID:
    """What views name a stream by: 16 bytes for the 41 of its name behind the prefix."""
    return uuid5(STREAMS, suffix)


def subject_of_division(code: str) -> UUID:
    """The id by which records name a division."""
    return uuid5(DIVISIONS, code)
