"""The two-time selection: which facts count for day V, as it was known at instant T (design: "Two times")."""

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter

from contracts.facts import Recorded

_by_position = attrgetter("position")
_by_day = attrgetter("fact.effective_on")


def known(facts: Iterable[Recorded], known_at: datetime | None = None) -> list[Recorded]:
    """Facts recorded before ``known_at`` (all, when ``None``), in position order."""
    seen = [f for f in facts if known_at is None or f.recorded_at < known_at]
    return sorted(seen, key=_by_position)


def surviving(facts: Iterable[Recorded]) -> list[Recorded]:
    """Drop annulled facts, latest first, so that annulling an annulment restores. Order is (effective_on, position)."""
    kept = sorted(facts, key=_by_position)
    if any(f.fact.annuls for f in kept):
        kept = _not_annulled(kept)
    return sorted(kept, key=_by_day)  # which keeps the order of positions within a day


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
    return [f for f in surviving(known(facts, known_at)) if as_of is None or f.fact.effective_on <= as_of]
