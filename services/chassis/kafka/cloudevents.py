"""Entries as CloudEvents 1.0 in Kafka's binary mode: the payload's bytes are the value, the envelope is the headers.

| header | value |
|---|---|
| `ce_id` | the fact's id, `log/stream/version`: permanent, never reused |
| `ce_source` | `/lika/<log>/<lineage>`: which log, and which of all that ever had this name (`lineage_of`) |
| `ce_type` | type and version of the payload, `HouseholdEnrolled/1` |
| `ce_time` | `recorded_at`, exactly |
| `ce_sequence` | the position in the log, sixteen digits, so that text sorts as numbers do |
| `ce_commandid`, `ce_actor` | the rest of the envelope |

The record's key is the subject whose order matters: the household, or else the stream.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from services.chassis.kafka.record_batches import RawRecord, header, headers, record, varint
from services.chassis.log.entries import Entry

COUNT = varint(9)
SEQUENCE = header("ce_sequence", b"0" * 16)[:-16]
COMMAND = header("ce_commandid", b"0" * 36)[:-36]
TIME = header("ce_time", b"")[:-1]
TYPE = header("ce_type", b"")[:-1]
ACTOR = header("ce_actor", b"")[:-1]
ID = header("ce_id", b"")[:-1]
VALUE = rb"([\x00-\x7f]|[\x80-\xff][\x00-\x7f])(.{0,300}?)"
"""Of a header, behind its name: a length, and the bytes that may be so many."""
NAMES = (b"ce_sequence", b"ce_commandid", b"ce_time", b"ce_type", b"ce_actor", b"ce_id")
_json = msgspec.json.Encoder().encode


class _About(msgspec.Struct):
    household_id: str | None = None


_about = msgspec.json.Decoder(_About)


def source(log: str, lineage: UUID) -> str:
    """``lineage``: the id of the command that made the log's first entry. A log that was made anew under an old name
    has another one, so that what an old topic still holds is not taken for it."""
    return f"/lika/{log}/{lineage}"


class CloudEventCodec:
    """Writes and reads the records of one log."""

    def __init__(self, log: str, lineage: UUID) -> None:
        self._source = source(log, lineage).encode()
        self._log = log.encode()
        constant = header("ce_specversion", b"1.0") + header("content-type", b"application/json")
        self._start = COUNT + constant + header("ce_source", self._source) + SEQUENCE
        # Every header where ``records`` puts it; whether each is as long as it says is left to ``entry``.
        parts = (self._start, b"(.{16})", COMMAND, b"(.{36})", TIME, VALUE, TYPE, VALUE, ACTOR, VALUE, ID, VALUE)
        self._ours = re.compile(b"".join(p if p.startswith(b"(") else re.escape(p) for p in parts), re.DOTALL)

    def records(self, entries: Sequence[Entry]) -> list[bytes]:
        """The records of one batch, in order."""
        start, log = self._start, self._log
        command, instant, common = None, None, b""
        written = []
        for delta, entry in enumerate(entries):
            fact = b"%b/%b/%d" % (log, entry.stream.encode(), entry.version)
            if entry.recorded_at != instant or entry.command_id != command:
                # Facts of one command stand together.
                command, instant = entry.command_id, entry.recorded_at
                at = _json(instant)[1:-1]
                common = COMMAND + _json(command)[1:-1] + TIME + varint(len(at)) + at
            laid = b"%b%016d%b%b%b%b%b%b" % (
                start, entry.position, common, _type(entry.topic), _actor(entry.actor), ID, varint(len(fact)), fact,
            )  # fmt: skip
            written.append(record(delta, _subject(entry), entry.state, laid))
        return written

    def entry(self, raw: RawRecord) -> Entry | None:
        """The entry of a record; ``None`` for what this log never wrote or what cannot be read."""
        try:
            if raw.value is None:
                return None
            if (found := self._ours.fullmatch(raw.headers)) is not None:
                sequence, command, instant_is, instant, kind_is, kind, actor_is, actor, fact_is, fact = found.groups()
                lengths = (instant_is, kind_is, actor_is, fact_is)
                if lengths == (varint(len(instant)), varint(len(kind)), varint(len(actor)), varint(len(fact))):
                    return _entry(raw.value, sequence, command, instant, kind, actor, fact)
            named = headers(raw.headers)
            if named.get(b"ce_source") != self._source:
                return None
            return _entry(raw.value, *(named[name] for name in NAMES))
        except (KeyError, ValueError, IndexError, msgspec.ValidationError):
            return None


def _entry(
    value: bytes, sequence: bytes, command: bytes, instant: bytes, kind: bytes, actor: bytes, fact: bytes
) -> Entry:
    stream, _, version = fact.partition(b"/")[2].rpartition(b"/")
    return Entry(
        int(sequence), stream.decode(), int(version), _text(kind), value, _instant(instant), _id(command), _text(actor)
    )


@lru_cache(maxsize=4096)
def _text(header: bytes) -> str:
    return header.decode()


# Facts of one command stand together.
@lru_cache(maxsize=16)
def _instant(header: bytes) -> datetime:
    return datetime.fromisoformat(header.decode())


@lru_cache(maxsize=16)
def _id(header: bytes) -> UUID:
    return msgspec.convert(header.decode(), UUID)


def _subject(entry: Entry) -> bytes:
    try:
        household = _about.decode(entry.state).household_id
    except msgspec.DecodeError:
        household = None
    return (household or entry.stream).encode()


@lru_cache(maxsize=4096)
def _type(topic: str) -> bytes:
    return header("ce_type", topic.encode())


@lru_cache(maxsize=4096)
def _actor(actor: str) -> bytes:
    return header("ce_actor", actor.encode())
