"""Entries, books and what they come to. Pure.

A book is never written to: it is what the facts that count come to (``contracts.selection``), each fact told as entries by
the slice whose facts they are. An annulled fact has no entry, a fact told late has one on its own day, and so every balance
can be asked for any day as known on any other. An entry balances by itself, so a book does: there is no account that takes up
a difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from contracts.facts import Recorded
from contracts.selection import timeline


class Unbalanced(ValueError):
    """An entry whose debits are not its credits."""


class Posting(msgspec.Struct, frozen=True, order=True, gc=False):
    """``fen``: a debit (借) above zero, a credit (贷) below."""

    account: str
    fen: int


class Entry(msgspec.Struct, frozen=True, order=True, gc=False):
    """What one fact moves on one day. ``cause``: id of the fact."""

    on: date
    cause: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if sum([posting.fen for posting in self.postings]) != 0:
            raise Unbalanced(f"{self.cause}: {self.postings}")


def entry(on: date, cause: str, moved: Mapping[str, int]) -> Entry | None:
    """``moved``: by account, debits above zero. ``None`` where nothing moves. Raises ``Unbalanced``."""
    postings = tuple([Posting(account, fen) for account, fen in moved.items() if fen])
    return Entry(on, cause, postings) if postings else None


Accounting = Callable[[Sequence[Recorded]], Iterable[Entry]]
"""Tells the facts that count, in the order of the timeline, as entries."""


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """试算平衡: all debits, all credits, in fen; the same by construction, and summed apart."""

    debits: int
    credits: int

    @property
    def difference(self) -> int:
        return self.debits - self.credits


@dataclass(frozen=True, slots=True)
class Book:
    """Entries by day; those of one day in the order of the timeline."""

    entries: tuple[Entry, ...] = ()

    def through(self, day: date) -> "Book":
        """What was booked until that day, which is included."""
        return Book(tuple(e for e in self.entries if e.on <= day))

    def balances(self) -> dict[str, int]:
        """Of every account that was ever moved, in fen, debits above zero."""
        found: dict[str, int] = defaultdict(int)
        for each in self.entries:
            for posting in each.postings:
                found[posting.account] += posting.fen
        return dict(sorted(found.items()))

    def trial_balance(self) -> TrialBalance:
        moved = [posting.fen for each in self.entries for posting in each.postings]
        return TrialBalance(sum(fen for fen in moved if fen > 0), -sum(fen for fen in moved if fen < 0))


def book_of(
    facts: Iterable[Recorded], accounting: Accounting, *, as_of: date | None = None, known_at: datetime | None = None
) -> Book:
    """The book of these facts through ``as_of``, as known before ``known_at``."""
    entries = accounting(timeline(facts, as_of=as_of, known_at=known_at))
    return Book(tuple(sorted(entries, key=lambda each: each.on)))


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much an account moved otherwise on a day. ``causes``: the facts by which it does now, or did before."""

    on: date
    account: str
    before: int
    after: int
    causes: tuple[str, ...]


def differences(before: Book, after: Book) -> list[Difference]:
    """What a book says otherwise than it did, by day and account: what a late fact restated, each difference named."""
    told = [_moved(before), _moved(after)]
    found = []
    for on, account in sorted(told[0].keys() | told[1].keys()):
        moved = [side.get((on, account), _Moved()) for side in told]
        if moved[0].fen != moved[1].fen:
            changed = {*moved[0].causes} ^ {*moved[1].causes} or {*moved[1].causes}
            found.append(Difference(on, account, moved[0].fen, moved[1].fen, tuple(sorted(changed))))
    return found


@dataclass(slots=True)
class _Moved:
    fen: int = 0
    causes: tuple[str, ...] = ()


def _moved(book: Book) -> dict[tuple[date, str], _Moved]:
    found: dict[tuple[date, str], _Moved] = defaultdict(_Moved)
    for each in book.entries:
        for posting in each.postings:
            moved = found[each.on, posting.account]
            moved.fen += posting.fen
            moved.causes = (*moved.causes, each.cause)
    return found
