"""Posts as what is owed a recertification: by the level above, for as long as they are held."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from contracts.selection import known, timeline
from services.casework.directory.domain import stream_of
from services.casework.duties.history import History
from services.casework.duties.matters import DutyMatters
from services.casework.inbox.entries import SUBJECT, Act
from services.casework.recertification.domain import REVIEWED, tenures
from services.chassis.log.unit import Tx

BELOW_COUNTY, FROM_COUNTY_UP = "post_below_county", "post_from_county_up"
"""Names of the obligations, for documents: the county answers for posts of villages and townships, the province for all
others."""

POST_AREAS = "SELECT post_id AS subject, division FROM staff_posts"
"""SQL of the relation (subject, division): where each post is that was ever assumed."""


class PostsHeld:
    """Implements ``DutyMatter``: whoever is above owes a post, as long as it is held, what documents say."""

    of_households = False
    set_once = False
    kinds: Mapping[str, frozenset[str]] = {REVIEWED: frozenset()}
    acts: Mapping[str, Act]
    fulfilments: LiteralString = (
        "SELECT post_id AS subject, 'PostRecertified' AS kind, NULL::text AS by, day, day AS last, '{}'::text[] AS fields,"
        " NULL::uuid AS whom FROM post_reviews"
    )

    def __init__(self, root: str, digits: LiteralString) -> None:
        """``root``: path of the directory; ``digits``: SQL that says which codes the posts' divisions have."""
        self.acts = {REVIEWED: Act("recertify_post", "POST", f"{root}/posts/{SUBJECT}/recertifications")}
        self.obligations: LiteralString = (
            "SELECT post_id AS subject, NULL::text AS obliged, since, begins, until, NULL::text AS of_kind"
            f" FROM post_tenures WHERE {digits}"
        )
        self.parties: LiteralString = (
            f"SELECT post_id AS subject, NULL::text AS obliged, NULL::text AS of_kind FROM staff_posts WHERE {digits}"
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
