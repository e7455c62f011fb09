"""Pending claims: an ID number that somebody outside the caller's area holds is claimed beside them, until the office whose area
covers both has reviewed it.

A number can be pending for ``PLACES`` persons at once, each a claim of a kind of its own, so that a pending claim is read,
given up with its act and restored like any other. Whoever asks in the area of a person with a pending claim is answered as if
that person held the number: there a free number and a taken one are the same.
"""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID, uuid4

from services.chassis.ground.next_steps import NextStep
from services.chassis.ground.refusals import Refused
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.registry.households.domain import stream_of
from services.registry.households.review_rules import NUMBER_AWAITS_REVIEW, REVIEWING_OFFICE

PENDING = "resident_id_pending_"
PLACES = 2
MOST_HOLDERS = 1 + PLACES
KINDS = tuple(f"{PENDING}{place}" for place in range(1, PLACES + 1))
SET_ASIDE = "number_set_aside"
"""Kind of the claim on a person who was set aside (``set_aside``): its holder is the household."""

Digests = Sequence[tuple[int, bytes]]

PENDING_OF = b"""
SELECT DISTINCT holder, given_by FROM claims WHERE holder = ANY(%s) AND kind = ANY(%s) AND standing
"""


def pending_claims_on(digests: Digests) -> Iterator[Claim]:
    """What is to be prefetched for a number."""
    return ((kind, *digest) for kind in KINDS for digest in digests)


def pending_holders(tx: Tx, digests: Digests) -> list[UUID]:
    """The persons for whom this number is pending."""
    held = (tx.holders(kind, digests) for kind in KINDS)
    return list(dict.fromkeys(holder for of_kind in held for holder in of_kind.values()))


def claim_pending(tx: Tx, digests: Digests, person: UUID, act: UUID | None = None) -> bool:
    """Whether there was a place left. ``act``: an earlier one, by which it is claimed."""
    for kind in KINDS:
        if all(holder == person for holder in tx.holders(kind, digests).values()):
            tx.claim(kind, digests, person, act=act)
            return True
    return False


def pending_claims_of(tx: Tx, persons: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Those of these persons whose number awaits its review, each with an act that gave it."""
    return sorted(tx.cur.execute(PENDING_OF, (list(persons), list(KINDS))))


def require_numbers_reviewed(tx: Tx, persons: Collection[UUID]) -> None:
    """Nobody who begins to count may have a number that awaits its review. Raises ``Refused``."""
    if pending := sorted({person for person, _ in pending_claims_of(tx, persons)}):
        reviews = (NextStep("decide_number_review", REVIEWING_OFFICE, {"person_id": person}) for person in pending)
        raise Refused(NUMBER_AWAITS_REVIEW, persons=tuple(map(str, pending))).advising(*reviews)


def read_as_if_held(tx: Tx) -> None:
    """What is read about the holder of a number, read of nobody: a dry run of a free number takes no less."""
    tx.periods_of([uuid4()])
    tx.load(stream_of(uuid4()))
