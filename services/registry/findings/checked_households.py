"""What the check rules of households read. Pure. Of a person's birth the register's plain facts know the year alone, so an age
is the one reached within the year."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from contracts.facts import Fact
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.codes import (
    AssistanceTrack,
    DocumentKind,
    EducationLevel,
    LabourSkill,
    SchoolStage,
    WorkPlace,
)
from contracts.registry.enrolments import EnrolmentEnd
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import HeadSucceeded, Member, MemberJoined, MemberSurveyed, Relation
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.surveys import HouseholdSurveyed
from services.registry.findings.decided_incomes import DecidedIncomes, OtherIncome, on_monitoring, on_status
from services.registry.households.state import Household
from services.registry.schooling.domain import Schooling


class HouseholdCheck(StrEnum):
    HEAD_TOO_YOUNG = "head_too_young"
    SPOUSE_TOO_YOUNG = "spouse_too_young"
    AGE_IMPLAUSIBLE = "age_implausible"
    GENERATION_GAP_TOO_SMALL = "generation_gap_too_small"
    TOO_OLD_FOR_SCHOOL = "too_old_for_school"
    SEVERAL_SPOUSES = "several_spouses"
    TOO_MANY_MEMBERS = "too_many_members"
    WAGES_WITHOUT_WORKING_AGE = "wages_without_working_age"
    MORE_RESIDENTS_THAN_MEMBERS = "more_residents_than_members"
    EDUCATION_AHEAD_OF_AGE = "education_ahead_of_age"
    TOO_YOUNG_TO_WORK = "too_young_to_work"
    TRACK_AGAINST_ABILITY = "track_against_ability"
    DISABILITY_WITHOUT_CARD = "disability_without_card"
    NOBODY_LIVES_HERE = "nobody_lives_here"
    ELIMINATED_EARLY = "eliminated_early"
    EXIT_WITHOUT_STANDARD = "exit_without_standard"
    RISK_NOT_SHOWN = "risk_not_shown"
    KIND_AFTER_OTHER_STATUS = "kind_after_other_status"
    SCHOOL_STAGE_DIFFERS = "school_stage_differs"
    BOARDING_DIFFERS = "boarding_differs"
    ENROLMENT_MISSING = "enrolment_missing"
    DROPPED_OUT = "dropped_out"
    NOT_IN_SCHOOL = "not_in_school"
    STATUS_ON_OTHER_INCOME = "status_on_other_income"
    MONITORING_ON_OTHER_INCOME = "monitoring_on_other_income"


class CheckedSchooling(msgspec.Struct, frozen=True, array_like=True):
    """What education says of a member. ``ended_on``: the first day without enrolment, where it ended."""

    stage: SchoolStage
    boarding: bool
    dropped_out: bool
    ended_on: date | None
    ended_because: EnrolmentEnd | None


class ShownRisk(StrEnum):
    """Risks of monitored households that what is on record of the members shows, or does not. Kinds and all risks are data; of another
    risk nothing is asked."""

    DISABILITY = "disability"
    SCHOOLING = "schooling"
    NO_LABOUR = "no_labour"


class CheckedExit(msgspec.Struct, frozen=True, array_like=True):
    """An exit that was decided here. ``unmet``: of the standards, as surveyed last by then; ``None`` where they never were."""

    exited_on: date
    unmet: tuple[str, ...] | None


class CheckedMonitoring(msgspec.Struct, frozen=True, array_like=True):
    """Of a household that is monitored. ``status``, ``status_since``: its poverty status, where that became another since it was taken
    in."""

    started_on: date
    risks: tuple[str, ...]
    status: PovertyStatus | None = None
    status_since: date | None = None


class CheckedMember(msgspec.Struct, frozen=True, array_like=True):
    """``school_stage``, ``boarder``: what the household said; ``schooling``: what education says. ``lacks_card``:
    has a level of disability and no disabled person's card."""

    person_id: UUID
    birth_year: int
    relation: Relation
    school_stage: SchoolStage
    labour_skill: LabourSkill | None = None
    education_level: EducationLevel | None = None
    assistance_track: AssistanceTrack | None = None
    work_place: WorkPlace | None = None
    lacks_card: bool = False
    hukou_here: bool | None = None
    lives_here: bool | None = None
    boarder: bool = False
    schooling: CheckedSchooling | None = None
    disabled: bool = False


class CheckedIncome(msgspec.Struct, frozen=True, array_like=True):
    """Of the latest period surveyed. ``earns``: whether there are wages; ``residents``: typed on an older form, by hand."""

    period_from: date
    period_to: date
    earns: bool
    residents: int | None


