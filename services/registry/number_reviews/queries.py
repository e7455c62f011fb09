"""Numbers that await their review, as the tables say. Blocking."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from contracts.civil import civil_day
from services.casework.documents.reading import Documents
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range
from services.registry.deadlines import NUMBER_REVIEW_DAYS
from services.registry.households.claims import RESIDENT_ID
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.pending_claims import KINDS, SET_ASIDE
from services.registry.number_reviews.domain import NumberReview, office_of, outcome_of, stream_of

PENDING = f"""
WITH pending AS (
    SELECT DISTINCT ON (mine.holder) mine.holder AS person, mine.given_by AS act, theirs.holder AS other
    FROM claims AS mine LEFT JOIN claims AS theirs ON theirs.kind = '{RESIDENT_ID}' AND theirs.standing
        AND theirs.key_number = mine.key_number AND theirs.digest = mine.digest
    WHERE mine.kind = ANY(%s) AND mine.standing ORDER BY mine.holder, theirs.holder
), lives AS (
    SELECT DISTINCT ON (subject) subject, holder FROM exclusive_periods
    WHERE subject IN (SELECT person FROM pending UNION ALL SELECT other FROM pending)
    ORDER BY subject, valid_to DESC, valid_from DESC
)
SELECT person, act, coalesce(aside.holder, mine.holder), here.division, other, theirs.holder, there.division,
    aside.holder IS NOT NULL, EXISTS (SELECT FROM log WHERE originator_id = 'number-review-' || person)
FROM pending
LEFT JOIN claims AS aside ON aside.kind = '{SET_ASIDE}' AND aside.digest = uuid_send(person) AND aside.standing
LEFT JOIN lives AS mine ON mine.subject = person
JOIN household_divisions AS here ON here.household_id = coalesce(aside.holder, mine.holder)
LEFT JOIN lives AS theirs ON theirs.subject = other
LEFT JOIN household_divisions AS there ON there.household_id = theirs.holder
WHERE here.division >= %s AND here.division < %s
""".encode()

PERSON, HOUSEHOLD, DIVISION, OTHER_DIVISION, DECIDED = 0, 2, 3, 6, 8
"""Columns of ``PENDING``."""


class NumberReviewQueries:
    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def reviews(self, prefix: str, actor: Actor) -> list[tuple[NumberReview, date]]:
        """Of persons who live under a division, oldest first: those that the actor's office is above, and those decided; each
        with the last day for the office that reviews it."""
        found, lookup = self._store.on_snapshot(lambda tx: reviews_under(tx, prefix, actor)), self._documents.current()
        return [
            (each, each.since + timedelta(lookup.at(NUMBER_REVIEW_DAYS, each.since, each.office or None).count))
            for each in found
        ]


def reviews_under(tx: Tx, prefix: str, actor: Actor) -> list[NumberReview]:
    """What is not for the actor is not even looked at: the time that it takes would tell of it."""
    rows = [
        row
        for row in tx.cur.execute(PENDING, (list(KINDS), *code_range(prefix))).fetchall()
        if row[DECIDED] or actor.covers(office_of(row[DIVISION], row[OTHER_DIVISION]))
    ]
    tx.load_many(stream for row in rows for stream in (household_stream(row[HOUSEHOLD]), stream_of(row[PERSON])))
    return sorted((_review(tx, row) for row in rows), key=lambda review: (review.since, str(review.person_id)))


def _review(tx: Tx, row: Sequence[Any]) -> NumberReview:
    person, act, household, division, other, other_household, other_division, set_aside, _ = row
    recorded = [r.recorded_at for r in tx.load(household_stream(household)) if r.command_id == act]
    return NumberReview(
        person_id=person, household_id=household, division=division, act=act, other=other,
        other_household=other_household, other_division=other_division, office=office_of(division, other_division),
        since=civil_day(min(recorded, default=tx.instant)), set_aside=set_aside,
        outcome=outcome_of(tx.load(stream_of(person))),
    )  # fmt: skip
