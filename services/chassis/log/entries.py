"""Entries: what a log holds and hands out, envelope and payload bytes, before anybody decodes them."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from contracts.canonical import decoder, encode
from contracts.facts import Fact, Recorded

COLUMNS = "notification_id, originator_id, originator_version, topic, state, recorded_at, command_id, actor"
"""The log's columns in the order of ``Entry``'s fields."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One row of a log. ``topic`` is ``type name/type version``, ``state`` the payload bytes."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    recorded_at: datetime
    command_id: UUID
    actor: str

    @property
    def type_name(self) -> str:
        return self.topic.partition("/")[0]


class _About(msgspec.Struct):
    household_id: UUID | None = None


_about = msgspec.json.Decoder(_About)


def household_of(stored: Entry) -> UUID | None:
    """The household an entry is about, also when its type is unknown to this release or the rest cannot be read."""
    try:
        return _about.decode(stored.state).household_id
    except msgspec.DecodeError:
        return None


def topic_of(fact: Fact | type[Fact]) -> str:
    return f"{fact.type_name}/{fact.type_version}"


def decode_entry(log: str, stored: Entry) -> Recorded:
    """Decode an entry. Raises ``contracts.canonical.UnknownType`` for a type this release does not know."""
    return Recorded(
        log,
        stored.position,
        stored.stream,
        stored.version,
        stored.recorded_at,
        stored.command_id,
        stored.actor,
        _reader(stored.topic)(stored.state),
        stored.state,
    )


def decode_row(log: str, row: tuple[Any, ...]) -> Recorded:
    """``decode_entry`` of a row of ``COLUMNS``, for whole streams, where every microsecond counts a hundred times."""
    position, stream, version, topic, state, recorded_at, command_id, actor = row
    return Recorded(log, position, stream, version, recorded_at, command_id, actor, _reader(topic)(state), state)


def require_known(topic: str) -> None:
    """Raises ``contracts.canonical.UnknownType`` for a type or version that this release does not know."""
    _reader(topic)


@cache
def _reader(topic: str) -> Callable[[bytes], Fact]:
    name, _, version = topic.partition("/")
    return decoder(name, int(version)).decode


class Payload(NamedTuple):
    """A fact as the log will hold it, made by ``encode_fact``: whoever knows it before the append lock is taken need not
    make it under the lock."""

    topic: str
    state: bytes


def encode_fact(fact: Fact) -> Payload:
    """Topic and canonical payload of a sealed fact."""
    return Payload(topic_of(fact), encode(fact))


Row = tuple[int, str, int, str, bytes, datetime, UUID, str]
"""One row of ``COLUMNS``."""


class EntryJson(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An entry as it travels over HTTP. The payload is carried as text, byte for byte."""

    position: int
    stream: str
    version: int
    topic: str
    recorded_at: datetime
    command_id: UUID
    actor: str
    payload: str

    @classmethod
    def of(cls, stored: Entry) -> "EntryJson":
        return cls(
            position=stored.position,
            stream=stored.stream,
            version=stored.version,
            topic=stored.topic,
            recorded_at=stored.recorded_at,
            command_id=stored.command_id,
            actor=stored.actor,
            payload=stored.state.decode(),
        )

    def entry(self) -> Entry:
        return Entry(
            self.position,
            self.stream,
            self.version,
            self.topic,
            self.payload.encode(),
            self.recorded_at,
            self.command_id,
            self.actor,
        )
