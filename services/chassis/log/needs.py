"""What a unit of work needs from the session that it is decided in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

Claim = tuple[str, int, bytes]
"""Kind, key number, keyed digest."""

UNKEYED = 0
"""Stands for the key number of a claim on an id, which is no personal data and needs no key; index keys are numbered
from 1."""

RELEASED = UUID(int=0)
"""Holder, in a buffer, of a claim that was given up."""

Part = tuple[str, frozenset[str]]
"""A stream without the facts of these topics."""


@dataclass(frozen=True, slots=True)
class Needs:
    """``command_id``: whose former answer is to be looked for; ``None`` where none is kept. ``extends``: streams of
    which only the version is needed. The rest as in ``Unit``."""

    command_id: UUID | None
    streams: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    extends: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    subjects: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Timer:
    """A deadline of a stream. ``set_by``: id of the fact that set it."""

    id: UUID
    kind: str
    stream: str
    due_at: datetime
    set_by: str


def unkeyed(subject: UUID) -> tuple[int, bytes]:
    """The digest of a claim on an id: itself."""
    return UNKEYED, subject.bytes
