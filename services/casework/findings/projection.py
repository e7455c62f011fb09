"""The findings about a subject for every day, as known at any instant: a row per finding, grounds, edition and rectangle of
valid and transaction time. Pure, and the one way in which findings are made.

A question (V, T) meets at most one row of a finding. What is found depends on nothing but the subject's facts and the
documents, so it is found again, never doubled and never lost.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from contracts.civil import civil_day
from services.casework.findings.domain import Checks, Found, Period, S, found_on, turns_of
from services.casework.findings.editions import CheckEditions, EditionPeriod

UNTIL_CHANGED = datetime(9999, 1, 1, tzinfo=UTC)
"""Transaction time without an end: what is still believed."""


def horizon_of(today: date) -> date:
    """Until when days to come are looked at: with the end of next year no birthday is missed that no night's sweep came to,
    and nobody's hundred-and-twentieth stands in the table for decades."""
    return date(today.year + 1, 12, 31)


@dataclass(frozen=True, slots=True)
class FindingPeriod:
    """``grounds``: see ``grounds_of``; ``valid_since``, ``known_since``: since when the finding has stood on these grounds
    without a break, in valid and in transaction time. An answer given since then answers it."""

    found: Found
    grounds: str
    valid_from: date
    valid_to: date
    known_from: datetime
    known_to: datetime
    valid_since: date
    known_since: datetime

    @property
    def raised_on(self) -> date:
        """The first day on which it could be seen."""
        return max(self.valid_since, civil_day(self.known_since))

    @property
    def due_by(self) -> date:
        return self.raised_on + timedelta(self.found.terms.answer_within_days)

    def holds(self, as_of: date, known_at: datetime) -> bool:
        return self.valid_from <= as_of < self.valid_to and self.known_from < known_at <= self.known_to


@dataclass(frozen=True, slots=True)
class _Rectangle:
    found: Found
    valid_from: date
    valid_to: date
    known_from: datetime
    known_to: datetime


def project_findings(
    checks: Checks[S], subject: UUID, periods: Sequence[Period[S]], editions: CheckEditions, horizon: date
) -> list[FindingPeriod]:
    """``horizon``: the last day that is looked at; what holds then goes on until something changes."""
    by_grounds: dict[tuple[UUID, str], list[_Rectangle]] = defaultdict(list)
    for period in periods:
        for found in _rectangles(checks, subject, period, editions, horizon):
            by_grounds[found.found.finding_id, found.found.grounds].append(found)
    return [row for (_, grounds), of in by_grounds.items() for row in _merged(grounds, of)]


def _rectangles(
    checks: Checks[S], subject: UUID, period: Period[S], editions: CheckEditions, horizon: date
) -> Iterator[_Rectangle]:
    place = period.value.division
    for known_from, known_to, holding in editions.between(place, period.known_from, period.known_to):
        for edition in holding:
            first, end = max(period.valid_from, edition.valid_from), min(period.valid_to, edition.valid_to)
            if first < end and first <= horizon:
                for day, until, found in _over_days(checks, subject, period.value, edition, first, end, horizon):
                    yield _Rectangle(found, day, until, known_from, known_to)


def _over_days(
    checks: Checks[S], subject: UUID, value: S, edition: EditionPeriod, first: date, end: date, horizon: date
) -> Iterator[tuple[date, date, Found]]:
    document = edition.document
    turns = sorted(day for day in turns_of(checks, value, document) if first < day < end and day <= horizon)
    for day, until in pairwise((first, *turns, end)):
        for found in found_on(checks, subject, value, day, document, edition.edition):
            yield day, until, found


def _merged(grounds: str, rectangles: Sequence[_Rectangle]) -> Iterator[FindingPeriod]:
    """The fewest rows that say the same: per slice of transaction time neighbours in valid time are joined, and then equal
    neighbours in transaction time."""
    instants = sorted({i for r in rectangles for i in (r.known_from, r.known_to)})
    pending: dict[tuple[date, date, str, date], tuple[Found, datetime, datetime]] = {}
    known_since: datetime | None = None
    for known_from in instants[:-1]:
        here = {(v[0], v[1], v[2].edition, v[3]): v[2] for v in _slice(rectangles, known_from)}
        known_since = (known_since or known_from) if here else None
        for key in [key for key in pending if key not in here]:
            yield _row(grounds, key, *pending.pop(key), known_from)
        for key, found in here.items():
            assert known_since is not None
            pending.setdefault(key, (found, known_from, known_since))
    for key, started in pending.items():
        yield _row(grounds, key, *started, instants[-1])


def _slice(rectangles: Sequence[_Rectangle], instant: datetime) -> list[tuple[date, date, Found, date]]:
    """In valid time, as known just after an instant: from, to, what was found, and since when without a break."""
    joined: list[tuple[date, date, Found, date]] = []
    for r in sorted((r for r in rectangles if r.known_from <= instant < r.known_to), key=lambda r: r.valid_from):
        if joined and joined[-1][1] == r.valid_from:
            first, _, found, since = joined[-1]
            if found.edition == r.found.edition:
                joined[-1] = first, r.valid_to, found, since
            else:
                joined.append((r.valid_from, r.valid_to, r.found, since))
        else:
            joined.append((r.valid_from, r.valid_to, r.found, r.valid_from))
    return joined


def _row(
    grounds: str, key: tuple[date, date, str, date], found: Found, known_from: datetime, known_since: datetime,
    known_to: datetime,
) -> FindingPeriod:  # fmt: skip
    valid_from, valid_to, _, valid_since = key
    return FindingPeriod(found, grounds, valid_from, valid_to, known_from, known_to, valid_since, known_since)
