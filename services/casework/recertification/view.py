"""The tables ``post_tenures`` and ``post_reviews``: what is known now of each post that stands."""

from collections.abc import Sequence
from uuid import UUID

from contracts.casework.directory import PostAssumed, PostLeft, PostRecertified
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.directory.domain import stream_of
from services.casework.directory.feed import TYPES
from services.casework.recertification.domain import tenures
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TABLES = (
    Table("post_tenures", "staff_id", ("staff_id", "post_id", "division", "since", "begins", "until")),
    Table("post_reviews", "staff_id", ("staff_id", "post_id", "fact", "day")),
)
RELEVANT = frozenset(kind.type_name for kind in (PostAssumed, PostLeft, PostRecertified))


def view() -> View[UUID]:
    return view_of_streams("recertification", TABLES, TYPES, stream_of(""), UUID, _rows, relevant_types=RELEVANT)


def _rows(staff_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    held = tenures(timeline(facts))
    return (
        [(staff_id, t.post_id, t.division, t.obligation.since, t.obligation.begins, t.obligation.until) for t in held],
        [(staff_id, t.post_id, review.fact, review.day) for t in held for review in t.reviews],
    )
