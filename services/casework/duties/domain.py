"""What was owed to a subject, and what became of it. Pure.

A duty is owed in a period of which an obligation covers at least the days that the document asks for, counted from when
the obligation and the document were known: by the edition in force on the period's first day where the subject was then, of
those adopted by its last. What is done once is owed by the edition in force, and known, when the obligation began.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

import msgspec

from contracts.casework.duties import DutyMissed
from services.casework.calendars.periods import Period
from services.casework.duties.document import Counted, DoneBy, Duty, Once
from services.casework.duties.duty_sets import DutyEdition, DutySets, Owing
from services.casework.duties.history import Fulfilment, History, Obligation

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=3 * 366)
"""More than any period with its grace."""


class DutyState(StrEnum):
    DUE = "due"
    MET = "met"
    OVERDUE = "overdue"  # missed, and neither made good since nor at an end
    MISSED = "missed"


Identity = tuple[str, str, str, date, date]
"""Duty set, duty, account (empty for an office), first and last day."""


class Owed(msgspec.Struct, frozen=True, gc=False):
    """One duty in one period. ``met_by``: what made it enough; ``made_good_on``: the first time that it was done later;
    ``lasts``: whether it can still be made good."""

    edition: DutyEdition
    duty: Duty
    obligation: Obligation
    period: Period
    met_by: Fulfilment | None
    made_good_on: date | None
    lasts: bool

    @property
    def identity(self) -> Identity:
        of = self.edition.terms.duty_set, self.duty.key, self.obligation.obliged or ""
        return (*of, self.period.start, self.period.end)

    @property
    def overdue_on(self) -> date:
        """The first day on which it counts as missed."""
        return overdue_on(self.duty, self.period)

    def state(self, day: date) -> DutyState:
        if self.met_by is not None:
            return DutyState.MET
        if day < self.overdue_on:
            return DutyState.DUE
        return DutyState.OVERDUE if self.lasts and self.made_good_on is None else DutyState.MISSED


def overdue_on(duty: Duty, period: Period) -> date:
    return period.end + timedelta(duty.grace_days + 1)


def identity_of(fact: DutyMissed) -> Identity:
    return fact.duty_set, fact.duty, fact.obliged or "", fact.first, fact.last


def owed(history: History, sets: DutySets, obligation: str, due: Period, day: date) -> Iterator[Owed]:
    """By this obligation, as on that ``day``: what counts as missed from a day within ``due`` on, and has begun."""
    obligations, done = history.obligations, sorted(history.fulfilments, key=_when)
    alike = obligation, due, day, _shape(history)
    for owing in sets.once(alike, partial(_owing, history, sets, obligation, due, day)):
        edition, duty, obliged, lasts, periods = owing
        counting = [f for f in done if f.kind == duty.fulfilled_by.fact and _counts(f, duty, obliged)]
        if not counting:
            for period, by in periods:
                yield Owed(edition, duty, obligations[by], period, None, None, lasts)
            continue
        days = [f.day.toordinal() for f in counting]
        longest = max(f.last.toordinal() - day for f, day in zip(counting, days, strict=True))
        for period, by in periods:
            # What began on these days may serve in the period: of many fulfilments few are looked at for each.
            first = bisect_left(days, period.start.toordinal() - longest)
            end = bisect_right(days, period.end.toordinal())
            met = _met_by(counting[first:end], duty, period) if first < end else None
            later = counting[end].day if met is None and end < len(days) else None
            yield Owed(edition, duty, obligations[by], period, met, later, lasts)


def _shape(history: History) -> Hashable:
    """All that decides in which periods something is owed: many subjects are alike in it."""
    return tuple((o.obliged, o.since, o.begins, o.until, o.of) for o in history.obligations), tuple(history.places)


def _owing(history: History, sets: DutySets, obligation: str, due: Period, day: date) -> Iterator[Owing]:
    by_obliged: dict[str | None, list[int]] = {}
    for number, found in enumerate(history.obligations):
        by_obliged.setdefault(found.obliged, []).append(number)
    for edition, duty in sets.duties(obligation):
        late = timedelta(duty.grace_days + 1)
        ends = Period(due.start - late, due.end - late)
        for obliged, each in by_obliged.items():
            obligations = {n: one for n in each if duty.of in (None, (one := history.obligations[n]).of)}
            if obligations:
                lasts = any(o.until is None or o.until > day for o in obligations.values())
                periods = _periods(history, sets, edition, duty, obligations, ends, day)
                yield Owing(edition, duty, obliged, lasts, tuple(periods.items()))


def next_of_recurring(history: History, sets: DutySets, obligation: str, day: date) -> tuple[date, str] | None:
    """The first day after ``day`` on which something that recurs may count as missed, begun or not, with the cause of the
    obligation; ``None`` where nobody is obliged any more."""
    found = list[tuple[date, str]]()
    for _, duty in sets.duties(obligation):
        if duty.observed or isinstance(duty.cadence, Once):
            continue
        late = timedelta(duty.grace_days + 1)
        for one in history.obligations:
            if duty.of not in (None, one.of) or (one.until is not None and one.until <= day):
                continue
            ends = Period(max(day, one.begins) - late + ONE_DAY, day + LONGEST)
            period = next(sets.windows(duty.cadence, ends, history.place_on(day)), None)
            if period is not None:
                found.append((overdue_on(duty, period), one.cause))
    return min(found, default=None)


def _periods(
    history: History, sets: DutySets, edition: DutyEdition, duty: Duty, obligations: Mapping[int, Obligation], ends: Period,
    day: date,
) -> Mapping[Period, int]:  # fmt: skip
    """Each period that ends within ``ends``, has begun by that day and owes something, with the number of the obligation by which it
    does."""
    found: dict[Period, int] = {}
    if isinstance(duty.cadence, Once):
        for number, one in obligations.items():
            period = Period(one.since, one.begins + timedelta(duty.cadence.within_days))
            lasts = one.until is None or one.until > period.end
            if not lasts or one.since > day or not ends.start <= period.end <= ends.end:
                continue
            if sets.holds(edition, one.begins, one.begins, history.place_on(one.begins)):
                found.setdefault(period, number)
        return found
    # Nothing ends before somebody could begin; of the year in which they did, the periods are the same for all.
    begin = max(min(one.begins for one in obligations.values()), edition.adopted_on, ends.start)
    if begin > ends.end:
        return found
    asked = Period(max(ends.start, begin.replace(month=1, day=1)), ends.end)
    places = dict.fromkeys(place for _, place in history.places)
    for place in places:
        begun = sets.begun(edition, duty, asked, day, place)
        for period in begun[bisect_left(begun, begin, key=_end) :]:
            covering = next((n for n, one in obligations.items() if _covers(one, edition, duty, period)), None)
            if covering is not None and (len(places) == 1 or history.place_on(period.start) == place):
                found[period] = covering
    return found


def _end(period: Period) -> date:
    return period.end


def _covers(one: Obligation, edition: DutyEdition, duty: Duty, period: Period) -> bool:
    first = max(period.start, one.begins, edition.adopted_on)
    last = period.end if one.until is None else min(period.end, one.until - ONE_DAY)
    return (last - first).days + 1 >= duty.least_days


def _counts(done: Fulfilment, duty: Duty, obliged: str | None) -> bool:
    """Of what is of the kind that the duty asks for."""
    asked = duty.fulfilled_by
    is_by = obliged is None or done.by == obliged or asked.done_by is DoneBy.ANYONE
    return is_by and done.fields.issuperset(asked.fields)


def _when(done: Fulfilment) -> tuple[date, str]:
    return done.day, done.fact


def _met_by(begun: Sequence[Fulfilment], duty: Duty, period: Period) -> Fulfilment | None:
    """What made it enough, of what counts and began by its last day; in order."""
    within = [f for f in begun if f.last >= period.start]
    if duty.counted is Counted.SUBJECTS:
        within = sorted({f.whom: f for f in reversed(within)}.values(), key=_when)
    return within[duty.at_least - 1] if len(within) >= duty.at_least else None
