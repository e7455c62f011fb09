"""What a unit of work needs from the session that it is decided in, and what it leaves there to be written."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.chassis.log.entries import Row

Claim = tuple[str, int, bytes]
"""Kind, key number, keyed digest."""

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


@dataclass(slots=True)
class Timer:
    """A deadline of a stream. ``set_by``: id of the fact that set it."""

    id: UUID
    kind: str
    stream: str
    due_at: datetime
    set_by: str


@dataclass(slots=True)
class Buffer:
    """What is to be written: rows of the log (``appended``: the same by stream), claims taken or given up, deadlines."""

    rows: list[Row] = field(default_factory=list)
    appended: dict[str, list[Row]] = field(default_factory=dict)
    claims: dict[Claim, UUID] = field(default_factory=dict)
    timers: list[Timer] = field(default_factory=list)
