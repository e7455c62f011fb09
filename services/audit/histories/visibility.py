"""What a reader sees of a household that moved away, or of which nothing stands: an area in which it stood sees the facts
that were effective while it stood there, and what annulled them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import effective_within, timeline
from services.audit.statements.state import REGISTRY, is_relevant, starting_state, transitions
from services.chassis.security.actor import Actor


class Stay(NamedTuple):
    """The household stood in ``division`` from the day ``since`` up to ``until`` (exclusive)."""

    division: str
    since: date
    until: date


def visible_facts(own: Sequence[Recorded], ancestors: Sequence[Recorded], household: UUID, actor: Actor) -> set[str]:
    """Ids of the household's own facts that the actor sees: all, where it is in the actor's area today; else those of days
    on which it stood there, and annulments of what is seen. Of a household none of whose facts stands, what was believed
    once counts; where it never stood elsewhere, all is seen."""
    # Area uses the real now, whatever day is asked about.
    stays, is_here = _stays_seen(own, ancestors, household, actor)
    here = [stay for stay in stays if actor.covers(stay.division)]
    if is_here:
        return {r.id for r in own}
    return {r.id for r in effective_within(own, [(stay.since, stay.until) for stay in here])}


def is_in_area_today(own: Sequence[Recorded], ancestors: Sequence[Recorded], household: UUID, actor: Actor) -> bool:
    """Whether the actor sees everything of the household, whose area is the real now's."""
    return _stays_seen(own, ancestors, household, actor)[1]


def _stays_seen(
    own: Sequence[Recorded], ancestors: Sequence[Recorded], household: UUID, actor: Actor
) -> tuple[list[Stay], bool]:
    registered = [r for r in (*own, *ancestors) if r.log == REGISTRY and is_relevant(r.fact)]
    current = list(_stays(registered, household))
    stays = current or list(_ever_believed(registered, household))
    if current:
        return stays, actor.covers(current[-1].division)
    return stays, bool(stays) and all(actor.covers(stay.division) for stay in stays)


def _ever_believed(registered: Iterable[Recorded], household: UUID) -> Iterator[Stay]:
    known: list[Recorded] = []
    in_order = sorted(registered, key=lambda r: r.position)
    for _, committed in groupby(in_order, key=lambda r: r.recorded_at):
        known += committed
        yield from _stays(known, household)


def _stays(registered: Sequence[Recorded], household: UUID) -> Iterator[Stay]:
    """By what these facts come to."""
    start, own = starting_state(timeline(registered, of=household), household)
    # Of several on one day the last holds.
    since = {t.recorded.fact.effective_on: t.after for t in transitions(own, start)}
    for (day, after), (until, _) in pairwise([*since.items(), (date.max, start)]):
        if after.status is not None:
            yield Stay(after.division, day, until)
