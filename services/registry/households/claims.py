"""Uniqueness claims: an ID number belongs to one person for life, a household number to one household, a living person
to at most one household."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.registry.households.rules import PERSON_DIED
from services.registry.households.state import Household

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
PERSON_NOT_CONFIRMED = rule(
    "person_not_confirmed",
    zh="人员标识与证件号码不对应：已在册人员须同时填写其证件号码以供核对。",
    en="The person id and the ID number do not belong together; for a person on the register give both.",
    source="GB 11643; domain reference: checks the field already uses",
)
IN_ANOTHER_HOUSEHOLD = rule(
    "member_of_another_household",
    zh="此人目前是另一户的成员，请先在原户登记离开。",
    en="That person is a member of another household; record the leaving there first.",
    source="domain reference: forms",
)

RESIDENT_ID, HOUSEHOLD_NO, MEMBERSHIP, DEATH = "resident_id", "household_no", "membership", "death"

KEYED_KINDS = frozenset({RESIDENT_ID, HOUSEHOLD_NO})
"""Kinds of claims on identifying text: its digest under every active index key. All other kinds, of whatever slice,
claim an id, which is no personal data: its digest is itself, under ``UNKEYED``."""

UNKEYED = 0
"""Stands for the key number of a claim that needs no key; index keys are numbered from 1."""


def unkeyed(subject: UUID) -> tuple[int, bytes]:
    """The digest of a claim on an id."""
    return UNKEYED, subject.bytes


def claim(tx: Tx, kind: str, digests: Digests, holder: UUID) -> None:
    """Claim, having asked ``tx.holders`` first. Raises ``ValueError`` for a key where the kind has none, or none where
    it has: ``lika doctor`` and whoever rotates index keys rely on ``KEYED_KINDS``."""
    keyed = kind in KEYED_KINDS
    if any((number != UNKEYED) != keyed for number, _ in digests):
        raise ValueError(f"{kind} is claimed under {'index keys' if keyed else 'no key'}")
    tx.claim(kind, digests, holder)


def required_claims(people: Iterable[UUID], ids: Mapping[UUID, Digests], household_no: Digests) -> tuple[Claim, ...]:
    """The claims that a new household needs, to be prefetched before its unit of work begins."""
    return (
        *((RESIDENT_ID, *digest) for digests in ids.values() for digest in digests),
        *((HOUSEHOLD_NO, *digest) for digest in household_no),
        *((kind, *unkeyed(person)) for person in people for kind in (MEMBERSHIP, DEATH)),
    )


def claim_resident_ids(tx: Tx, ids: Mapping[UUID, Digests]) -> None:
    """Claim each person's ID number for life. Raises ``Refused`` naming the person whose number is claimed by
    another."""
    held = tx.holders(RESIDENT_ID, [d for digests in ids.values() for d in digests])
    taken = dict(held)
    for person, digests in ids.items():
        for digest in digests:
            if taken.setdefault(digest, person) != person:
                raise Refused(DUPLICATE_ID, person=str(person), holder=str(taken[digest]))
        claim(tx, RESIDENT_ID, digests, person)


def claim_household_no(tx: Tx, digests: Digests, household: UUID) -> None:
    held = tx.holders(HOUSEHOLD_NO, digests)
    if any(holder != household for holder in held.values()):
        raise Refused(DUPLICATE_HOUSEHOLD_NO)
    claim(tx, HOUSEHOLD_NO, digests, household)


def update_memberships(tx: Tx, household: UUID, before: Household, after: Household) -> None:
    """Bring the claims on memberships and deaths in line with the household's new state: release those of former
    members, claim those of new ones. Raises ``Refused`` for somebody who belongs to another household or has died."""
    former, new = _member_keys(before, after), _member_keys(after, before)
    tx.release(MEMBERSHIP, former)
    held, dead = tx.holders(MEMBERSHIP, new), tx.holders(DEATH, new)
    for number, person in new:
        if held.get((number, person), household) != household:
            raise Refused(IN_ANOTHER_HOUSEHOLD, person=str(UUID(bytes=person)))
        # The household's own record of deaths was checked along its timeline.
        if dead.get((number, person), household) != household:
            raise Refused(PERSON_DIED, person=str(UUID(bytes=person)))
    claim(tx, MEMBERSHIP, new, household)
    tx.release(DEATH, [unkeyed(p) for p in before.deceased - after.deceased])
    claim(tx, DEATH, [unkeyed(p) for p in after.deceased - before.deceased], household)


def _member_keys(household: Household, without: Household) -> list[tuple[int, bytes]]:
    return [unkeyed(p) for p in sorted(set(household.members) - set(without.members))]
