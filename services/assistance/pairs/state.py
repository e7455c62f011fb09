"""Who helps a subject, and on which lists it is, folded from what is told of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce

from contracts.assistance.pairing import PairingEnded
from contracts.assistance.pairs import (
    FOLLOWING,
    CommitmentSigned,
    ExitContractSigned,
    HelpListed,
    HelpUnlisted,
    PairAnnulled,
    PairDeathsAnnulled,
    PairEnded,
    PairEndedByDeath,
    PairEndReason,
    PairFormed,
    Side,
)
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import surviving, timeline
from services.assistance.pairs import first_edition
from services.assistance.pairs.streams import FOLLOWING_PREFIX, number_of


@dataclass(frozen=True, slots=True)
class Told:
    """A day, and when it was recorded."""

    day: date
    known_on: date
    fact: str


@dataclass(frozen=True, slots=True)
class Pair:
    """``facts``: ids of all that was told of it; ``by_itself``: nobody told its end, it followed from the register; ``void``: entered
    by mistake, or what it followed from was. ``position``: of what formed it, in the log."""

    number: int
    formed: PairFormed
    told: Told
    signed: Mapping[Side, Told] = field(default_factory=dict)
    contract: ExitContractSigned | None = None
    end: Told | None = None
    reason: str | None = None
    facts: tuple[str, ...] = ()
    by_itself: bool = False
    void: bool = False
    position: int = 0

    @property
    def follows_register(self) -> bool:
        return self.number > FOLLOWING

    @property
    def begins(self) -> Told | None:
        """When it took effect; ``None``: not both have signed."""
        if not self.formed.committed_first:
            return self.told
        if len(self.signed) < len(Side):
            return None
        both = (self.told, *self.signed.values())
        last = max(both, key=lambda t: (t.day, t.known_on))
        return replace(last, known_on=max(t.known_on for t in both))

    @property
    def until(self) -> date | None:
        """The first day without this helper."""
        planned = self.formed.ends_on
        return planned if self.end is None else self.end.day if planned is None else min(planned, self.end.day)

    def holds_on(self, day: date) -> bool:
        return not self.void and self.told.day <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Listing:
    number: int
    listed: HelpListed
    told: Told
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.told.day <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Helped:
    """``pairs`` and ``listings`` by number, void ones included."""

    pairs: Mapping[int, Pair] = field(default_factory=dict)
    listings: Mapping[int, Listing] = field(default_factory=dict)

    def with_pair(self, pair: Pair) -> "Helped":
        return replace(self, pairs={**self.pairs, pair.number: pair})


def helped(facts: Iterable[Recorded], as_of: date | None = None) -> Helped:
    """``facts``: those known, of each stream in the order of recording; ``as_of``: of what is effective later nothing is told."""
    every = list(facts)
    own = [r for r in every if not r.stream.startswith(FOLLOWING_PREFIX)]
    # What is void is void on every day, also before it was said.
    void = {id_ for r in own if isinstance(r.fact, PairDeathsAnnulled) for id_ in r.fact.annuls}
    found = reduce(_evolve, (r for r in own if r.id not in void and _is_told(r, as_of)), Helped())
    following = [r for r in every if r.stream.startswith(FOLLOWING_PREFIX)]
    return _with_following(found, following, as_of) if following else found


def _is_told(recorded: Recorded, as_of: date | None) -> bool:
    return as_of is None or recorded.fact.effective_on <= as_of or isinstance(recorded.fact, PairAnnulled)


def _with_following(before: Helped, facts: Sequence[Recorded], as_of: date | None) -> Helped:
    """Pairs that follow the register: of the first edition, and of this one. What the register ends it ends for all that were
    formed before, whenever they are told of."""
    stands = {r.id for r in surviving(r for r in facts if not isinstance(r.fact, PairAnnulled))}
    stands |= {r.id for r in facts if isinstance(r.fact, PairAnnulled)}
    standing = [r for r in facts if r.id in stands]
    first = [r for r in standing if isinstance(r.fact, (*first_edition.TOLD, PairingEnded))]
    found = reduce(
        Helped.with_pair, map(_of_first_edition, first_edition.assignments(timeline(first, as_of=as_of))), before
    )
    for recorded in facts:
        if not _is_told(recorded, as_of):
            continue
        if recorded.id in stands:
            found = _evolve(found, recorded)
        elif isinstance(recorded.fact, PairFormed):
            found = _evolve(found, recorded)
            number = number_of(recorded.stream, recorded.version)
            found = found.with_pair(replace(found.pairs[number], void=True))
    ends = sorted((r for r in standing if isinstance(r.fact, PairingEnded)), key=lambda r: r.fact.effective_on)
    return reduce(_ended_by_register, (r for r in ends if _is_told(r, as_of)), found)


def _of_first_edition(one: first_edition.Assignment) -> Pair:
    told, ended = one.assigned, one.ended
    day, known_on = one.released_on, one.release_known_on
    end = None if ended is None or day is None or known_on is None else Told(day, known_on, ended.id)
    by_itself = ended is not None and isinstance(ended.fact, PairingEnded)
    # An end that the register brought about may be that of several.
    facts = (told.id, *(() if ended is None or by_itself else (ended.id,)))
    return Pair(
        number_of(told.stream, told.version), one.formed(),
        Told(told.fact.effective_on, civil_day(told.recorded_at), told.id), end=end, reason=one.reason, facts=facts,
        by_itself=by_itself, position=told.position,
    )  # fmt: skip


def _ended_by_register(before: Helped, recorded: Recorded) -> Helped:
    fact = recorded.fact
    assert isinstance(fact, PairingEnded)
    told = Told(fact.effective_on, civil_day(recorded.recorded_at), recorded.id)
    for pair in before.pairs.values():
        was_there = (pair.told.day, pair.position) < (told.day, recorded.position)
        if pair.follows_register and not pair.void and was_there and (pair.until is None or told.day < pair.until):
            before = before.with_pair(replace(pair, end=told, reason=str(fact.reason), by_itself=True))
    return before


def _evolve(before: Helped, recorded: Recorded) -> Helped:
    fact, told = recorded.fact, Told(recorded.fact.effective_on, civil_day(recorded.recorded_at), recorded.id)
    number = number_of(recorded.stream, recorded.version)
    if getattr(fact, "pair", number) not in (number, *before.pairs):
        return before  # what it was formed by is void
    match fact:
        case HelpListed():
            return replace(before, listings={**before.listings, number: Listing(number, fact, told)})
        case HelpUnlisted(listing=listing):
            ended = replace(before.listings[listing], until=told.day)
            return replace(before, listings={**before.listings, listing: ended})
        case PairFormed():
            return before.with_pair(Pair(number, fact, told, facts=(recorded.id,), position=recorded.position))
        case CommitmentSigned(pair=pair, side=side):
            of = before.pairs[pair]
            return before.with_pair(_told(replace(of, signed={**of.signed, side: told}), recorded))
        case ExitContractSigned(pair=pair):
            return before.with_pair(_told(replace(before.pairs[pair], contract=fact), recorded))
        case PairEnded(pair=pair, reason=reason):
            ended_pair = replace(before.pairs[pair], end=told, reason=reason, by_itself=False)
            return before.with_pair(_told(ended_pair, recorded))
        case PairEndedByDeath(pair=pair, of_helper=of_helper):
            of = before.pairs[pair]
            if of.end is not None and of.end.day <= told.day:
                return before  # it was over
            reason = PairEndReason.HELPER_LEFT if of_helper else PairEndReason.HELPED_LEFT
            return before.with_pair(_told(replace(of, end=told, reason=reason, by_itself=True), recorded))
        case PairAnnulled(pair=pair):
            return before.with_pair(replace(before.pairs[pair], void=True))
    return before


def _told(pair: Pair, recorded: Recorded) -> Pair:
    return replace(pair, facts=(*pair.facts, recorded.id))
