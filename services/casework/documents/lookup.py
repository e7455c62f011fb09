"""Looking documents up for one decision, which then names the editions that were looked at."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

from contracts.facts import DecidedFrom, LogPosition
from services.casework.documents.domain import KnownDocuments, Status
from services.casework.documents.editions import Edition, name_of
from services.chassis.law.dated import NotInForce, UnknownName, jurisdictions_of
from services.chassis.law.parameter_documents import KIND as PARAMETERS
from services.chassis.law.parameter_documents import key_of, parameters_from
from services.chassis.law.parameters import Entry


class Lookup:
    """``known``: the documents of a kind, as known to the decision."""

    def __init__(self, known: Callable[[str], KnownDocuments]) -> None:
        self._documents = known
        self._used: dict[str, None] = {}
        self._read: dict[str, LogPosition] = {}

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the editions that were looked at, in order."""
        return tuple(self._used)

    def basis(self, log: str, head: int) -> DecidedFrom:
        """What a decision in this log was decided from: its head, the other logs whose documents were looked at as far as
        they were known, and the editions."""
        others = (position for name, position in self._read.items() if name != log)
        return DecidedFrom(logs=(LogPosition(log=log, position=head), *others), documents=self.used)

    def in_force(self, kind: str, key: str, day: date, place: str | None = None) -> Edition:
        """Raises ``NotInForce`` and ``UnknownName``."""
        return self._use(self.known(kind).in_force(kind, key, day, place))

    def in_force_through(
        self, kind: str, key: str, first: date, last: date, place: str | None = None
    ) -> Iterator[tuple[date, date, Edition]]:
        """First and last day of each stretch of these days, in order, and the edition in force on every day of it. Raises
        ``NotInForce`` and ``UnknownName``."""
        for start, end, edition in self.known(kind).in_force_through(kind, key, first, last, place):
            yield start, end, self._use(edition)

    def first(self, kind: str, key: str) -> Edition | None:
        """The edition of this key that was adopted first, withdrawn or not, for what all of them have in common."""
        return self.known(kind).first(kind, key)

    def adopted(self, kind: str) -> dict[str, Edition]:
        """Of each key one edition that stands, wherever it holds: the one that came into force last, or will."""
        states = self._documents(kind).states.values()
        found = (s.edition for s in states if s.status is Status.ADOPTED and s.edition.fact.kind == kind)
        return {edition.fact.key: edition for edition in sorted(found, key=lambda each: each.since)}

    def nearest(self, kind: str, key: str, day: date, place: str) -> Edition | None:
        """Where nothing is in force: the edition that ended last before that day in that place, or else the first to come."""
        applying = set(jurisdictions_of(place))
        states = self._documents(kind).states.values()
        adopted = [s.edition for s in states if s.status is Status.ADOPTED and s.edition.jurisdiction in applying]
        named = [e for e in adopted if e.name == name_of(kind, key)]
        ended = [e for e in named if e.since <= day]
        return max(ended, key=_last_day) if ended else min(named, key=lambda each: each.since, default=None)

    def last_in_force(self, kind: str, key: str, day: date, place: str) -> Edition | None:
        """In force there on that day or, where none is any more, last before it; ``None`` where none was yet."""
        try:
            return self.in_force(kind, key, day, place)
        except NotInForce:
            ended = self.nearest(kind, key, day, place)
            return self._use(ended) if ended is not None and ended.since <= day else None

    def all_in_force(self, kind: str, day: date, place: str) -> list[Edition]:
        """Of each key the edition that applies there on that day."""
        known = self._documents(kind)
        return [e for id_ in known.all_in_force(day, place) if (e := known.states[id_].edition).fact.kind == kind]

    def named(self, kind: str, key: str, edition: str) -> Edition:
        """The edition that a case runs under, whatever became of it since. Raises ``KeyError``."""
        state = self.known(kind).named(kind, key, edition)
        if state is None:
            raise KeyError(f"{kind}/{key}: {edition}")
        return self._use(state.edition)

    def at(self, name: str, day: date, jurisdiction: str | None = None) -> Entry:
        """The value of a parameter: of the most specific document in force that has one for the day and place. Raises
        ``NotInForce`` and ``UnknownName``."""
        unknown = True
        for edition in self._holding(name, day, jurisdiction):
            self._use(edition)
            try:
                return edition.typed(parameters_from).at(name, day, jurisdiction)
            except UnknownName:
                continue
            except NotInForce:
                unknown = False
        raise UnknownName(name, day) if unknown else NotInForce(name, day)

    def _holding(self, name: str, day: date, place: str | None) -> Iterator[Edition]:
        with suppress(UnknownName):
            yield from self.known(PARAMETERS).holding(PARAMETERS, key_of(name), day, place)

    def known(self, kind: str) -> KnownDocuments:
        """All documents of a kind, as known to the decision; which of them are used, the decision has to say itself."""
        known = self._documents(kind)
        if known.last is not None:
            self._read[known.last.log] = known.last
        return known

    def _use(self, edition: Edition) -> Edition:
        self._used.setdefault(edition.id)
        return edition


def _last_day(edition: Edition) -> date:
    return edition.fact.in_force_to or date.max
