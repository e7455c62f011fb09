"""What a decision asks of numbers that await their review."""

from collections.abc import Collection
from uuid import UUID

from services.chassis.ground.next_steps import NextStep
from services.chassis.ground.refusals import Refused
from services.chassis.log.unit import Tx
from services.registry.households.pending_claims import pending_claims_of
from services.registry.households.review_rules import NUMBER_AWAITS_REVIEW, REVIEWING_OFFICE


def require_numbers_reviewed(tx: Tx, persons: Collection[UUID]) -> None:
    """Nobody who begins to count may have a number that awaits its review. Raises ``Refused``."""
    if pending := sorted({person for person, _ in pending_claims_of(tx, persons)}):
        reviews = (NextStep("decide_number_review", REVIEWING_OFFICE, {"person_id": person}) for person in pending)
        raise Refused(NUMBER_AWAITS_REVIEW, persons=tuple(map(str, pending))).advising(*reviews)
