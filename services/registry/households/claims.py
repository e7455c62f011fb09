"""Uniqueness claims: an ID number belongs to one person for life, a household number to one household. A number that only
annulled facts gave is free.

Whoever holds a number outside the caller's area is not named; and a dry run does not say that anybody does, or it would
be a way to ask of any number whether it is on the register.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.needs import UNKEYED, Claim
from services.chassis.log.unit import Tx
from services.chassis.security.sealing import KeyedDigest
from services.registry.households.domain import stream_of
from services.registry.households.identity_documents import CLAIM_KINDS, IdentityDocument
from services.registry.households.rehydration import current_state_without_surveys
from services.registry.households.state import Household

Covers = Callable[[str], bool]
"""Whether the caller's area covers a division."""

Digests = Sequence[tuple[int, bytes]]

DUPLICATE_ID = rule(
    "id_number_on_register",
    zh="该证件号码已登记在另一人名下。请按户编号或户标识查阅该户；该人不在您辖区内的，请上级机关核对。",
    en="This ID number is on the register for another person. Look their household up by its number or id; where they are"
    " outside your area, ask the level above.",
    source="GB 11643; domain reference: checks the field already uses",
)
DUPLICATE_HOUSEHOLD_NO = rule(
    "household_no_on_register",
    zh="该户编号已被另一户使用。请核对编号，或按户标识查阅该户；不在您辖区内的，请上级机关核对。",
    en="This household number belongs to another household. Check it, or look that household up by its id; where it is outside"
    " your area, ask the level above.",
    source="domain reference: forms",
)
PERSON_NOT_CONFIRMED = rule(
    "person_not_confirmed",
    zh="人员标识与证件号码不对应：已在册人员须同时填写其证件号码以供核对。",
    en="The person id and the ID number do not belong together; for a person on the register give both.",
    source="GB 11643; domain reference: checks the field already uses",
)
RESIDENT_ID, HOUSEHOLD_NO = "resident_id", "household_no"

KEYED_KINDS = frozenset({*CLAIM_KINDS.values(), HOUSEHOLD_NO})
"""Kinds of claims on identifying text: its digest under every active index key. All other kinds, of whatever slice,
claim an id, which is no personal data: its digest is itself, under ``UNKEYED``."""


def claim(tx: Tx, kind: str, digests: Digests, holder: UUID) -> None:
    """Claim, having asked ``tx.holders`` first. Raises ``ValueError`` for a key where the kind has none, or none where it
    has: ``lika doctor`` and whoever rotates index keys rely on ``KEYED_KINDS``."""
    keyed = kind in KEYED_KINDS
    if any((number != UNKEYED) != keyed for number, _ in digests):
        raise ValueError(f"{kind} is claimed under {'index keys' if keyed else 'no key'}")
    tx.claim(kind, digests, holder)


class KeyedNumber(NamedTuple):
    """The number of somebody's document as it is claimed: kind of claim, and its digest under every active key; none where
    nobody has given it."""

    kind: str = RESIDENT_ID
    digests: Digests = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple((self.kind, *digest) for digest in self.digests)


def keyed_number(digest: KeyedDigest, document: IdentityDocument | None) -> KeyedNumber:
    if document is None or document.claimed is None:
        return KeyedNumber()
    return KeyedNumber(document.claim_kind, digest.digests(document.claim_kind, document.claimed))


def document_holders(tx: Tx, numbers: Iterable[KeyedNumber]) -> dict[Claim, UUID]:
    """Who holds these numbers, of those that are held."""
    digests: dict[str, list[tuple[int, bytes]]] = {}
    for number in numbers:
        digests.setdefault(number.kind, []).extend(number.digests)
    return {(kind, *d): holder for kind, of in digests.items() for d, holder in tx.holders(kind, of).items()}


def required_claims(ids: Mapping[UUID, KeyedNumber], household_no: Digests) -> tuple[Claim, ...]:
    """The claims that a new household needs, to be prefetched before its unit of work begins."""
    return (
        *(claimed for number in ids.values() for claimed in number.claims),
        *((HOUSEHOLD_NO, *digest) for digest in household_no),
    )


def claim_documents(tx: Tx, ids: Mapping[UUID, KeyedNumber], covers: Covers) -> None:
    """Claim the number of each person's document for life. Raises ``Refused`` naming the place of the person in the form whose number is
    claimed by another, and the other, with a household to look them up by, where that is somebody of the form or of the
    caller's area."""
    if any(number.digests for number in ids.values()):
        tx.withhold(DUPLICATE_ID)
    taken = document_holders(tx, ids.values())
    for place, (person, number) in enumerate(ids.items(), start=1):
        holder = next((h for claimed in number.claims if (h := taken.get(claimed, person)) != person), None)
        if holder is not None and holder in ids:
            raise Refused(DUPLICATE_ID, member=place, same_number_as=list(ids).index(holder) + 1)
        if holder is not None and (found := household_of_person_in_area(tx, holder, covers)):
            raise Refused(DUPLICATE_ID, member=place, holder=str(holder), **_shown(found))
        if holder is not None and not tx.dry_run:
            raise Refused(DUPLICATE_ID, member=place)
        taken.update(dict.fromkeys(number.claims, person))
        claim(tx, number.kind, number.digests, person)


def claim_household_no(tx: Tx, digests: Digests, household: UUID, covers: Covers) -> None:
    if digests:
        tx.withhold(DUPLICATE_HOUSEHOLD_NO)
    others = [h for h in tx.holders(HOUSEHOLD_NO, digests).values() if h != household]
    in_area = next((found for other in others if (found := household_in_area(tx, other, covers))), None)
    if in_area is not None:
        raise Refused(DUPLICATE_HOUSEHOLD_NO, **_shown(in_area))
    if others and not tx.dry_run:
        raise Refused(DUPLICATE_HOUSEHOLD_NO)
    claim(tx, HOUSEHOLD_NO, digests, household)


def household_of_person_in_area(tx: Tx, person: UUID, covers: Covers) -> Household | None:
    """One in the area now to which the person belongs, or once belonged."""
    households = tx.periods_of([person])[person]
    return next((found for each in households if (found := household_in_area(tx, each, covers))), None)


def household_in_area(tx: Tx, household: UUID, covers: Covers) -> Household | None:
    """The household as it is now, where that is in the area."""
    now = current_state_without_surveys(tx.load(stream_of(household)), lambda relative: tx.load(stream_of(relative)))
    return now if now.status is not None and covers(now.division) else None


def _shown(household: Household) -> dict[str, str | None]:
    return {
        "household_id": str(household.id),
        "national_no": household.national_no,
        "division": household.division,
    }


def settle_numbers(tx: Tx, stands: Mapping[tuple[UUID, UUID], bool], covers: Covers) -> None:
    """By act and holder: whether the numbers that it gave are held. Raises ``Refused`` where somebody else holds one meanwhile,
    and says who in the caller's area."""
    for kind, holder in tx.settle_claims(stands):
        if kind == HOUSEHOLD_NO:
            found = household_in_area(tx, holder, covers)
            raise Refused(DUPLICATE_HOUSEHOLD_NO, **(_shown(found) if found else {}))
        found = household_of_person_in_area(tx, holder, covers)
        raise Refused(DUPLICATE_ID, **({"holder": str(holder), **_shown(found)} if found else {}))


def nowhere(_: str) -> bool:
    """For what no caller's area is asked about."""
    return False
