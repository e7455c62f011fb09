"""Who helps a subject, and on which lists it is, folded from its stream. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce

from contracts.assistance.pairs import (
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


@dataclass(frozen=True, slots=True)
class Told:
    """A day, and when it was recorded."""

    day: date
    known_on: date
    fact: str


@dataclass(frozen=True, slots=True)
class Pair:
    """``facts``: ids of all that was told of it; ``void``: entered by mistake."""

    number: int
    formed: PairFormed
    told: Told
    signed: Mapping[Side, Told] = field(default_factory=dict)
    contract: ExitContractSigned | None = None
    end: Told | None = None
    reason: str | None = None
    facts: tuple[str, ...] = ()
    void: bool = False

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
    """``facts``: those known, in the order of recording; ``as_of``: of what is effective later nothing is told."""
    # What is void is void on every day, also before it was said.
    every = list(facts)
    void = {id_ for r in every if isinstance(r.fact, PairDeathsAnnulled) for id_ in r.fact.annuls}
    told = (
        r
        for r in every
        if r.id not in void and (as_of is None or r.fact.effective_on <= as_of or isinstance(r.fact, PairAnnulled))
    )
    return reduce(_evolve, told, Helped())


def _evolve(before: Helped, recorded: Recorded) -> Helped:
    fact, told = recorded.fact, Told(recorded.fact.effective_on, civil_day(recorded.recorded_at), recorded.id)
    number = recorded.version
    match fact:
        case HelpListed():
            return replace(before, listings={**before.listings, number: Listing(number, fact, told)})
        case HelpUnlisted(listing=listing):
            ended = replace(before.listings[listing], until=told.day)
            return replace(before, listings={**before.listings, listing: ended})
        case PairFormed():
            return before.with_pair(Pair(number, fact, told, facts=(recorded.id,)))
        case CommitmentSigned(pair=pair, side=side):
            of = before.pairs[pair]
            return before.with_pair(_told(replace(of, signed={**of.signed, side: told}), recorded))
        case ExitContractSigned(pair=pair):
            return before.with_pair(_told(replace(before.pairs[pair], contract=fact), recorded))
        case PairEnded(pair=pair, reason=reason):
            return before.with_pair(_told(replace(before.pairs[pair], end=told, reason=reason), recorded))
        case PairEndedByDeath(pair=pair, of_helper=of_helper):
            of = before.pairs[pair]
            if of.end is not None and of.end.day <= told.day:
                return before  # it was over
            reason = PairEndReason.HELPER_LEFT if of_helper else PairEndReason.HELPED_LEFT
            return before.with_pair(_told(replace(of, end=told, reason=reason), recorded))
        case PairAnnulled(pair=pair) if pair in before.pairs:
            return before.with_pair(replace(before.pairs[pair], void=True))
    return before


def _told(pair: Pair, recorded: Recorded) -> Pair:
    return replace(pair, facts=(*pair.facts, recorded.id))
