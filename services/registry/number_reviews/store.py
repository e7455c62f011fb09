"""Reviews in the log: what a decision does to the claims, and to an entry that was set aside."""

from collections.abc import Callable, Sequence
from uuid import UUID

from contracts.facts import Evidence
from contracts.registry.households import FactsAnnulled
from contracts.registry.number_reviews import NumberReviewDecided, NumberReviewOutcome
from services.casework.directory.store import accounts_of
from services.casework.procedures.approval_rules import OWN_ENTRY
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import unkeyed
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.households.claims import RESIDENT_ID, suspend_numbers
from services.registry.households.domain import record
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.pending_claims import KINDS, SET_ASIDE
from services.registry.households.store import relatives_in, save
from services.registry.number_reviews.domain import NUMBER_STILL_HELD, NumberReview, annulment_of, stream_of
from services.registry.number_reviews.queries import reviews_under

CLAIMS_OF = b"""
SELECT kind, key_number, digest, given_by FROM claims WHERE holder = %s AND kind = ANY(%s) AND standing
"""


def decision_handler(
    person: UUID, outcome: NumberReviewOutcome, evidence: tuple[Evidence, ...], actor: Actor
) -> Callable[[Tx], Reply]:
    """Handles the decision of the office whose area covers both holders."""

    def work(tx: Tx) -> Reply:
        review = _review_in_area(tx, person, actor)
        _require_another_hand(tx, review, actor)
        if outcome is NumberReviewOutcome.CONFIRMED:
            _confirm(tx, review, actor)
        elif review.set_aside:
            # It counts nowhere and goes on doing so; there is nothing left to correct.
            suspend_numbers(tx, [review.act])
            tx.release(SET_ASIDE, [unkeyed(person)])
        decided = NumberReviewDecided(
            effective_on=tx.today, entered_by=actor.subject, evidence=evidence, person_id=person,
            household_id=review.household_id, outcome=outcome, other=review.other, office=review.office,
        )  # fmt: skip
        tx.append(stream_of(person), decided)
        return Reply()

    return work


def _review_in_area(tx: Tx, person: UUID, actor: Actor) -> NumberReview:
    found = next((review for review in reviews_under(tx, actor.division, actor) if review.person_id == person), None)
    if found is None or not actor.covers(found.office):
        raise Refused(NOT_FOUND)
    return found


def _require_another_hand(tx: Tx, review: NumberReview, actor: Actor) -> None:
    """Nobody reviews what they entered, on either side."""
    mine = accounts_of(tx, actor.subject)
    households = [h for h in (review.household_id, review.other_household) if h is not None]
    if any(r.fact.entered_by in mine for h in households for r in tx.load(household_stream(h))):
        raise Refused(OWN_ENTRY)


def _confirm(tx: Tx, review: NumberReview, actor: Actor) -> None:
    """The number becomes this person's, by the acts that gave it. Raises ``Refused`` while somebody else holds it."""
    rows: Sequence[tuple[str, int, bytes, UUID]] = tx.cur.execute(CLAIMS_OF, (review.person_id, list(KINDS))).fetchall()
    digests = [(number, bytes(digest)) for _, number, digest, _ in rows]
    if holders := set(tx.holders(RESIDENT_ID, digests).values()) - {review.person_id}:
        raise Refused(
            NUMBER_STILL_HELD, holder=str(min(holders)), household_id=review.other_household and str(review.other_household),
            division=review.other_division,
        )  # fmt: skip
    if review.set_aside:
        _count_again(tx, review, actor)
    for kind, number, digest, act in rows:
        tx.release(kind, [(number, bytes(digest))])
        tx.claim(RESIDENT_ID, [(number, bytes(digest))], review.person_id, act=act)


def _count_again(tx: Tx, review: NumberReview, actor: Actor) -> None:
    known = tx.load(household_stream(review.household_id))
    tx.release(SET_ASIDE, [unkeyed(review.person_id)])
    if (annulment := annulment_of(known, review.act)) is not None:
        restoring = FactsAnnulled(
            household_id=review.household_id, effective_on=tx.today, entered_by=actor.subject, annuls=(annulment,)
        )
        save(tx, {review.household_id: record(known, [restoring], tx.today, relatives_in(tx))})
