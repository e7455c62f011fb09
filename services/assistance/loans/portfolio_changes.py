"""How rows of ``loan_accounts`` change the figures of the portfolio: by area, product, age of arrears and day, and where it became
known later than that, by the day of knowledge. Pure; sums in fen.

A row says what is paid, outstanding and claimed through each of its changes. Between two of them a loan is in arrears since the due
day of the oldest instalment that is not paid, and so enters each age of arrears on a day that is known beforehand.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from contracts.civil import civil_day

AGES = (0, 1, 31, 61, 91)
"""Days overdue at which a loan changes its class; nothing overdue is none. Whoever changes them raises the view's edition."""
SINCE_DUE = [timedelta(days=days) for days in AGES if days]
ONE_DAY = timedelta(days=1)


class Cell(NamedTuple):
    """Where changes are summed. ``known_on``: the day of what became known after ``valid_on``; none, of what is known now."""

    division: str
    product: str
    age: int
    valid_on: date
    known_on: date | None


class Sums(NamedTuple):
    loans: int
    principal: int
    arrears: int
    claims: int


class Standing(NamedTuple):
    """Of one loan from that day on."""

    since: date
    age: int
    sums: Sums


def changes(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[Cell, Sums]:
    """``rows``: with 1 those that stand, with -1 those that stand no more."""
    found = defaultdict[Cell, list[int]](lambda: [0, 0, 0, 0])
    for sign, row in rows:
        account = _Account.of(row)
        for side, standings, until, known_on in account.told():
            last: Standing | None = None
            for each in standings:
                if last is not None:
                    _add(found[account.cell(last.age, each.since, known_on)], -sign * side, last.sums)
                _add(found[account.cell(each.age, each.since, known_on)], sign * side, each.sums)
                last = each
            if last is not None and until is not None:
                _add(found[account.cell(last.age, until, known_on)], -sign * side, last.sums)
    return {cell: Sums(*sums) for cell, sums in found.items() if any(sums)}


def _add(to: list[int], sign: int, sums: Sums) -> None:
    loans, principal, arrears, claims = sums
    to[0] += sign * loans
    to[1] += sign * principal
    to[2] += sign * arrears
    to[3] += sign * claims


Told = tuple[int, Iterable[Standing], date | None, date | None]
"""A sign, how the loan stands, the day on which it stands so no more, and the day on which that became known, where it was late."""


@dataclass(frozen=True, slots=True)
class _Account:
    """A row. ``starts``: the day on which each state begins, ``states``: what is paid, and what stands; before the first change
    nothing is paid out."""

    division: str
    product: str
    until: date | None
    starts: Sequence[date]
    known: Sequence[date]
    known_until: date | None
    states: Sequence[tuple[int, Sums]]
    due_days: Sequence[date]
    due_sums: Sequence[int]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "_Account":
        first = max(row["contracted_on"], row["office_since"])
        known_until: datetime | None = row["known_until"]
        return cls(
            row["division"], row["product"], row["office_until"], [first, *(max(day, first) for day in row["days"])],
            [civil_day(row["known_from"]), *map(civil_day, row["known"])], known_until and civil_day(known_until),
            [(0, Sums(1, 0, 0, 0)), *((paid, Sums(1, balance, 0, claims)) for paid, balance, claims in
                             zip(row["paid_sums"], row["balances"], row["claims"], strict=True))],
            row["due_days"], row["due_sums"],
        )  # fmt: skip

    def cell(self, age: int, valid_on: date, known_on: date | None) -> Cell:
        return Cell(self.division, self.product, age, valid_on, known_on)

    def told(self) -> Iterator[Told]:
        last = len(self.starts) - 1
        if self.known_until is None:
            yield 1, self._course(0, last, self.until), self.until, None
        else:
            before = bisect_left(self.starts, self.known_until) - 1
            yield (
                -1,
                self._course(0, before, self._end(self.known_until)),
                self._left(self.known_until),
                self.known_until,
            )
        for known_on, numbers in groupby(range(last + 1), self.known.__getitem__):
            # On the days from each on, until it became known, the course was the one before the first of them.
            late = [n for n in numbers if self.starts[n] < known_on]
            if late:
                first, end, left = late[0], self._end(known_on), self._left(known_on)
                yield 1, self._course(first, late[-1], end), left, known_on
                if first:
                    yield -1, self._standings(first - 1, self.starts[first], end), left, known_on

    def _end(self, known_on: date) -> date:
        return known_on if self.until is None else min(known_on, self.until)

    def _left(self, known_on: date) -> date | None:
        """When its office left the loan, before that day of knowledge."""
        return self.until if self.until is not None and self.until < known_on else None

    def _course(self, first: int, last: int, end: date | None) -> Iterator[Standing]:
        """From the first to the last of some changes, to before a day."""
        for n in range(first, last + 1):
            until = self.starts[n + 1] if n < last else None
            yield from self._standings(n, self.starts[n], end if until is None or (end and end < until) else until)

    def _standings(self, n: int, since: date, until: date | None) -> Iterator[Standing]:
        """As nothing changed after the ``n``-th change, from a day to before another."""
        if until is not None and since >= until:
            return
        paid, sums = self.states[n]
        oldest = bisect_right(self.due_sums, paid)
        due_on = self.due_days[oldest] if oldest < len(self.due_days) else date.max
        if until is not None and until <= due_on:
            yield Standing(since, 0, sums)
            return
        days = [since]
        if due_on < date.max:
            called = self.due_days[oldest : None if until is None else bisect_left(self.due_days, until)]
            enters = {*(due_on + age for age in SINCE_DUE), *(day + ONE_DAY for day in called)}
            days += sorted(day for day in enters if since < day and (until is None or day < until))
        _, balance, _, claims = sums
        for day in days:
            if day <= due_on:
                yield Standing(day, 0, sums)
            else:
                due = self.due_sums[bisect_left(self.due_days, day) - 1]
                age = AGES[bisect_right(AGES, (day - due_on).days) - 1]
                yield Standing(day, age, Sums(1, balance, due - paid, claims))
