"""Facts about households and persons who are not on the register yet, and first surveys."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET

from contracts.facts import HouseholdFact, Precision
from contracts.registry.codes import SchoolStage
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Member, MemberJoined
from contracts.registry.reasons import JoinReason
from contracts.registry.surveys import ConditionsSurveyed, IncomePeriod, IncomeSurveyed
from services.casework.workbooks.importing.results import Upload
from services.casework.workbooks.values import PartialDate
from services.registry.households.income_periods import days_of_year, twelve_months_before
from services.registry.households.member_forms import document_fields
from services.registry.households.resident_id import birth_date_of
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from services.registry.intake.matching.import_decision import RegisterState, SourcedFact
from services.registry.intake.reading.drafts import HouseholdDraft, IncomeDraft, MemberDraft


def new_household_facts(
    draft: HouseholdDraft, register: RegisterState, persons: Mapping[int, UUID], upload: Upload
) -> Iterator[SourcedFact]:
    """The first record of a household. A migrated one is effective from its first status event, if that is earlier than
    the survey; members born after that day join on the day of their birth."""
    since, source_recorded_on = draft.surveyed, None
    if draft.history and draft.history[0].effective.first_day < since.first_day:
        since, source_recorded_on = draft.history[0].effective, draft.history[0].source_recorded_on
    members = {m.row: m for m in draft.members}
    born = {row: _birth(member) for row, member in members.items()}
    first = {row: member for row, member in members.items() if born[row].first_day <= since.first_day}
    yield SourcedFact(
        HouseholdRecorded(
            **common_fields(register, since, upload),
            source_recorded_on=source_recorded_on,
            national_no=draft.national_no,
            division=draft.division,
            address=draft.address,
            phone=draft.phone,
            account=draft.account,
            **draft.details,
            members=tuple(to_member(m, persons[row]) for row, m in first.items()),
        ),
        HOUSEHOLDS,
        draft.row,
    )
    for row, member in members.items():
        if row not in first:
            yield member_joined(member, persons[row], JoinReason.BIRTH, born[row], register, upload)
    for row, member in members.items():
        yield from residence_facts(member, persons[row], draft, register, upload)


def new_member(
    member: MemberDraft, person: UUID, draft: HouseholdDraft, recorded_on: date, register: RegisterState, upload: Upload
) -> SourcedFact:
    """A person who joins a household on record. The form has no reason: an infant was born into the household (if that
    was recorded by then), anybody else had been overlooked."""
    born = _birth(member)
    if recorded_on <= born.first_day and (draft.surveyed.first_day - born.first_day).days < 365:
        return member_joined(member, person, JoinReason.BIRTH, born, register, upload)
    return member_joined(member, person, JoinReason.OVERLOOKED, draft.surveyed, register, upload)


def member_joined(
    member: MemberDraft, person: UUID, reason: JoinReason, since: PartialDate, register: RegisterState, upload: Upload
) -> SourcedFact:
    fact = MemberJoined(**common_fields(register, since, upload), member=to_member(member, person), reason=reason)
    return SourcedFact(fact, MEMBERS, member.row)


def residence_facts(
    member: MemberDraft, person: UUID, draft: HouseholdDraft, register: RegisterState, upload: Upload
) -> Iterator[SourcedFact]:
    """Whether somebody lives in common, where the row says so."""
    if member.lives_in_common is not None and member.residence_reason is not None:
        fact = CommonResidenceRecorded(
            **common_fields(register, draft.surveyed, upload),
            person_id=person,
            lives_in_common=member.lives_in_common,
            reason=member.residence_reason,
        )
        yield SourcedFact(fact, MEMBERS, member.row, "lives_in_common")


def survey_facts(draft: HouseholdDraft, register: RegisterState, upload: Upload) -> Iterator[SourcedFact]:
    """Income and conditions of the form."""
    facts: list[HouseholdFact] = []
    if (income := draft.income) is not None:
        first, last = _days_of(income, draft.surveyed)
        facts.append(
            IncomeSurveyed(
                **common_fields(register, draft.surveyed, upload),
                period_from=first,
                period_to=last,
                period=income.period,
                wages=income.wages,
                business=income.business,
                property=income.property,
                transfers=income.transfers,
                business_costs=income.business_costs,
                insurance_payouts=income.insurance_payouts,
                compliant_spending=income.compliant_spending,
            )
        )
    if (conditions := draft.conditions) is not None:
        facts.append(
            ConditionsSurveyed(
                **common_fields(register, draft.surveyed, upload),
                food=conditions.food,
                clothing=conditions.clothing,
                education=conditions.education,
                medical=conditions.medical,
                housing=conditions.housing,
                water=conditions.water,
            )
        )
    yield from (SourcedFact(fact, HOUSEHOLDS, draft.row) for fact in facts)


def _days_of(income: IncomeDraft, surveyed: PartialDate) -> tuple[date, date]:
    """Raises ``LookupError`` without the year of a statistical year."""
    if income.period is IncomePeriod.TWELVE_MONTHS_BEFORE:
        return twelve_months_before(income.surveyed or surveyed.first_day)
    if income.year is None:
        raise LookupError("income_year")
    return days_of_year(income.period, income.year)


def common_fields(register: RegisterState, since: PartialDate, upload: Upload) -> dict[str, Any]:
    """The fields that every fact from a workbook has."""
    return {
        "household_id": register.household_id,
        "effective_on": since.first_day,
        "precision": since.precision,
        "entered_by": upload.by,
        "evidence": (upload.evidence,),
    }


def to_member(draft: MemberDraft, person: UUID) -> Member:
    """Raises ``LookupError`` without sex and year of birth, which a new person must have."""
    if draft.sex is None or draft.birth_year is None:
        raise LookupError(draft.row)
    return Member(
        person_id=person,
        national_no=draft.national_no,
        name=draft.name,
        **document_fields(draft.document),
        sex=draft.sex,
        birth_year=draft.birth_year,
        relation=draft.relation,
        school_stage=draft.school_stage or SchoolStage.NONE,
        boarder=bool(draft.boarder),
        labour_skill=draft.labour_skill or UNSET,
        phone=draft.phone,
        **{**draft.profile, "disability_level": draft.profile.get("disability_level") or None},
    )


def _birth(member: MemberDraft) -> PartialDate:
    """To the day by the citizen's number, else to the year."""
    if member.document is not None and member.document.citizen is not None:
        return PartialDate(birth_date_of(member.document.citizen.number), Precision.DAY)
    if member.birth_year is None:
        raise LookupError(member.row)
    return PartialDate(date(member.birth_year, 1, 1), Precision.YEAR)
