"""The documents of one log, as known at any moment, and the decisions on them. Pure.

In a place the edition of the most specific jurisdiction decides; of those of one jurisdiction that hold on a day the one with
the later first day, and of one first day the one adopted later. When none of the place's own holds, the next jurisdiction above
it decides.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby, islice, zip_longest
from operator import attrgetter, itemgetter
from typing import Any

from contracts.casework.documents import (
    DocumentAdopted,
    DocumentProposed,
    DocumentWithdrawalProposed,
    DocumentWithdrawn,
)
from contracts.facts import LogPosition, Recorded
from contracts.roles import Role
from contracts.selection import known, surviving
from services.casework.documents import rules
from services.casework.documents.editions import Edition, name_of
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import Dated, NotInForce, jurisdictions_of

ONE_DAY = timedelta(days=1)
MOMENTS_KEPT = 16
"""Moments of which what was known is kept at hand."""
MOST_STRETCHES = 10_000
"""Answers of what was in force through some days that are kept for each of them."""


class Status(StrEnum):
    PROPOSED = "proposed"  # nobody else has confirmed it yet
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"  # counts as never adopted; decisions made under it still name it
    DROPPED = "dropped"  # taken back before anybody confirmed it


@dataclass(frozen=True, slots=True)
class EditionState:
    """An edition and what became of it. ``standing``: the adoption, or the withdrawal that makes it void; ``pending``: a
    proposal that a second person may confirm; ``reason``: of the withdrawal that stands or pends."""

    edition: Edition
    status: Status
    adopted: Recorded | None = None
    standing: Recorded | None = None
    pending: Recorded | None = None
    reason: str | None = None


class KnownDocuments:
    """What was known at one moment. ``facts``: recorded until then, of the one stream, in order; ``last``: where the last of
    them stands."""

    def __init__(self, facts: Sequence[Recorded]) -> None:
        self.last = LogPosition(log=facts[-1].log, position=facts[-1].position) if facts else None
        self._alive = {r.id for r in surviving(facts)}
        self._of: dict[str, list[Recorded]] = {r.id: [] for r in facts if isinstance(r.fact, DocumentProposed)}
        for r in facts:
            if isinstance(r.fact, DocumentAdopted | DocumentWithdrawalProposed | DocumentWithdrawn):
                self._of[r.fact.document].append(r)
        self.states: Mapping[str, EditionState] = {
            r.id: self._state(Edition(r, r.fact)) for r in facts if isinstance(r.fact, DocumentProposed)
        }
        """By the edition's id; never fewer than before."""
        self._through: dict[tuple[str, str, date, date, str | None], tuple[tuple[date, date, Edition], ...]] = {}

    def _state(self, edition: Edition) -> EditionState:
        later = self._of[edition.id]
        adopted = next((r for r in later if isinstance(r.fact, DocumentAdopted)), None)
        if adopted is None:
            if edition.id not in self._alive:
                return EditionState(edition, Status.DROPPED, reason=_reason(later))
            return EditionState(edition, Status.PROPOSED, pending=edition.proposed)
        answered = {r.fact.caused_by for r in later}
        asked = [r for r in later if isinstance(r.fact, DocumentWithdrawalProposed) and r.id not in answered]
        void_by = [r for r in later if isinstance(r.fact, DocumentWithdrawn) and adopted.id in r.fact.annuls]
        in_force = adopted.id in self._alive
        standing = adopted if in_force else next(r for r in reversed(void_by) if r.id in self._alive)
        # Asked for before something else was confirmed, a proposal is about what no longer stands.
        pending = next((r for r in reversed(asked) if r.fact.target == standing.id), None)  # type: ignore[attr-defined]
        status = Status.ADOPTED if in_force else Status.WITHDRAWN
        told = [r for r in (pending, standing) if r is not None]
        return EditionState(edition, status, adopted, standing, pending, _reason(told))

    @cached_property
    def _in_force(self) -> Dated[Edition]:
        adopted = [s for s in self.states.values() if s.status is Status.ADOPTED and s.adopted is not None]
        return Dated(s.edition for s in sorted(adopted, key=lambda s: s.adopted.position))  # type: ignore[union-attr]

    @cached_property
    def _named(self) -> Mapping[tuple[str, str, str], EditionState]:
        taken = (s for s in self.states.values() if s.status is not Status.DROPPED)
        return {(s.edition.fact.kind, s.edition.fact.key, s.edition.fact.edition): s for s in taken}

    def in_force(self, kind: str, key: str, day: date, place: str | None) -> Edition:
        """The edition in force on that day in that place (a division code of any length; ``None``: the whole country).
        Raises ``NotInForce``, and ``UnknownName`` where none of this key was ever adopted."""
        for edition in self.holding(kind, key, day, place):
            return edition
        raise NotInForce(name_of(kind, key), day)

    def holding(self, kind: str, key: str, day: date, place: str | None) -> Iterator[Edition]:
        """The edition in force of each jurisdiction that the place lies in, from the most specific up. Raises
        ``UnknownName``."""
        return self._holding(name_of(kind, key), day, place)

    def _holding(self, name: str, day: date, place: str | None) -> Iterator[Edition]:
        for begun in self._in_force.begun(name, day, place):
            held = next((edition for edition in reversed(begun) if edition.holds_on(day)), None)
            if held is not None:
                yield held

    def in_force_through(
        self, kind: str, key: str, first: date, last: date, place: str | None
    ) -> Sequence[tuple[date, date, Edition]]:
        """First and last day of each stretch of these days, in order, and the edition in force on every day of it. Raises
        ``NotInForce`` and ``UnknownName``."""
        asked = kind, key, first, last, place
        found = self._through.get(asked)
        if found is None:
            if len(self._through) >= MOST_STRETCHES:
                self._through.clear()
            begun = self._turns(kind, key, first, last, place)
            found = self._through[asked] = tuple(
                (start, following - ONE_DAY if following else last, self.in_force(kind, key, start, place))
                for start, following in zip_longest(begun, begun[1:])
            )
        return found

    def _turns(self, kind: str, key: str, first: date, last: date, place: str | None) -> list[date]:
        """``first``, and the days after it until ``last`` on which another edition may come into force there, in order. Raises
        ``UnknownName``."""
        there = set(jurisdictions_of(place))
        editions = [e for e in self._in_force.all(name_of(kind, key)) if e.jurisdiction in there]
        ended = (until + ONE_DAY for e in editions if (until := e.fact.in_force_to) is not None and until < last)
        return sorted({first, *(day for day in (*(e.since for e in editions), *ended) if first < day <= last)})

    def governing(self, kind: str) -> Iterator[Edition]:
        """Of every document of this kind the editions that are adopted, or where none is any more those that were withdrawn: what
        was told under them is there still, and is for nobody else than before."""
        of_kind = [s for s in self.states.values() if s.edition.fact.kind == kind]
        adopted = {s.edition.fact.key for s in of_kind if s.status is Status.ADOPTED}
        for state in of_kind:
            gone = state.status is Status.WITHDRAWN and state.edition.fact.key not in adopted
            if state.status is Status.ADOPTED or gone:
                yield state.edition

    def all_in_force(self, day: date, place: str | None) -> frozenset[str]:
        """Ids of the editions in force on that day: of each key the one that applies in the place, or, where none is given,
        those of all places."""
        found: list[Edition] = []
        for name in self._in_force.names:
            if place is not None:
                found += islice(self._holding(name, day, place), 1)
                continue
            for _, of_place in groupby(self._in_force.all(name), key=attrgetter("jurisdiction")):
                found += [e for e in reversed(list(of_place)) if e.holds_on(day)][:1]
        return frozenset(edition.id for edition in found)

    def first(self, kind: str, key: str) -> Edition | None:
        """The edition that was adopted first, withdrawn or not."""
        return self._first_adopted.get(name_of(kind, key))

    @cached_property
    def _first_adopted(self) -> Mapping[str, Edition]:
        ever = [(s.adopted.position, s.edition) for s in self.states.values() if s.adopted is not None]
        latest_first = sorted(ever, key=itemgetter(0), reverse=True)
        return {edition.name: edition for _, edition in latest_first}

    def named(self, kind: str, key: str, edition: str) -> EditionState | None:
        """The edition of that name, withdrawn or not; ``None`` where the name is free."""
        return self._named.get((kind, key, edition))


