"""Posts as what is owed a recertification: by the level above, for as long as they are held. Pure, and as SQL for duties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString
from uuid import UUID

from contracts.casework.directory import PostAssumed, PostLeft, PostRecertified
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import known, timeline
from services.casework.directory.domain import stream_of
from services.casework.duties.history import Fulfilment, History, Obligation
from services.casework.duties.matters import DutyMatters
from services.casework.inbox.entries import Act
from services.chassis.log.unit import Tx

BELOW_COUNTY, FROM_COUNTY_UP = "post_below_county", "post_from_county_up"
"""Names of the obligations, for documents: the county answers for posts of villages and townships, the province for all
others."""
REVIEWED = PostRecertified.type_name
"""What fulfils: that the post was confirmed, and likewise that it ended, for then nothing is left to confirm."""
ONE_DAY = timedelta(days=1)

POST_AREAS = "SELECT post_id AS subject, division FROM staff_posts"
"""SQL of the relation (subject, division): where each post is that was ever assumed."""


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


class PostsHeld:
    """Implements ``DutyMatter``: whoever is above owes a post, as long as it is held, what documents say."""

    of_households = False
    kinds: Mapping[str, frozenset[str]] = {REVIEWED: frozenset()}
    acts: Mapping[str, Act]
    fulfilments: LiteralString = (
        "SELECT post_id AS subject, 'PostRecertified' AS kind, NULL::text AS by, day, day AS last, '{}'::text[] AS fields,"
        " NULL::uuid AS whom FROM post_reviews"
    )

    def __init__(self, root: str, digits: LiteralString) -> None:
        """``root``: path of the directory; ``digits``: SQL that says which codes the posts' divisions have."""
        self.acts = {REVIEWED: Act("recertify_post", "POST", f"{root}/posts/{{post_id}}/recertifications")}
        self.obligations: LiteralString = (
            f"SELECT post_id AS subject, NULL::text AS obliged, since, begins, until FROM post_tenures WHERE {digits}"
        )
        self.parties: LiteralString = (
            f"SELECT post_id AS subject, NULL::text AS obliged FROM staff_posts WHERE {digits}"
        )
        self._of: LiteralString = f"SELECT post_id, staff_id FROM staff_posts WHERE {digits} AND post_id = ANY(%s)"

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        holders = dict(tx.cur.execute(self._of.encode(), (list(subjects),)).fetchall())
        streams = tx.load_many(stream_of(staff_id) for staff_id in set(holders.values()))
        found: dict[UUID, History] = {}
        for staff_id in set(holders.values()):
            facts = known(streams[stream_of(staff_id)], known_at)
            for tenure in tenures(timeline(facts, as_of=as_of)):
                if tenure.post_id in holders:
                    places = [(tenure.obligation.since, tenure.division)]
                    found[tenure.post_id] = History([tenure.obligation], tenure.reviews, places, facts[-1].id)
        return found


def duty_matters(root: str) -> DutyMatters:
    return {
        BELOW_COUNTY: PostsHeld(root, "length(division) > 6"),
        FROM_COUNTY_UP: PostsHeld(root, "length(division) <= 6"),
    }
