"""Which edition of the check rules holds when, where, as known when. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any

from services.casework.documents.domain import KnownDocuments, Register, Status
from services.casework.documents.editions import Edition
from services.casework.findings.document import KIND, CheckRules, check_rules_from
from services.chassis.law.dated import NotInForce, jurisdictions_of

NO_END = date.max
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class EditionPeriod:
    """An edition holds from one day up to another, which is excluded. ``edition``: its id."""

    valid_from: date
    valid_to: date
    edition: str
    document: CheckRules


Editions = Sequence[EditionPeriod]
"""Of one place, one after the other."""


class CheckEditions:
    """The editions of one ``key``, of all places and moments. Of what was looked up once nothing is looked up again."""

    def __init__(self, register: Register, key: str) -> None:
        self.register, self._key = register, key
        self._moments = register.moments(KIND)
        states = register.as_known().states.values()
        self._jurisdictions = {s.edition.jurisdiction for s in states if self._is_mine(s.edition)}
        self._histories: dict[tuple[str, ...], Sequence[tuple[datetime, Editions]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return CheckEditions, (self.register, self._key)

    def between(
        self, place: str, known_from: datetime, known_to: datetime
    ) -> Iterator[tuple[datetime, datetime, Editions]]:
        """The editions that hold in a place, as known after an instant and until another, each time from when to when they are
        known so."""
        history = self._history(place)
        at = bisect_right(history, known_from, key=itemgetter(0))
        editions: Editions = history[at - 1][1] if at else ()
        for moment, others in history[at:]:
            if moment >= known_to:
                break
            yield known_from, moment, editions
            known_from, editions = moment, others
        yield known_from, known_to, editions

    def on(self, place: str, day: date) -> EditionPeriod | None:
        """As known now."""
        history = self._history(place)
        known = history[-1][1] if history else ()
        return next((p for p in known if p.valid_from <= day < p.valid_to), None)

    def _history(self, place: str) -> Sequence[tuple[datetime, Editions]]:
        """What holds in a place, from each moment on at which that was known to be other than before. Places that lie in the
        same jurisdictions of all that have editions share it."""
        key = tuple(j for j in jurisdictions_of(place) if j in self._jurisdictions)
        if key not in self._histories:
            history: list[tuple[datetime, Editions]] = []
            for moment in self._moments:
                editions = self._look_up(self.register.as_known(moment + INSTANT), key)
                if editions != (history[-1][1] if history else []):
                    history.append((moment, editions))
            self._histories[key] = history
        return self._histories[key]

    def _is_mine(self, edition: Edition) -> bool:
        return (edition.fact.kind, edition.fact.key) == (KIND, self._key)

    def _look_up(self, known: KnownDocuments, jurisdictions: Sequence[str]) -> list[EditionPeriod]:
        there = [
            state.edition
            for state in known.states.values()
            if state.status is Status.ADOPTED
            and self._is_mine(state.edition)
            and state.edition.jurisdiction in jurisdictions
        ]
        bounds = {edition.since for edition in there}
        ends = (edition.fact.in_force_to for edition in there)
        bounds |= {until + timedelta(1) for until in ends if until is not None and until != NO_END}
        place = jurisdictions[0] if jurisdictions else None
        found = []
        for first, end in pairwise([*sorted(bounds), NO_END]):
            with suppress(NotInForce):
                edition = known.in_force(KIND, self._key, first, place)
                found.append(EditionPeriod(first, end, edition.id, edition.typed(check_rules_from)))
        return found
