"""Which edition of the check rules holds when, where, as known when. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from services.casework.documents.domain import KnownDocuments, Register, Status
from services.casework.documents.editions import Edition
from services.casework.findings.document import KIND, CheckRules, check_rules_from
from services.chassis.law.dated import NotInForce, jurisdictions_of

NO_END = date.max
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class EditionPeriod:
    """An edition holds from one day up to another, which is excluded."""

    valid_from: date
    valid_to: date
    edition: Edition

    @property
    def document(self) -> CheckRules:
        return self.edition.typed(check_rules_from)


class CheckEditions:
    """The editions of one ``key``, of all places and moments. Of what was looked up once nothing is looked up again."""

    def __init__(self, register: Register, key: str) -> None:
        self.version, self._register, self._key = register.version, register, key
        self.moments = register.moments(KIND)
        """When what holds somewhere became other than it was known to be, in order."""
        self._periods: dict[tuple[int, str], Sequence[EditionPeriod]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return CheckEditions, (self._register, self._key)

    def over(self, place: str, known_from: datetime) -> Sequence[EditionPeriod]:
        """The editions that hold in a place, one after the other, as known just after an instant."""
        key = bisect_right(self.moments, known_from), place
        if key not in self._periods:
            self._periods[key] = self._look_up(self._register.as_known(known_from + INSTANT), place)
        return self._periods[key]

    def on(self, place: str, day: date) -> EditionPeriod | None:
        """As known now."""
        known = self.over(place, self.moments[-1]) if self.moments else ()
        return next((p for p in known if p.valid_from <= day < p.valid_to), None)

    def _look_up(self, known: KnownDocuments, place: str) -> Sequence[EditionPeriod]:
        within = {*jurisdictions_of(place)}
        there = [
            state.edition
            for state in known.states.values()
            if state.status is Status.ADOPTED
            and (state.edition.fact.kind, state.edition.fact.key) == (KIND, self._key)
            and state.edition.jurisdiction in within
        ]
        bounds = {edition.since for edition in there}
        bounds |= {
            until + timedelta(1) for edition in there if (until := edition.fact.in_force_to) not in (None, NO_END)
        }
        found = []
        for first, end in pairwise([*sorted(bounds), NO_END]):
            with suppress(NotInForce):
                found.append(EditionPeriod(first, end, known.in_force(KIND, self._key, first, place)))
        return found
