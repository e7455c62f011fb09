"""The two-time selection: which facts count for day V, as it was known at instant T, and in which order.

Facts are ordered by the day since which they are true, then by the rank of their type, then by position: the order of
entering them decides nothing but which of two facts of one kind and day corrects the other.

A household that split off starts from its parent's state just before the split. Its timeline therefore begins with its
parent's, up to the split, and so on through its ancestors; on the day of the split its own facts come right after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded

_by_position = attrgetter("position")
_by_day = attrgetter("fact.effective_on")
_by_rank = attrgetter("fact.rank")
_annuls = attrgetter("fact.annuls")

Order = tuple[date, int]
"""Day and rank of a fact."""


def order_of(recorded: Recorded) -> Order:
    """Where a fact stands in its household's timeline, but for its position."""
    return recorded.fact.effective_on, recorded.fact.rank


def known(facts: Iterable[Recorded], known_at: datetime | None = None) -> list[Recorded]:
    """Facts recorded before ``known_at`` (all, when ``None``), in position order."""
    return sorted((f for f in facts if f.recorded_at < known_at) if known_at is not None else facts, key=_by_position)


def surviving(facts: Iterable[Recorded]) -> list[Recorded]:
    """Drop annulled facts, latest first, so that annulling an annulment restores; the rest in the order of the timeline."""
    kept = known(facts)
    if any(map(_annuls, kept)):
        kept = _not_annulled(kept)
    # One after the other, the last weighing most: each sort keeps the order of equals.
    kept.sort(key=_by_rank)
    kept.sort(key=_by_day)
    forming = [f for f in kept if getattr(f.fact, "descends_from", None)]
    parents = {
        f.fact.household_id: p for f in forming if (p := parent_of(f)) is not None and isinstance(f.fact, HouseholdFact)
    }
    return _behind_splits(kept, parents) if parents else kept


def timeline(
    facts: Iterable[Recorded],
    *,
    of: UUID | None = None,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[Recorded]:
    """The facts that make up ``state(V, T)``; ``as_of`` includes its day, ``None`` keeps future-effective facts. ``of``:
    the household whose timeline it is, where the facts of its ancestors are among them."""
    kept = surviving(facts if known_at is None else known(facts, known_at))
    if of is not None:
        kept = _line_of(kept, of)
    return kept if as_of is None else [f for f in kept if f.fact.effective_on <= as_of]


def effective_within(facts: Iterable[Recorded], days: Sequence[tuple[date, date]]) -> list[Recorded]:
    """The facts effective on these days (from the first to before the second of each pair), and of the annulments those of
    such facts alone, whatever their day: an annulment goes with what it annulled. In the order of recording."""
    chosen: dict[str, Recorded] = {}
    for r in sorted(facts, key=lambda r: (r.recorded_at, r.position)):
        day = r.fact.effective_on
        if chosen.keys() >= {*r.fact.annuls} if r.fact.annuls else any(first <= day < end for first, end in days):
            chosen[r.id] = r
    return list(chosen.values())


def parent_of(recorded: Recorded) -> UUID | None:
    """The household that this fact's household started from, where the fact says so."""
    fact = recorded.fact
    return getattr(fact, fact.descends_from) if isinstance(fact, HouseholdFact) and fact.descends_from else None


def child_of(recorded: Recorded) -> UUID | None:
    """The household that started from this fact's household, where the fact says so."""
    fact = recorded.fact
    return getattr(fact, fact.begets) if isinstance(fact, HouseholdFact) and fact.begets else None


def _not_annulled(facts: list[Recorded]) -> list[Recorded]:
    annulled: set[str] = set()
    kept: list[Recorded] = []
    for f in reversed(facts):
        if f.id not in annulled:
            annulled.update(f.fact.annuls)
            kept.append(f)
    return kept[::-1]


def _behind_splits(facts: Sequence[Recorded], parents: Mapping[UUID, UUID]) -> list[Recorded]:
    """Facts of the day on which their household was formed, right behind the split that formed it: generation by
    generation where several splits share the day."""
    formed = {_household_of(f): f.fact.effective_on for f in facts if parent_of(f) is not None}
    split_rank = next((f.fact.rank for f in facts if child_of(f) is not None), 0)

    def generation(household: UUID | None, day: date) -> int:
        if household is None or formed.get(household) != day:
            return 0
        return 1 + generation(parents.get(household), day)

    def key(recorded: Recorded) -> tuple[date, int, int, int]:
        day, rank = order_of(recorded)
        since = generation(_household_of(recorded), day)
        return (day, split_rank, since, rank) if since else (day, rank, 0, 0)

    return sorted(facts, key=key)


def _line_of(facts: Sequence[Recorded], household: UUID) -> list[Recorded]:
    """The household's own facts, and its ancestors' before the splits that lead to it."""
    until: dict[UUID, int] = {}
    child, end = household, len(facts)
    while (place := _formation_of(facts, child, end)) is not None:
        parent = parent_of(facts[place])
        assert parent is not None
        split = next(
            (n for n in range(place) if child_of(facts[n]) == child and _household_of(facts[n]) == parent), place
        )
        until[parent] = end = split
        child = parent
    return (
        [f for n, f in enumerate(facts) if (h := _household_of(f)) == household or (h in until and n < until[h])]
        if until
        else [f for f in facts if _household_of(f) in (household, None)]
    )


def _formation_of(facts: Sequence[Recorded], household: UUID, end: int) -> int | None:
    return next(
        (n for n in range(end) if parent_of(facts[n]) is not None and _household_of(facts[n]) == household), None
    )


def _household_of(recorded: Recorded) -> UUID | None:
    return recorded.fact.household_id if isinstance(recorded.fact, HouseholdFact) else None
