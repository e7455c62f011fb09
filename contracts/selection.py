"""The two-time selection: which facts count for day V, as it was known at instant T (design: "Two times")."""

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter

from contracts.facts import Recorded

_by_position = attrgetter("position")
_by_day = attrgetter("fact.effective_on")
_annuls = attrgetter("fact.annuls")


def known(facts: Iterable[Recorded], known_at: datetime | None = None) -> list[Recorded]:
    """Facts recorded before ``known_at`` (all, when ``None``), in position order."""
    return sorted((f for f in facts if f.recorded_at < known_at) if known_at is not None else facts, key=_by_position)


def surviving(facts: Iterable[Recorded]) -> list[Recorded]:
    """Drop annulled facts, latest first, so that annulling an annulment restores. Order is (effective_on, position)."""
    kept = known(facts)
    if any(map(_annuls, kept)):
        kept = _not_annulled(kept)
    kept.sort(key=_by_day)  # which keeps the order of positions within a day
    return kept


def _not_annulled(facts: list[Recorded]) -> list[Recorded]:
    annulled: set[str] = set()
    kept: list[Recorded] = []
    for f in reversed(facts):
        if f.id not in annulled:
            annulled.update(f.fact.annuls)
            kept.append(f)
    return kept[::-1]


def timeline(
    facts: Iterable[Recorded], *, as_of: date | None = None, known_at: datetime | None = None
) -> list[Recorded]:
    """The facts that make up ``state(V, T)``; ``as_of`` includes its day, ``None`` keeps future-effective facts."""
    kept = surviving(facts if known_at is None else known(facts, known_at))
    return kept if as_of is None else [f for f in kept if f.fact.effective_on <= as_of]