class Register:
    """The documents of one log. ``facts``: of its stream, all there are."""

    def __init__(self, facts: Sequence[Recorded] = ()) -> None:
        self._facts = known(facts)
        self._known: dict[int, KnownDocuments] = {}
        self._moments: dict[str, list[datetime]] = {}

    @property
    def version(self) -> int:
        """How many facts there are."""
        return len(self._facts)

    def as_known(self, known_at: datetime | None = None) -> KnownDocuments:
        """As known at an instant, which is excluded; now, where none is given."""
        if known_at is None:
            return self._first(len(self._facts))
        return self._first(bisect_left(self._facts, known_at, key=attrgetter("recorded_at")))

    def as_known_before(self, position: int) -> KnownDocuments:
        """As known to whatever stands at this position of the log."""
        return self._first(bisect_left(self._facts, position, key=attrgetter("position")))

    def moments(self, kind: str) -> Sequence[datetime]:
        """When what is adopted of a kind became other than before, in order."""
        if kind not in self._moments:
            self._moments[kind] = self._moments_of(kind)
        return self._moments[kind]

    def _moments_of(self, kind: str) -> list[datetime]:
        of_kind = {r.id for r in self._facts if isinstance(r.fact, DocumentProposed) and r.fact.kind == kind}
        changing = (r for r in self._facts if isinstance(r.fact, DocumentAdopted | DocumentWithdrawn))
        return [r.recorded_at for r in changing if r.fact.document in of_kind]  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[Any, ...]:
        return Register, (self._facts,)

    def _first(self, count: int) -> KnownDocuments:
        found = self._known.get(count)
        if found is None:
            if len(self._known) >= MOMENTS_KEPT:
                self._known = {}
            found = self._known[count] = KnownDocuments(self._facts[:count])
        return found


