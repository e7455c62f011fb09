"""Record linkage of member rows and persons: by ID number first, then by national person number within the
household."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from contracts.registry.members import Member
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.refusals import Rule
from services.registry.households.claims import DUPLICATE_ID
from services.registry.households.lineage import persons_named
from services.registry.households.rules import NO_SUCH_MEMBER, PERSON_DIED
from services.registry.intake.layout import MEMBERS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import RegisterState
from services.registry.intake.reading.drafts import HouseholdDraft, MemberDraft


@dataclass(slots=True)
class PersonMatches:
    """Member row → person: ``existing`` ones on record, ``new`` ones; ``errors`` of rows that match neither."""

    existing: dict[int, UUID] = field(default_factory=dict)
    new: dict[int, UUID] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


def match_persons(
    draft: HouseholdDraft, register: RegisterState, holders: Mapping[int, UUID], new_id: Callable[[int], UUID]
) -> PersonMatches:
    """``holders``: member row → the person who holds its ID number. ``new_id``: index of the member → id of a new
    person."""
    matches = PersonMatches()
    people = {**register.at_survey.members, **register.current.members}
    for index, member in enumerate(draft.members):
        holder = holders.get(member.row)
        by_number = _by_national_no(people, member.national_no)
        person = holder or by_number or _alike(register, member)
        refusal, key = _reason_to_refuse(register, people, member, holder, by_number)
        if person is not None and person in matches.existing.values():
            refusal, key = rules.IDENTITY_DIFFERS, "national_no"
        if refusal is not None:
            matches.errors.append(RowError.of(refusal, MEMBERS, member.row, key))
        elif person is None:
            matches.new[member.row] = new_id(index)
        else:
            matches.existing[member.row] = person
    return matches


def _reason_to_refuse(
    register: RegisterState,
    people: Mapping[UUID, Member],
    member: MemberDraft,
    holder: UUID | None,
    by_number: UUID | None,
) -> tuple[Rule | None, str]:
    """The rule that refuses this row, and the key of the column."""
    if holder is not None and holder not in people:
        return _reason_for_holder(register, holder), "id_number"
    if holder is not None and by_number not in (None, holder):
        return rules.IDENTITY_DIFFERS, "national_no"
    person = holder or by_number or _alike(register, member)
    if person is None:
        return (rules.NEW_NEEDS_ID, "id_number") if member.document is None else (None, "")
    # Otherwise a member only since a later day than the survey's.
    return (None, "") if person in register.at_survey.members else (NO_SUCH_MEMBER, "name")


def _reason_for_holder(register: RegisterState, holder: UUID) -> Rule:
    if holder in register.current.deceased:
        return PERSON_DIED
    return rules.LEFT_HOUSEHOLD if holder in persons_named(register.facts) else DUPLICATE_ID


def _by_national_no(people: Mapping[UUID, Member], national_no: str | None) -> UUID | None:
    if national_no is None:
        return None
    return next((p for p, member in people.items() if member.national_no == national_no), None)


def _alike(register: RegisterState, member: MemberDraft) -> UUID | None:
    """Whoever has no number on record is known by name, sex and year of birth, within the household."""
    if member.national_no is not None:
        return None
    alike = [
        person
        for person, known in register.at_survey.members.items()
        if (known.sex, known.birth_year) == (member.sex, member.birth_year)
        and known.id_number is None
        and not known.name.is_shredded
        and known.name == member.name
    ]
    return alike[0] if len(alike) == 1 else None
