"""Facts about households and persons whom the register does not know yet."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import HouseholdFact, Precision
from contracts.registry.households import (
    Attribute,
    ConditionsSurveyed,
    HouseholdRecorded,
    IncomeSurveyed,
    JoinReason,
    LabourSkill,
    Member,
    MemberJoined,
    SchoolStage,
)
from services.registry.households.resident_id import birth_date_of
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from services.registry.intake.matching.import_decision import Entry, Found, Upload
from services.registry.intake.reading.drafts import Day, HouseholdDraft, MemberDraft


def take_down(draft: HouseholdDraft, found: Found, persons: Mapping[int, UUID], upload: Upload) -> Iterator[Entry]:
    """The household and its first surveys. A migrated household is on record since its first status event, if that is
    earlier than the survey; members born after that day join on the day of their birth."""
    since, told = draft.surveyed, None
    if draft.history and draft.history[0].effective.day < since.day:
        since, told = draft.history[0].effective, draft.history[0].source_recorded_on
    members = {m.row: m for m in draft.members}
    born = {row: _born(member) for row, member in members.items()}
    first = {row: member for row, member in members.items() if born[row] <= since.day}
    yield Entry(
        HouseholdRecorded(
            **common(found, since, upload),
            source_recorded_on=told,
            national_no=draft.national_no,
            division=draft.division,
            address=draft.address,
            phone=draft.phone,
            account=draft.account,
            attribute=draft.attribute or Attribute.GENERAL_POOR,
            main_cause=draft.main_cause,
            other_causes=draft.other_causes or (),
            arable_mu=draft.arable_mu,
            forest_mu=draft.forest_mu,
            housing_m2=draft.housing_m2,
            members=tuple(member_of(m, persons[row]) for row, m in first.items()),
        ),
        HOUSEHOLDS,
        draft.row,
    )
    for row, member in members.items():
        if row not in first:
            birth = Day(born[row], Precision.DAY)
            yield join(member, persons[row], JoinReason.BIRTH, birth, found, upload)


def arrive(
    member: MemberDraft, person: UUID, draft: HouseholdDraft, recorded_on: date, found: Found, upload: Upload
) -> Entry:
    """Somebody new in a household on record. The form does not ask why: an infant was born into the household (if it
    was on record by then), anybody else had been overlooked."""
    born = _born(member)
    if recorded_on <= born and (draft.surveyed.day - born).days < 365:
        return join(member, person, JoinReason.BIRTH, Day(born, Precision.DAY), found, upload)
    return join(member, person, JoinReason.OVERLOOKED, draft.surveyed, found, upload)


def join(member: MemberDraft, person: UUID, reason: JoinReason, since: Day, found: Found, upload: Upload) -> Entry:
    fact = MemberJoined(**common(found, since, upload), member=member_of(member, person), reason=reason)
    return Entry(fact, MEMBERS, member.row)


def surveys(draft: HouseholdDraft, found: Found, upload: Upload) -> Iterator[Entry]:
    """Income and conditions as the form has them. The listed members share the income."""
    facts: list[HouseholdFact] = []
    if (income := draft.income) is not None:
        facts.append(
            IncomeSurveyed(
                **common(found, draft.surveyed, upload),
                period_from=date(income.year, 1, 1),
                period_to=date(income.year, 12, 31),
                wages=income.wages,
                business=income.business,
                property=income.property,
                transfers=income.transfers,
                business_costs=income.business_costs,
                residents=len(draft.members),
            )
        )
    if (secured := draft.conditions) is not None:
        facts.append(
            ConditionsSurveyed(
                **common(found, draft.surveyed, upload),
                food=secured.food,
                clothing=secured.clothing,
                education=secured.education,
                medical=secured.medical,
                housing=secured.housing,
                water=secured.water,
            )
        )
    yield from (Entry(fact, HOUSEHOLDS, draft.row) for fact in facts)


def common(found: Found, since: Day, upload: Upload) -> dict[str, Any]:
    """What every fact out of a workbook says."""
    return {
        "household_id": found.household_id,
        "effective_on": since.day,
        "precision": since.precision,
        "entered_by": upload.by,
        "evidence": (upload.paper,),
    }


def member_of(draft: MemberDraft, person: UUID) -> Member:
    """Raises ``LookupError`` without an ID number: nobody is taken down from a workbook without one."""
    if draft.sex is None or draft.birth_year is None:
        raise LookupError(draft.row)
    return Member(
        person_id=person,
        national_no=draft.national_no,
        name=draft.name,
        id_number=draft.id_number,
        sex=draft.sex,
        birth_year=draft.birth_year,
        relation=draft.relation,
        school_stage=draft.school_stage or SchoolStage.NONE,
        boarder=bool(draft.boarder),
        school=draft.school,
        health=draft.health,
        disability_level=draft.disability_level or None,
        labour_skill=draft.labour_skill or LabourSkill.NONE,
        phone=draft.phone,
    )


def _born(member: MemberDraft) -> date:
    if member.id_number is None:
        raise LookupError(member.row)
    return birth_date_of(member.id_number.plain)
