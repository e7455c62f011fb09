"""Who a member row is about: by the ID number first, then by the national person number among the household's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, Member, MemberJoined
from services.chassis.ground.refusals import Rule
from services.registry.households.claims import DUPLICATE_ID
from services.registry.households.rules import NO_SUCH_MEMBER, PERSON_DIED
from services.registry.intake.layout import MEMBERS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import Found, wrong
from services.registry.intake.reading.drafts import HouseholdDraft, MemberDraft, RowError


@dataclass(slots=True)
class Matched:
    """Person by member row: those on record, those the register does not know yet, and rows nobody can be found for."""

    known: dict[int, UUID] = field(default_factory=dict)
    new: dict[int, UUID] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


def match(draft: HouseholdDraft, found: Found, holders: Mapping[int, UUID], new_id: Callable[[int], UUID]) -> Matched:
    """``holders``: member row → the person who holds its ID number. ``new_id``: place in the sheet → a new person's id."""
    matched = Matched()
    people = {**found.then.members, **found.present.members}
    for place, member in enumerate(draft.members):
        holder = holders.get(member.row)
        by_number = _numbered(people, member.national_no)
        person = holder or by_number
        why, key = _against(found, people, member, holder, by_number)
        if person is not None and person in matched.known.values():
            why, key = rules.IDENTITY_DIFFERS, "national_no"
        if why is not None:
            matched.errors.append(wrong(why, MEMBERS, member.row, key))
        elif person is None:
            matched.new[member.row] = new_id(place)
        else:
            matched.known[member.row] = person
    return matched


def _against(
    found: Found, people: Mapping[UUID, Member], member: MemberDraft, holder: UUID | None, by_number: UUID | None
) -> tuple[Rule | None, str]:
    """What speaks against this row, and in which column."""
    if holder is not None and holder not in people:
        return _stranger(found, holder), "id_number"
    if holder is not None and by_number not in (None, holder):
        return rules.IDENTITY_DIFFERS, "national_no"
    person = holder or by_number
    if person is None:
        return (rules.NEW_NEEDS_ID, "id_number") if member.id_number is None else (None, "")
    # On record since a later day than that of this survey.
    return (None, "") if person in found.then.members else (NO_SUCH_MEMBER, "name")


def _stranger(found: Found, holder: UUID) -> Rule:
    if holder in found.present.deceased:
        return PERSON_DIED
    return rules.HAS_LEFT if holder in _ever(found.known) else DUPLICATE_ID


def _numbered(people: Mapping[UUID, Member], national_no: str | None) -> UUID | None:
    if national_no is None:
        return None
    return next((p for p, member in people.items() if member.national_no == national_no), None)


def _ever(known: tuple[Recorded, ...]) -> set[UUID]:
    """Everybody who was ever taken down in this household."""
    ever: set[UUID] = set()
    for recorded in known:
        match recorded.fact:
            case HouseholdRecorded(members=members) | HouseholdFormed(members=members):
                ever.update(member.person_id for member in members)
            case MemberJoined(member=member):
                ever.add(member.person_id)
    return ever
