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

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from services.chassis.batches import Raw, header, headers, record, stated, varint
from services.chassis.entries import Entry

COUNT = varint(9)
SEQUENCE = header("ce_sequence", b"0" * 16)[:-16]
COMMAND = header("ce_commandid", b"0" * 36)[:-36]
TIME = header("ce_time", b"")[:-1]
TYPE = header("ce_type", b"")[:-1]
ACTOR = header("ce_actor", b"")[:-1]
ID = header("ce_id", b"")[:-1]
NAMES = (b"ce_sequence", b"ce_commandid", b"ce_time", b"ce_type", b"ce_actor", b"ce_id")
_json = msgspec.json.Encoder().encode


class _About(msgspec.Struct):
    household_id: str | None = None


_about = msgspec.json.Decoder(_About)


def source(log: str, lineage: UUID) -> str:
    """``lineage``: the id of the command that made the log's first entry. A log that was made anew under an old name
    has another one, so that what an old topic still holds is not taken for it."""
    return f"/lika/{log}/{lineage}"


class Envelopes:
    """Writes and reads the records of one log."""

    def __init__(self, log: str, lineage: UUID) -> None:
        self._source = source(log, lineage).encode()
        self._log = log.encode()
        constant = header("ce_specversion", b"1.0") + header("content-type", b"application/json")
        self._start = COUNT + constant + header("ce_source", self._source) + SEQUENCE
        self._command_at = len(self._start) + 16
        self._time_at = self._command_at + len(COMMAND) + 36

    def records(self, entries: Sequence[Entry]) -> list[bytes]:
        """The records of one batch, in order."""
        start, log = self._start, self._log
        written = []
        for delta, entry in enumerate(entries):
            fact = b"%b/%b/%d" % (log, entry.stream.encode(), entry.version)
            command, instant = _json(entry.command_id)[1:-1], _json(entry.recorded_at)[1:-1]
            laid = b"%b%016d%b%b%b%b%b%b%b%b%b%b" % (
                start, entry.position, COMMAND, command, TIME, varint(len(instant)), instant,
                _type(entry.topic), _actor(entry.actor), ID, varint(len(fact)), fact,
            )  # fmt: skip
            written.append(record(delta, _subject(entry), entry.state, laid))
        return written

    def entry(self, raw: Raw) -> Entry | None:
        """The entry of a record; ``None`` for what this log never wrote or what cannot be read."""
        laid = raw.headers
        try:
            if raw.value is None:
                return None
            if laid.startswith(self._start) and laid.startswith(COMMAND, self._command_at):
                return self._as_we_write(raw.value, laid)
            named = headers(laid)
            if named.get(b"ce_source") != self._source:
                return None
            return _entry(raw.value, *(named[name] for name in NAMES))
        except (KeyError, ValueError, IndexError, msgspec.ValidationError):
            return None

    def _as_we_write(self, value: bytes, laid: bytes) -> Entry:
        """Every header where ``records`` puts it, without looking for its name."""
        command, time = self._command_at, self._time_at
        instant, at = stated(laid, time + len(TIME))
        kind, at = stated(laid, at + len(TYPE))
        actor, at = stated(laid, at + len(ACTOR))
        fact, at = stated(laid, at + len(ID))
        if at != len(laid):
            raise ValueError("headers end elsewhere")
        return _entry(value, laid[command - 16 : command], laid[time - 36 : time], instant, kind, actor, fact)


def _entry(
    value: bytes, sequence: bytes, command: bytes, instant: bytes, kind: bytes, actor: bytes, fact: bytes
) -> Entry:
    stream, _, version = fact.partition(b"/")[2].rpartition(b"/")
    return Entry(
        int(sequence), stream.decode(), int(version), kind.decode(), value,
        datetime.fromisoformat(instant.decode()), msgspec.convert(command.decode(), UUID), actor.decode(),
    )  # fmt: skip


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
