"""Runs: what stands in a log's topic. One record carries a run of the log, entries that follow one another.

| header | value |
|---|---|
| `first`, `last` | positions of its first and last entry, decimal |
| `lineage` | which of all logs that ever had this name: the id of the command that made its first entry |
| `closed_through` | where the run reached the end of its log: the instant before which nothing is added, ISO 8601 |

The value is the JSON of the entries, byte for byte what a page of the log holds over HTTP (``PageJson.entries``). The key is
the first position, so that a topic may be compacted, too. A log that was made anew under an old name has another lineage:
what an old topic still holds is not taken for it. A run without ``closed_through`` is final for what was recorded before its
last entry, as a page in the middle of a log is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from services.chassis.log.entries import Entry, EntryJson

ENTRIES = 256
"""Entries of a run at most, as of a page over HTTP."""
BYTES = 512 << 10
"""Bytes at which a run ends; an entry that alone is more is a run of its own."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[EntryJson, ...]).decode


@dataclass(frozen=True)
class Run:
    """``value``: the JSON of its entries."""

    first: int
    last: int
    value: bytes
    closed_through: datetime | None = None

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Nothing where it does not hold what its headers say."""
        try:
            found = tuple(each.entry() for each in _decode(self.value))
        except msgspec.DecodeError:
            return ()
        return found if [e.position for e in found] == list(range(self.first, self.last + 1)) else ()

    def headers(self, lineage: UUID) -> list[tuple[str, bytes]]:
        named: dict[str, object] = {"first": self.first, "last": self.last, "lineage": lineage}
        if self.closed_through is not None:
            named["closed_through"] = self.closed_through.isoformat()
        return [(name, str(value).encode()) for name, value in named.items()]


def runs(entries: Iterable[Entry], closed_through: datetime | None = None, most: int = BYTES) -> Iterator[Run]:
    """Cut into runs; ``closed_through``: of the page whose entries they are, which the last run reaches; ``most``: bytes at
    which one ends."""
    taken: list[bytes] = []
    first = size = 0
    for entry in entries:
        text = _encode(EntryJson.of(entry))
        if taken and (len(taken) == ENTRIES or size + len(text) >= most):
            yield _run(first, taken)
            taken, size = [], 0
        if not taken:
            first = entry.position
        taken.append(text)
        size += len(text) + 1
    if taken:
        yield replace(_run(first, taken), closed_through=closed_through)


def _run(first: int, texts: list[bytes]) -> Run:
    return Run(first, first + len(texts) - 1, b"[%b]" % b",".join(texts))


def run_of(record: Any, lineage: UUID) -> Run | None:
    """The run that a record carries; ``None`` for what this log never wrote."""
    named = dict(record.headers)
    try:
        first, last = int(named["first"]), int(named["last"])
        ours = named["lineage"] == str(lineage).encode()
        closed = datetime.fromisoformat(named["closed_through"].decode()) if "closed_through" in named else None
    except (KeyError, TypeError, ValueError):
        return None
    # Anybody may have written it: what it claims is bounded before anything is made of that.
    fits = 0 < first <= last < first + ENTRIES and (closed is None or closed.tzinfo is not None)
    return Run(first, last, record.value, closed) if ours and fits and record.value is not None else None
