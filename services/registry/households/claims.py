"""Who holds what only one may hold: an ID number belongs to one person for life, a person to one household."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.chassis.refusals import Refused, rule
from services.chassis.unit import Tx

Digests = Sequence[tuple[int, bytes]]

DUPLICATE_ID = rule(
    "id_number_on_register",
    zh="该证件号码已登记在另一人名下。",
    en="This ID number is on the register for another person.",
    source="GB 11643; domain reference: checks the field already uses",
)
DUPLICATE_HOUSEHOLD_NO = rule(
    "household_no_on_register",
    zh="该户编号已被另一户使用。",
    en="This household number belongs to another household.",
    source="domain reference: forms",
)
IN_ANOTHER_HOUSEHOLD = rule(
    "member_of_another_household",
    zh="此人目前是另一户的成员，请先在原户登记离开。",
    en="That person is a member of another household; record the leaving there first.",
    source="domain reference: forms",
)

RESIDENT_ID, HOUSEHOLD_NO, MEMBERSHIP = "resident_id", "household_no", "membership"


def claim_ids(tx: Tx, ids: Mapping[UUID, Digests]) -> None:
    """Each person takes their ID number for life. Raises ``Refused`` naming the person whose number is taken."""
    held = tx.holders(RESIDENT_ID, [d for digests in ids.values() for d in digests])
    taken = dict(held)
    for person, digests in ids.items():
        for digest in digests:
            if taken.setdefault(digest, person) != person:
                raise Refused(DUPLICATE_ID, person=str(person), holder=str(taken[digest]))
        tx.claim(RESIDENT_ID, digests, person)


def claim_household_no(tx: Tx, digests: Digests, household: UUID) -> None:
    held = tx.holders(HOUSEHOLD_NO, digests)
    if any(holder != household for holder in held.values()):
        raise Refused(DUPLICATE_HOUSEHOLD_NO)
    tx.claim(HOUSEHOLD_NO, digests, household)


def change_members(tx: Tx, household: UUID, before: Iterable[UUID], after: Iterable[UUID]) -> None:
    """Membership follows the household's timeline: who is gone is free, who is new must be free."""
    gone, new = set(before) - set(after), set(after) - set(before)
    tx.release(MEMBERSHIP, [_person(p) for p in gone])
    held = tx.holders(MEMBERSHIP, [_person(p) for p in new])
    for person in sorted(new):
        if held.get(_person(person), household) != household:
            raise Refused(IN_ANOTHER_HOUSEHOLD, person=str(person))
    tx.claim(MEMBERSHIP, [_person(p) for p in new], household)


def _person(person: UUID) -> tuple[int, bytes]:
    # A person id is no personal data: its digest is itself, under key number 0.
    return 0, person.bytes
