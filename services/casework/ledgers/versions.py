"""Since when and until when each entry was known: what a table of entries holds, so that SQL alone can sum a book through any
day as known at any instant. Pure.

    SELECT account, sum(fen) … WHERE on_day <= :day AND known_from < :at AND (known_until IS NULL OR known_until >= :at)
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from contracts.facts import Recorded
from contracts.selection import surviving
from services.casework.ledgers.domain import Entry

AccountingOfOne = Callable[[Recorded], Iterable[Entry]]
"""Tells one fact as entries that depend on no other fact."""


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """The entry counts from the fact recorded at ``known_from`` until before the one recorded at ``known_until``."""

    entry: Entry
    known_from: datetime
    known_until: datetime | None = None


def versions_of_each(facts: Iterable[Recorded], accounting: AccountingOfOne) -> list[EntryVersion]:
    """Of a book in which every fact is told by itself: only what is annulled or restored is looked at again, so a long stream
    costs its facts and not their square."""
    counted: dict[str, datetime] = {}
    versions: list[EntryVersion] = []
    told: list[Recorded] = []
    for instant, recorded in _by_instant(facts):
        told += recorded
        alive = {r.id for r in surviving(told)} if any(r.fact.annuls for r in recorded) else None
        for r in told if alive is not None else recorded:
            counts = alive is None or r.id in alive
            if counts and r.id not in counted:
                counted[r.id] = instant
            elif not counts and (since := counted.pop(r.id, None)) is not None:
                versions += [EntryVersion(entry, since, instant) for entry in accounting(r)]
    versions += [EntryVersion(e, counted[r.id]) for r in told if r.id in counted for e in accounting(r)]
    return _in_order(versions)


def _by_instant(facts: Iterable[Recorded]) -> Iterator[tuple[datetime, list[Recorded]]]:
    by_position = sorted(facts, key=attrgetter("position"))
    for instant, recorded in groupby(by_position, key=attrgetter("recorded_at")):
        yield instant, list(recorded)


def _in_order(versions: Sequence[EntryVersion]) -> list[EntryVersion]:
    return sorted(versions, key=lambda v: (v.entry.on, v.known_from, v.entry.cause))
