"""Visits of helpers, recorded by a made-up fact: stands for the records of work that a service keeps."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from contracts.facts import HouseholdFact, published
from contracts.selection import known, timeline
from services.casework.duties.history import Fulfilment
from services.casework.inbox.entries import Act
from services.chassis.log.unit import Tx


@published("TestHouseholdVisited")
class HouseholdVisited(HouseholdFact, frozen=True, kw_only=True):
    """``topic``: what it was about, where that was said."""

    helper: str
    topic: str | None = None


def stream_of(household: UUID) -> str:
    return f"visits-{household}"


class Visits:
    """Implements ``FulfilmentSource``, without a table of its own."""

    kinds: Mapping[str, frozenset[str]] = {"visit": frozenset({"topic"})}
    acts: Mapping[str, Act] = {}
    relation: LiteralString = (
        "SELECT (v->>'household_id')::uuid AS subject, 'visit' AS kind, v->>'helper' AS by, (v->>'effective_on')::date AS day,"
        " (v->>'effective_on')::date AS last, CASE WHEN v->>'topic' IS NULL THEN '{}' ELSE ARRAY['topic'] END AS fields,"
        " NULL::uuid AS whom"
        " FROM (SELECT convert_from(state, 'UTF8')::jsonb AS v FROM log WHERE topic = 'TestHouseholdVisited/1') visits"
    )

    def fulfilments(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, Sequence[Fulfilment]]:
        streams = tx.load_many(stream_of(subject) for subject in subjects)
        return {
            subject: [
                Fulfilment(
                    r.id, "visit", r.fact.effective_on, r.fact.effective_on, r.fact.helper,
                    frozenset({"topic"} if r.fact.topic else ()),
                )
                for r in timeline(known(streams[stream_of(subject)], known_at), as_of=as_of)
                if isinstance(r.fact, HouseholdVisited)
            ]
            for subject in subjects
        }  # fmt: skip
