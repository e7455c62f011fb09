"""Uniqueness claims: an ID number belongs to one person for life, a household number to one household. A number that only
annulled facts gave is free.

An ID number that somebody holds outside the caller's area is answered like a free one, or it would be a way to ask of any
number whether it is on the register: it is recorded, its claim is pending, and goes to review (``pending_claims``).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from uuid import UUID, uuid4

from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.needs import UNKEYED, Claim
from services.chassis.log.unit import Tx
from services.chassis.security.sealing import KeyedDigest
from services.registry.households.domain import stream_of
from services.registry.households.identity_documents import IdentityDocument
from services.registry.households.pending_claims import (
    KINDS,
    MOST_HOLDERS,
    claim_pending,
    pending_claims_on,
    pending_holders,
    read_as_if_held,
)
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

KEYED_KINDS = frozenset({RESIDENT_ID, HOUSEHOLD_NO, *KINDS})
"""Kinds of claims on identifying text: its digest under every active index key. All other kinds, of whatever slice,
claim an id, which is no personal data: its digest is itself, under ``UNKEYED``."""


def claim(tx: Tx, kind: str, digests: Digests, holder: UUID) -> None:
    """Claim, having asked ``tx.holders`` first. Raises ``ValueError`` for a key where the kind has none, or none where it
    has: ``lika doctor`` and whoever rotates index keys rely on ``KEYED_KINDS``."""
    keyed = kind in KEYED_KINDS
    if any((number != UNKEYED) != keyed for number, _ in digests):
        raise ValueError(f"{kind} is claimed under {'index keys' if keyed else 'no key'}")
    tx.claim(kind, digests, holder)


def document_digests(digest: KeyedDigest, document: IdentityDocument | None) -> Digests:
    """By which the number of a document is claimed: its kind of claim is part of what is digested, so that a passport and a
    citizen's number of the same characters are two."""
    if document is None or document.claimed is None:
        return ()
    return digest.digests(document.claim_kind, document.claimed)


def required_claims(ids: Mapping[UUID, Digests], household_no: Digests) -> tuple[Claim, ...]:
    """The claims that a new household needs, to be prefetched before its unit of work begins."""
    return (
        *(claim for digests in ids.values() for claim in claims_on_number(digests)),
        *((HOUSEHOLD_NO, *digest) for digest in household_no),
    )


def claims_on_number(digests: Digests) -> tuple[Claim, ...]:
    """The claims by which an ID number may be held, pending ones included."""
    return (*((RESIDENT_ID, *digest) for digest in digests), *pending_claims_on(digests))


def holders_of_number(tx: Tx, digests: Digests) -> list[UUID]:
    """Whoever holds this ID number, then those for whom it is pending."""
    return list(dict.fromkeys((*tx.holders(RESIDENT_ID, digests).values(), *pending_holders(tx, digests))))


def holders_in_area(tx: Tx, numbers: Mapping[int, Digests], covers: Covers) -> dict[int, UUID]:
    """Row of a list → who holds its ID number in the caller's area, or for whom it is pending there. Elsewhere a number is as
    good as free."""
    asked = [digest for digests in numbers.values() for digest in digests]
    held = [tx.holders(kind, asked) for kind in (RESIDENT_ID, *KINDS)]
    found = {
        row: list(dict.fromkeys(of_kind[d] for of_kind in held for d in digests if d in of_kind))
        for row, digests in numbers.items()
    }
    periods = tx.periods_of({person for persons in found.values() for person in persons})
    tx.load_many({stream_of(household) for of in periods.values() for household in of})
    in_area = {
        row: next((p for p in persons if household_of_person_in_area(tx, p, covers) is not None), None)
        for row, persons in found.items()
    }
    return {row: person for row, person in in_area.items() if person is not None}


def claim_resident_ids(tx: Tx, ids: Mapping[UUID, Digests], covers: Covers) -> None:
    """Claim each person's ID number for life. Raises ``Refused`` naming the place of the person in the form whose number is
    claimed by another, and the other, with a household to look them up by, where that is somebody of the form or of the
    caller's area. Somebody else's claim is not told: it leaves the person's own pending."""
    in_form: dict[tuple[int, bytes], UUID] = {}
    for place, (person, digests) in enumerate(ids.items(), start=1):
        if (same := next((in_form[d] for d in digests if d in in_form), None)) is not None:
            raise Refused(DUPLICATE_ID, member=place, same_number_as=list(ids).index(same) + 1)
        in_form.update(dict.fromkeys(digests, person))
        if digests:
            _claim_resident_id(tx, digests, person, place, covers)