class CheckedHousehold(msgspec.Struct, frozen=True, array_like=True):
    """Of a household that the register counts: what its rules read. ``members``: by id; ``eliminated_early``: since when the risk
    counts as eliminated, where that was before the months were over that the procedure asks for. ``status_income``,
    ``monitoring_income``: where what such a decision rested on is another by now."""

    division: str
    members: tuple[CheckedMember, ...]
    income: CheckedIncome | None = None
    eliminated_early: date | None = None
    exit: CheckedExit | None = None
    monitoring: CheckedMonitoring | None = None
    status_income: OtherIncome | None = None
    monitoring_income: OtherIncome | None = None

    def with_relation(self, *relations: Relation) -> list[CheckedMember]:
        return [m for m in self.members if m.relation in relations]


NOT_CHECKED = frozenset({PovertyStatus.REMOVED, PovertyStatus.CANCELLED})
"""Nobody corrects what is no household of the register's any more."""
STANDARDS = ("food", "clothing", "education", "medical", "housing", "water")
"""两不愁三保障 and safe drinking water (M010)."""
SURVEYED = (
    "school_stage", "labour_skill", "education_level", "assistance_track", "work_place", "disability_level",
    "disability_card", "hukou_here", "lives_here", "boarder",
)  # fmt: skip
"""Fields of a survey of a member that a rule reads."""


def says(fact: MemberSurveyed, *fields: str) -> bool:
    return any(getattr(fact, field) is not None for field in fields)


def checked(state: Household, decided: DecidedIncomes) -> CheckedHousehold | None:
    if state.status is None or state.status in NOT_CHECKED:
        return None
    members = sorted(state.members.values(), key=lambda m: m.person_id)
    return CheckedHousehold(
        state.division,
        tuple(map(_checked_member, members)),
        _checked_income(state),
        None if (monitored := state.monitoring) is None or monitored.early_reason is None else monitored.since,
        _checked_exit(state),
        _checked_monitoring(state),
        on_status(state, decided),
        on_monitoring(state, decided),
    )


def _checked_member(member: Member) -> CheckedMember:
    carried = member.disability_card is not None or member.document_kind is DocumentKind.DISABILITY_CARD
    return CheckedMember(
        member.person_id, member.birth_year, member.relation, member.school_stage, member.labour_skill or None,
        member.education_level, member.assistance_track, member.work_place, bool(member.disability_level) and not carried,
        member.hukou_here, member.lives_here, member.boarder, None, bool(member.disability_level),
    )  # fmt: skip


def _checked_exit(state: Household) -> CheckedExit | None:
    if (left := state.decided_exit) is None:
        return None
    found = left.conditions
    unmet = None if found is None else tuple(name for name in STANDARDS if not getattr(found, name))
    return CheckedExit(left.exited_on, unmet)


def _checked_monitoring(state: Household) -> CheckedMonitoring | None:
    monitored = state.monitoring
    if monitored is None or not monitored.counted:
        return None
    # A split or a return to monitoring begins anew.
    is_other = state.status_since is not None and state.status_since > monitored.since
    since = state.status_since if is_other else None
    return CheckedMonitoring(monitored.started_on, monitored.risks, state.status if is_other else None, since)


def checked_schooling(said: Schooling | None) -> CheckedSchooling | None:
    if said is None:
        return None
    return CheckedSchooling(said.stage, said.boarding, said.dropped_out, said.ended_on, said.ended_because)


def with_schooling(household: CheckedHousehold, said: Mapping[UUID, CheckedSchooling | None]) -> CheckedHousehold:
    """``said``: by person, what education says."""
    if not any(m.person_id in said for m in household.members):
        return household
    members = tuple(replace(m, schooling=said.get(m.person_id)) for m in household.members)
    return replace(household, members=members)


def _checked_income(state: Household) -> CheckedIncome | None:
    if (figures := state.latest_income) is None:
        return None
    income = figures.income
    return CheckedIncome(income.period_from, income.period_to, income.wages > 0, income.residents)


def reads(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change what is checked."""
    if isinstance(fact, MemberSurveyed):
        return says(fact, *SURVEYED)
    return not isinstance(fact, HouseholdSurveyed | HouseholdCategoryAssigned)


def birthday(member: CheckedMember, age: int) -> date:
    """The first day of the year in which the age is reached."""
    return date(min(max(member.birth_year + age, 1), 9998), 1, 1)


def names_persons(about: Sequence[UUID], fact: Fact) -> bool:
    """Whether the fact says who a person is, or which relation they have to the head."""
    match fact:
        case HouseholdRecorded(members=members):
            return any(m.person_id in about for m in members)
        case MemberJoined(member=member):
            return member.person_id in about
        case HouseholdFormed(person_ids=persons):
            return any(person in about for person in persons)
        case HeadSucceeded(person_id=person, relations=relations):
            return person in about or any(r.person_id in about for r in relations)
        case PersonCorrected(person_id=person):
            return person in about
    return False