def confirm(
    state: EditionState, by: str, today: date, accounts: Collection[str]
) -> DocumentAdopted | DocumentWithdrawn:
    """What is pending takes effect by a second person. ``accounts``: those of the person whose ``by`` is. Raises ``Refused``."""
    pending = state.pending
    if pending is None:
        raise Refused(rules.NOTHING_PENDING, status=state.status)
    if pending.fact.entered_by in {by, *accounts}:
        raise Refused(rules.OWN_PROPOSAL).advising(
            NextStep("confirm_document", Office((Role.OPERATOR,), another_person=True))
        )
    if isinstance(pending.fact, DocumentWithdrawalProposed):
        return DocumentWithdrawn(
            effective_on=today, entered_by=by, document=state.edition.id, reason=pending.fact.reason,
            caused_by=pending.id, annuls=(pending.fact.target,),
        )  # fmt: skip
    return DocumentAdopted(
        effective_on=state.edition.since, entered_by=by, document=state.edition.id, caused_by=pending.id
    )


def withdraw(state: EditionState, by: str, reason: str, today: date) -> DocumentWithdrawalProposed | DocumentWithdrawn:
    """The withdrawal of an edition in force, or of its withdrawal, is proposed; a proposal that nobody has confirmed is
    taken back at once. Raises ``Refused``."""
    document = state.edition.id
    if state.status is Status.DROPPED:
        raise Refused(rules.NOTHING_TO_WITHDRAW)
    if state.standing is None:
        return DocumentWithdrawn(
            effective_on=today, entered_by=by, document=document, reason=reason, annuls=(document,)
        )
    return DocumentWithdrawalProposed(
        effective_on=today, entered_by=by, document=document, target=state.standing.id, reason=reason
    )


def _reason(facts: Sequence[Recorded]) -> str | None:
    return next(
        (r.fact.reason for r in facts if isinstance(r.fact, DocumentWithdrawalProposed | DocumentWithdrawn)), None
    )
