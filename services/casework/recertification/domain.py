"""From when to when a post is held, and what was done about it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from contracts.casework.directory import PostAssumed, PostLeft, PostRecertified
from contracts.civil import civil_day
from contracts.facts import Recorded
from services.casework.duties.history import Fulfilment, Obligation

REVIEWED = PostRecertified.type_name
"""What fulfils: that the post was confirmed, and likewise that it ended, for then nothing is left to confirm."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tenure:
    """A post and what was done about it. ``until``: the first day without it."""

    post_id: UUID
    division: str
    obligation: Obligation
    reviews: tuple[Fulfilment, ...]


def tenures(facts: Iterable[Recorded]) -> list[Tenure]:
    """Of a member's posts. ``facts``: in order of the timeline."""
    facts = list(facts)
    return [_tenure(r, r.fact, facts) for r in facts if isinstance(r.fact, PostAssumed)]


def _tenure(assumed: Recorded, fact: PostAssumed, facts: Sequence[Recorded]) -> Tenure:
    since, reviews = fact.effective_on, list[Fulfilment]()
    until = None if fact.term_ends is None else fact.term_ends + ONE_DAY
    cause = assumed.id
    for recorded in facts:
        told = recorded.fact
        if isinstance(told, PostLeft) and told.post_id == fact.post_id:
            until, cause = min(until or date.max, told.effective_on), recorded.id
        if isinstance(told, PostRecertified) and told.post_id == fact.post_id:
            reviews.append(_reviewed(recorded.id, told.effective_on, told.entered_by))
    if until is not None:
        reviews.append(_reviewed(cause, until - ONE_DAY, None))
    begins = max(since, civil_day(assumed.recorded_at))
    return Tenure(fact.post_id, fact.division, Obligation(None, since, begins, until, assumed.id), tuple(reviews))


def _reviewed(fact: str, day: date, by: str | None) -> Fulfilment:
    return Fulfilment(fact, REVIEWED, day, day, by)
