"""Entries: what a log holds and hands out, envelope and payload bytes, before anybody decodes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import Notification

from contracts.canonical import decode, encode
from contracts.facts import Fact, Recorded

COLUMNS = "notification_id, originator_id, originator_version, topic, state, recorded_at, command_id, actor"


@dataclass(frozen=True)
class Entry(Notification):
    """The library's notification with our envelope: ``id`` is the position, ``originator_id`` the stream."""

    recorded_at: datetime
    command_id: UUID
    actor: str

    @property
    def position(self) -> int:
        return self.id

    @property
    def stream(self) -> str:
        return str(self.originator_id)

    @property
    def type_name(self) -> str:
        return self.topic.partition("/")[0]


class _About(msgspec.Struct):
    household_id: UUID | None = None


def household_of(stored: Entry) -> UUID | None:
    """The household an entry is about, also when its type is unknown to this release or the rest cannot be read."""
    try:
        return msgspec.json.decode(stored.state, type=_About).household_id
    except msgspec.DecodeError:
        return None


def topic_of(fact: Fact | type[Fact]) -> str:
    return f"{fact.type_name}/{fact.type_version}"


def entry(row: tuple[Any, ...]) -> Entry:
    """An entry from a row of ``COLUMNS``."""
    position, stream, version, topic, state, recorded_at, command_id, actor = row
    return Entry(
        id=position,
        originator_id=stream,
        originator_version=version,
        topic=topic,
        state=bytes(state),
        recorded_at=recorded_at,
        command_id=command_id,
        actor=actor,
    )


def read(log: str, stored: Entry) -> Recorded:
    """Decode an entry. Raises ``contracts.canonical.UnknownType`` for a type this release does not know."""
    name, _, version = stored.topic.partition("/")
    return Recorded(
        log=log,
        position=stored.position,
        stream=stored.stream,
        version=stored.originator_version,
        recorded_at=stored.recorded_at,
        command_id=stored.command_id,
        actor=stored.actor,
        fact=decode(name, int(version), stored.state),
        payload=stored.state,
    )


def written(fact: Fact) -> tuple[str, bytes]:
    """Topic and canonical payload of a sealed fact."""
    return topic_of(fact), encode(fact)


class Wire(msgspec.Struct, frozen=True, kw_only=True):
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
    def of(cls, stored: Entry) -> "Wire":
        return cls(
            position=stored.position,
            stream=stored.stream,
            version=stored.originator_version,
            topic=stored.topic,
            recorded_at=stored.recorded_at,
            command_id=stored.command_id,
            actor=stored.actor,
            payload=stored.state.decode(),
        )

    def entry(self) -> Entry:
        return Entry(
            id=self.position,
            originator_id=self.stream,
            originator_version=self.version,
            topic=self.topic,
            state=self.payload.encode(),
            recorded_at=self.recorded_at,
            command_id=self.command_id,
            actor=self.actor,
        )