def _claim_resident_id(tx: Tx, digests: Digests, person: UUID, place: int, covers: Covers) -> None:
    others = [holder for holder in holders_of_number(tx, digests) if holder != person]
    if (found := _holder_in_area(tx, others, covers)) is not None:
        holder, household = found
        raise Refused(DUPLICATE_ID, member=place, holder=str(holder), **_shown(household))
    if not others or person in tx.holders(RESIDENT_ID, digests).values():
        claim(tx, RESIDENT_ID, digests, person)
    elif not claim_pending(tx, digests, person):
        raise Refused(DUPLICATE_ID, member=place)


def _holder_in_area(tx: Tx, holders: Sequence[UUID], covers: Covers) -> tuple[UUID, Household] | None:
    """The first of them who lives in the area or once did, and a household of theirs there. A dry run leaves nothing behind
    and can be repeated: it reads as much of every number, whoever holds it."""
    found: Iterable[tuple[UUID, Household | None]] = (
        (holder, household_of_person_in_area(tx, holder, covers)) for holder in holders
    )
    if tx.dry_run:
        found = list(found)
        for _ in range(len(holders), MOST_HOLDERS):
            read_as_if_held(tx)
    return next(((holder, household) for holder, household in found if household is not None), None)


def claim_household_no(tx: Tx, digests: Digests, household: UUID, covers: Covers) -> None:
    others = [h for h in tx.holders(HOUSEHOLD_NO, digests).values() if h != household]
    in_area = next((found for other in others if (found := household_in_area(tx, other, covers))), None)
    if in_area is not None:
        raise Refused(DUPLICATE_HOUSEHOLD_NO, **_shown(in_area))
    if others:
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
    """By act and holder: whether the numbers that it gave are held. Raises ``Refused`` where somebody of the caller's area holds one
    meanwhile, and says who. Of one that is held elsewhere the claim is pending, as if it were given only now."""
    waiting: dict[tuple[UUID, UUID], list[tuple[int, bytes]]] = {}
    for (kind, number, digest), holder, act, claimant in tx.settle_claims(stands):
        if kind == HOUSEHOLD_NO:
            found = household_in_area(tx, holder, covers)
            raise Refused(DUPLICATE_HOUSEHOLD_NO, **(_shown(found) if found else {}))
        waiting.setdefault((act, claimant), []).append((number, digest))
    for (act, person), digests in waiting.items():
        others = [holder for holder in holders_of_number(tx, digests) if holder != person]
        if (of_area := _holder_in_area(tx, others, covers)) is not None:
            raise Refused(DUPLICATE_ID, holder=str(of_area[0]), **_shown(of_area[1]))
        if covers is nowhere or not claim_pending(tx, digests, person, act):
            raise Refused(DUPLICATE_ID)
    if tx.dry_run:
        for _ in range(sum(stands.values()) - len(waiting)):
            _read_as_if_taken(tx)


def _read_as_if_taken(tx: Tx) -> None:
    """What is read of a restored number that is held, read of one that is free."""
    holders_of_number(tx, [(0, uuid4().bytes)])
    _holder_in_area(tx, (), nowhere)


def nowhere(_: str) -> bool:
    """For what no caller's area is asked about."""
    return False


def suspend_numbers(tx: Tx, acts: Collection[UUID]) -> None:
    """Numbers that only these acts gave are free from now on."""
    tx.suspend_claims(acts)


def restore_numbers(tx: Tx, acts: Collection[UUID]) -> None:
    """Numbers that these acts gave are held again. Raises ``Refused`` where somebody else holds one meanwhile."""
    for kind, _ in tx.restore_claims(acts):
        raise Refused(DUPLICATE_HOUSEHOLD_NO if kind == HOUSEHOLD_NO else DUPLICATE_ID)
