"""Numbers that await their review in the inbox: of the office whose area covers both holders, and, once it has decided that the
entry is wrong, of the village that made it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from contracts.registry.divisions import Level
from contracts.registry.number_reviews import NumberReviewOutcome
from contracts.roles import Role
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.labels import LABELS
from services.registry.messages import say
from services.registry.number_reviews.domain import NumberReview
from services.registry.number_reviews.queries import NumberReviewQueries

CORRECTED_HERE = frozenset(
    {NumberReviewOutcome.SAME_PERSON, NumberReviewOutcome.MISTYPED_HERE, NumberReviewOutcome.MISUSED}
)


class NumberReviewInbox:
    """Implements ``InboxSource``."""

    def __init__(self, queries: NumberReviewQueries) -> None:
        self._queries = queries

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        found = [
            entry for entry in self._all(asked) if (entry.since, entry.id) > after and asked.kind in (None, entry.kind)
        ]
        return sorted(found, key=lambda entry: (entry.since, entry.id))[:limit]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        return Counter(entry.kind for entry in self._all(asked))

    def _all(self, asked: Asked) -> list[InboxEntry]:
        found = (
            self._entry(asked, review, due_by) for review, due_by in self._queries.reviews(asked.division, asked.actor)
        )
        return [entry for entry in found if entry is not None]

    def _entry(self, asked: Asked, review: NumberReview, due_by: date) -> InboxEntry | None:
        actor, corrected_here = asked.actor, review.outcome in CORRECTED_HERE
        if actor.covers(review.office):
            decides = actor.division == review.office and actor.has(Role.REVIEWER, Role.DECIDER)
            mine = decides and not corrected_here
            act = Act("decide_number_review", "POST", f"/registry/number-reviews/{review.person_id}/decisions")
            why = say("number_awaits_review")
        elif corrected_here and review.outcome is not None:
            mine = actor.level is Level.VILLAGE and actor.has(Role.CADRE)
            act = Act("correct_recording", "POST", f"/registry/households/{review.household_id}/recordings")
            why = say("number_to_be_corrected", outcome=LABELS.code(review.outcome))
        else:
            return None
        late = EntryKind.OVERDUE if due_by < asked.today else EntryKind.DUE
        return InboxEntry(
            id=f"number-review-{review.person_id}", kind=late if mine else EntryKind.WAITING, since=review.since,
            due_by=due_by, division=review.division, subject=review.person_id,
            household_id=review.household_id, why=why, act=act if mine else None,
        )  # fmt: skip
