"""The duty sets known at one moment, and the periods in which their duties recur."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Any, NamedTuple, TypeVar

from contracts.civil import civil_day
from services.casework.calendars import day_count, festivals, school_terms
from services.casework.calendars.periods import Calendars, Frequency, Period, days
from services.casework.documents.domain import KnownDocuments, Status
from services.casework.documents.lookup import Lookup
from services.casework.duties.document import (
    KIND,
    Cadence,
    Duty,
    DutySet,
    Every,
    OnDates,
    OnFestivals,
    OnWeekdays,
    Weekday,
    duty_set_from,
)
from services.chassis.law.dated import NATIONAL, NotInForce, jurisdictions_of

MOST_KEPT = 100_000
"""Choices of an edition, and of the place that decides, that are kept at hand."""
MOST_BEGUN = 2_000
"""Lists of periods that have begun, of which one may be of some years' days."""
MOST_COMPUTED = 1_000
"""Lists of what was computed from the sets, each of which may be of some years' days."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DutyEdition:
    """A duty set that stands. ``id``: of the fact that proposed it; ``adopted_on``: nobody owes by it before that day;
    ``adoption``: position of the fact that adopted it."""

    id: str
    adopted_on: date
    adoption: int
    terms: DutySet


class Owing(NamedTuple):
    """A duty that somebody owes in these periods. ``lasts``: whether they are obliged still; ``periods``: each with the number of the
    obligation by which it is owed."""

    edition: DutyEdition
    duty: Duty
    obliged: str | None
    lasts: bool
    periods: tuple[tuple[Period, int], ...]


class DutySets:
    """``lookup``: documents as known at the moment."""

    def __init__(self, lookup: Lookup) -> None:
        self.known: Mapping[str, KnownDocuments] = {KIND: lookup.known(KIND)}
        self.editions = tuple(
            DutyEdition(
                s.edition.id, civil_day(s.adopted.recorded_at), s.adopted.position, s.edition.typed(duty_set_from)
            )
            for s in self.known[KIND].states.values()
            if s.edition.fact.kind == KIND and s.status is Status.ADOPTED and s.adopted is not None
        )  # fmt: skip
        calendars = {kind for e in self.editions for duty in e.terms.duties for kind in _calendars_of(duty.cadence)}
        self.known = {**self.known, **{kind: lookup.known(kind) for kind in calendars}}
        self._places = {
            kind: {s.edition.jurisdiction for s in known.states.values() if s.edition.fact.kind == kind}
            for kind, known in self.known.items()
        }
        self._calendars = Calendars(Lookup(lambda kind: self.known[kind]))
        self._windows: dict[tuple[Cadence, int, str], tuple[Period, ...]] = {}
        self._begun: dict[tuple[str, str, Period, date, str], tuple[Period, ...]] = {}
        self._computed_once: dict[Hashable, tuple[Any, ...]] = {}
        self._by_id = {edition.id: edition for edition in self.editions}
        self._by_obligation: dict[str, list[tuple[DutyEdition, Duty]]] = {}
        for edition in self.editions:
            for duty in edition.terms.duties:
                self._by_obligation.setdefault(duty.obligation, []).append((edition, duty))
        self._in_force: dict[tuple[str, date, date, str], str | None] = {}
        self._specific: dict[tuple[str, str], str] = {}

    def is_current(self, lookup: Lookup) -> bool:
        """Whether these documents are still all that the lookup knows."""
        return all(lookup.known(kind) is known for kind, known in self.known.items())

    def duties(self, obligation: str) -> Sequence[tuple[DutyEdition, Duty]]:
        return self._by_obligation.get(obligation, ())

    def edition(self, document: str) -> DutyEdition | None:
        """``None`` for one that does not stand."""
        return self._by_id.get(document)

    def holds(self, edition: DutyEdition, day: date, by: date, place: str) -> bool:
        """Whether this is the edition of its duty set in force on that day in that place, among those adopted ``by`` another
        day: what is adopted later changes nothing about a period that is over."""
        key = edition.terms.duty_set, day, by, self._most_specific(KIND, place)
        if key not in self._in_force:
            if len(self._in_force) >= MOST_KEPT:
                self._in_force.clear()
            self._in_force[key] = self._chosen(*key)
        return self._in_force[key] == edition.id

    def _chosen(self, duty_set: str, day: date, by: date, place: str) -> str | None:
        """As of all documents: that of the most specific jurisdiction, of those the one with the later first day, of those the
        one adopted later."""
        covering = [*jurisdictions_of(place)][::-1]
        found = [
            (covering.index(e.terms.jurisdiction), e.terms.in_force.starts, e.adoption, e.id)
            for e in self.editions
            if e.terms.duty_set == duty_set and e.terms.jurisdiction in covering
            and e.terms.in_force.holds_on(day) and e.adopted_on <= by
        ]  # fmt: skip
        return max(found)[-1] if found else None

    @property
    def places(self) -> frozenset[str]:
        """The places in which something else may be owed than around them."""
        return frozenset({NATIONAL}.union(*self._places.values()))

    def windows(self, cadence: Cadence, ends: Period, place: str) -> Iterator[Period]:
        """The periods of a recurring duty that end within ``ends``, in order; none of a year for which nobody has said its terms
        or festivals."""
        # A week or a term may end in the year after, and 366 days after a last of December two years on.
        for year in range(ends.start.year - 2, ends.end.year + 2):
            of_year = self._of_year(cadence, year, place)
            # In order, and of one length or one after the other: the last ends last.
            if not of_year or of_year[-1].end < ends.start:
                continue
            for window in of_year:
                if ends.start <= window.end <= ends.end:
                    yield window

    def begun(self, edition: DutyEdition, duty: Duty, ends: Period, day: date, place: str) -> tuple[Period, ...]:
        """The periods that end within ``ends``, have begun by the ``day`` and are owed by this edition in that place, in order: the
        same for all subjects there."""
        key = edition.id, duty.key, ends, day, place
        if key not in self._begun:
            if len(self._begun) >= MOST_BEGUN:
                self._begun.clear()
            begun = takewhile(lambda period: period.start <= day, self.windows(duty.cadence, ends, place))
            self._begun[key] = tuple(p for p in begun if self.holds(edition, p.start, p.end, place))
        return self._begun[key]

    def once(self, of: Hashable, compute: Callable[[], Iterable[T]]) -> tuple[T, ...]:
        """What is computed from these sets and from what ``of`` says, once for all of whom that is the same."""
        found = self._computed_once.get(of)
        if found is None:
            if len(self._computed_once) >= MOST_COMPUTED:
                self._computed_once.clear()
            found = self._computed_once[of] = tuple(compute())
        return found

    def _of_year(self, cadence: Cadence, year: int, place: str) -> tuple[Period, ...]:
        # Of several calendars the one with the smallest place around this one tells it from its neighbours.
        calendars = _calendars_of(cadence)
        place = max((self._most_specific(kind, place) for kind in calendars), key=_size) if calendars else NATIONAL
        key = cadence, year, place
        if key not in self._windows:
            try:
                self._windows[key] = tuple(sorted(self._computed(cadence, year, place)))
            except NotInForce:
                self._windows[key] = ()
        return self._windows[key]

    def _computed(self, cadence: Cadence, year: int, place: str) -> Iterator[Period]:
        match cadence:
            case Every(period=frequency, months=months):
                beginning = self._calendars.beginning_in(year, frequency, place)
                yield from (period for period in beginning if not months or period.start.month in months)
            case OnDates(days=days):
                for day in days:
                    yield _around(date.fromisoformat(f"{year}-{day}"), cadence)
            case OnFestivals(festivals=named):
                of_year = festivals.festivals(year, place, self._calendars.lookup)
                yield from (_around(of_year[name], cadence) for name in named if name in of_year)
            case OnWeekdays():
                yield from (Period(day, day) for day in _weekdays(cadence, year, place, self._calendars))

    def _most_specific(self, kind: str, place: str) -> str:
        """The smallest part of the country around the place that has a document of this kind: what is in force in the one is so
        in the other."""
        key = kind, place
        if key not in self._specific:
            if len(self._specific) >= MOST_KEPT:
                self._specific.clear()
            self._specific[key] = next((j for j in jurisdictions_of(place) if j in self._places[kind]), NATIONAL)
        return self._specific[key]


def _calendars_of(cadence: Cadence) -> tuple[str, ...]:
    """The kinds of documents that say when its periods are, where that is no matter of the calendar year alone."""
    match cadence:
        case Every(period=Frequency.TERM):
            return (school_terms.KIND,)
        case OnFestivals():
            return (festivals.KIND,)
        case OnWeekdays(school_days=True):
            return school_terms.KIND, day_count.KIND
    return ()


def _weekdays(cadence: OnWeekdays, year: int, place: str, calendars: Calendars) -> Iterator[date]:
    """Raises ``NotInForce`` where school days are asked for and terms or days off are not said."""
    asked = {number for number, day in enumerate(Weekday) if day in cadence.days}
    among = calendars.school_days(year, place) if cadence.school_days else days(year)
    yield from (day for day in among if day.weekday() in asked)


def _size(place: str) -> int:
    return 0 if place == NATIONAL else len(place)


def _around(day: date, cadence: OnDates | OnFestivals) -> Period:
    return Period(day - timedelta(cadence.days_before), day + timedelta(cadence.days_after))
