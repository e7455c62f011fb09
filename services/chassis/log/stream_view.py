"""The facts of a stream as a unit of work sees them, with what was folded of them.

One command asks about the same household several times, and nearly always adds to its end: it is folded once, and then
goes on from there. A late fact or an annulment folds it anew.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property, reduce
from typing import Any, Self, TypeVar

from contracts.facts import Recorded
from contracts.selection import timeline

S = TypeVar("S")


class StreamView(tuple[Recorded, ...]):
    """In position order. ``before``: the facts that these go on from. ``version``: the stream's, also where its last fact
    is not among these."""

    before: "StreamView | None"
    folds: dict[Any, Any]
    version: int

    def __new__(
        cls, facts: Iterable[Recorded] = (), before: "StreamView | None" = None, *, version: int | None = None
    ) -> Self:
        made = super().__new__(cls, facts)
        made.before, made.folds = before, {}
        made.version = (made[-1].version if made else 0) if version is None else version
        return made

    def extended_with(self, added: Sequence[Recorded]) -> "StreamView":
        """These facts and, behind them, more."""
        return StreamView((*self, *added), self)

    @cached_property
    def added(self) -> tuple[Recorded, ...]:
        """What was added to ``before``."""
        return self[0 if self.before is None else len(self.before) :]

    @cached_property
    def latest(self) -> date:
        """The latest day on which any of them takes effect."""
        return max((r.fact.effective_on for r in self), default=date.min)

    @cached_property
    def in_order(self) -> bool:
        """Whether what was added stands at the end of the timeline and leaves the rest of it as it was."""
        if self.before is None or any(r.fact.annuls for r in self.added):
            return False
        days = [self.before.latest, *(r.fact.effective_on for r in self.added)]
        return days == sorted(days)


def fold_stream(facts: Sequence[Recorded], start: S, evolve: Callable[[S, Recorded], S]) -> S:
    """The state at the end of the timeline of these facts."""
    if not isinstance(facts, StreamView):
        return reduce(evolve, timeline(facts), start)
    if evolve not in facts.folds:
        before = facts.before
        facts.folds[evolve] = (
            reduce(evolve, facts.added, fold_stream(before, start, evolve))
            if before is not None and facts.in_order
            else reduce(evolve, timeline(facts), start)
        )
    state: S = facts.folds[evolve]
    return state
