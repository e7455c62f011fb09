"""Differences between a workbook and a household on record. A blank means "unchanged"; an equal value is no fact.

Personal values are compared in plain: the register's are decrypted for it in this process, and neither shown nor kept.
The alternative would be to store a keyed digest of every value.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry.identities import PersonDocumentRecorded
from contracts.registry.members import Member, MemberSurveyed, Relation
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from contracts.selection import timeline
from services.casework.workbooks.importing.results import Upload
from services.casework.workbooks.row_errors import RowError
from services.chassis.security.sealing import normal
from services.registry.households.member_forms import document_fields
from services.registry.households.personal_values import HOUSEHOLD_PERSONAL_FIELDS
from services.registry.intake.layout import CONDITIONS, HOUSEHOLDS, INCOME, MEMBERS, REFERENCE
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import RegisterState, SourcedFact
from services.registry.intake.matching.new_records import common_fields, residence_facts, survey_facts
from services.registry.intake.reading.drafts import HouseholdDraft, MemberDraft


def household_changes(draft: HouseholdDraft, register: RegisterState, upload: Upload) -> Iterator[SourcedFact]:
    """Survey facts for what differs about the household itself, its income of that year and its conditions."""
    changes = _changed_fields(draft, register.at_survey, HOUSEHOLD_PERSONAL_FIELDS)
    changes |= {n: value for n, value in draft.details.items() if value != getattr(register.at_survey, n)}
    if changes:
        fact = HouseholdSurveyed(**common_fields(register, draft.surveyed, upload), **changes)
        yield SourcedFact(fact, HOUSEHOLDS, draft.row)
    for surveyed in survey_facts(draft, register, upload):
        if not already_recorded(surveyed.fact, register):
            yield surveyed


def member_changes(
    draft: HouseholdDraft, member: MemberDraft, person: UUID, register: RegisterState, upload: Upload
) -> Iterator[SourcedFact]:
    """A survey fact for what differs about a member on record."""
    before = register.at_survey.members[person]
    changes = _changed_fields(member, before, ("school_stage", "boarder", "labour_skill", "phone"))
    changes |= {name: value for name, value in member.profile.items() if value != getattr(before, name)}
    if (changes.get("disability_level") or 0) == (before.disability_level or 0):
        changes.pop("disability_level", None)  # 0 and "not recorded" both mean "none"
    if changes:
        fact = MemberSurveyed(**common_fields(register, draft.surveyed, upload), person_id=person, **changes)
        yield SourcedFact(fact, MEMBERS, member.row)


def residence_changes(
    draft: HouseholdDraft, member: MemberDraft, person: UUID, register: RegisterState, upload: Upload
) -> Iterator[SourcedFact]:
    """Where the row says otherwise of somebody than the register, which takes it that members live in common. Why alone is no
    difference."""
    if member.lives_in_common is not (person not in register.at_survey.apart):
        yield from residence_facts(member, person, draft, register, upload)


def identity_errors(member: MemberDraft, before: Member) -> Iterator[RowError]:
    """A survey does not change a person's identity: on a difference one of the two is wrong, or it is another
    person."""
    if _differs(member.name, before.name):
        yield RowError.of(rules.IDENTITY_DIFFERS, MEMBERS, member.row, "name")
    number = document_fields(member.document).get("id_number")
    if number is not None and before.id_number is not None and _differs(number, before.id_number):
        yield RowError.of(rules.IDENTITY_DIFFERS, MEMBERS, member.row, "id_number")
    if member.birth_year is not None and member.birth_year != before.birth_year:
        yield RowError.of(rules.IDENTITY_DIFFERS, MEMBERS, member.row, "birth_year")
    if member.sex is not None and member.sex is not before.sex:
        yield RowError.of(rules.IDENTITY_DIFFERS, MEMBERS, member.row, "sex")
    if None not in (member.national_no, before.national_no) and member.national_no != before.national_no:
        yield RowError.of(rules.IDENTITY_DIFFERS, MEMBERS, member.row, "national_no")
    if (member.relation is Relation.HEAD) != (before.relation is Relation.HEAD):
        yield RowError.of(rules.HEAD_DIFFERS, MEMBERS, member.row, "relation")


def later_document(
    member: MemberDraft, person: UUID, draft: HouseholdDraft, register: RegisterState, upload: Upload
) -> Iterator[SourcedFact]:
    """The document of somebody who had none on record."""
    document, before = member.document, register.at_survey.members[person]
    if document is not None and document.number is not None and before.id_number is None:
        fields = {**common_fields(register, draft.surveyed, upload), **document_fields(document)}
        fact = PersonDocumentRecorded(person_id=person, households=(register.household_id,), **fields)
        yield SourcedFact(fact, MEMBERS, member.row, "id_number")


def corrections_needed(member: MemberDraft, before: Member) -> Iterator[RowError]:
    """Warnings about differences that an import cannot mend, and the procedure that does."""
    if member.national_no is not None and before.national_no is None:
        yield RowError.of(rules.CORRECTION_NEEDED, MEMBERS, member.row, "national_no")
    if member.relation is not before.relation and Relation.HEAD not in (member.relation, before.relation):
        yield RowError.of(rules.CORRECTION_NEEDED, MEMBERS, member.row, "relation")


def shredded_subject_errors(
    draft: HouseholdDraft, people: dict[int, Member], register: RegisterState
) -> Iterator[RowError]:
    """Errors for personal data of a subject whose key was destroyed: it gets no new data."""
    for key in ("address", "phone", "account"):
        recorded: Personal[str] | None = getattr(register.at_survey, key)
        if recorded is not None and recorded.is_shredded and getattr(draft, key) is not None:
            yield RowError.of(rules.ERASED, HOUSEHOLDS, draft.row, key)
    for row, before in people.items():
        if before.name.is_shredded:
            yield RowError.of(rules.ERASED, MEMBERS, row, "name")


def _changed_fields(draft: Any, before: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {n: value for n in names if (value := getattr(draft, n)) is not None and value != getattr(before, n)}


def _differs(new: Personal[str], recorded: Personal[str]) -> bool:
    return not recorded.is_shredded and normal(new.plain) != normal(recorded.plain)


def already_recorded(fact: HouseholdFact, register: RegisterState) -> bool:
    """Whether the last fact of this type (and period) is equal; a blank says nothing, and the number of residents is not compared."""
    for recorded in reversed(timeline(register.facts, as_of=fact.effective_on)):
        match fact, recorded.fact:
            case IncomeSurveyed() as new, IncomeSurveyed() as last if last.period_from == new.period_from:
                return (last.period or new.period) is new.period and all(
                    _agrees(last, new, a) for a in (*INCOME[1:], *REFERENCE)
                )
            case ConditionsSurveyed() as now, ConditionsSurveyed() as before:
                return all(getattr(before, condition) == getattr(now, condition) for condition in CONDITIONS)
    return False


def _agrees(last: IncomeSurveyed, new: IncomeSurveyed, amount: str) -> bool:
    return getattr(new, amount) in (None, getattr(last, amount))
