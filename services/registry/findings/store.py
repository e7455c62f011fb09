"""Households as the check rules find them in the log."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.codes import AssistanceTrack, EducationLevel, LabourSkill, SchoolStage
from contracts.registry.enrolments import EnrolmentActsAnnulled, EnrolmentEnd, EnrolmentFact
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Relation
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import timeline
from services.casework.findings.domain import FactChecks, Period
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.chassis.views.view import StreamSubject
from services.registry.findings.checked_households import (
    CheckedHousehold,
    ShownRisk,
    checked,
    checked_schooling,
    reads,
    with_schooling,
)
from services.registry.findings.checked_households import HouseholdCheck as C
from services.registry.findings.decided_incomes import decided_incomes
from services.registry.findings.domain import KEY, RULES
from services.registry.findings.pupils import parted, with_pupils
from services.registry.findings.status_checks import BETWEEN
from services.registry.households.bitemporal import project_values
from services.registry.households.domain import stream_of
from services.registry.households.lineage import persons_named, started_by_split, with_ancestors
from services.registry.households.rehydration import current_state
from services.registry.households.state import fold
from services.registry.households.store import relatives_in
from services.registry.households.visibility import division_today
from services.registry.messages import say
from services.registry.schooling.domain import periods_of as periods_of_pupil
from services.registry.schooling.domain import schooling_on
from services.registry.schooling.domain import stream_of as enrolments_of

CODED: Mapping[str, type[Enum]] = {
    "relation": Relation, "school_stage": SchoolStage, "stage": SchoolStage, "ended_because": EnrolmentEnd,
    "education_level": EducationLevel,
    "assistance_track": AssistanceTrack, "labour_skill": LabourSkill, "status": PovertyStatus,
}  # fmt: skip
"""Figures that are codes."""


EXPLANATIONS: Mapping[C, Callable[..., Message]] = {
    C.HEAD_TOO_YOUNG: lambda **figures: say("household_check_head_too_young", **figures),
    C.SPOUSE_TOO_YOUNG: lambda **figures: say("household_check_spouse_too_young", **figures),
    C.AGE_IMPLAUSIBLE: lambda **figures: say("household_check_age_implausible", **figures),
    C.GENERATION_GAP_TOO_SMALL: lambda **figures: say("household_check_generation_gap_too_small", **figures),
    C.TOO_OLD_FOR_SCHOOL: lambda **figures: say("household_check_too_old_for_school", **figures),
    C.SEVERAL_SPOUSES: lambda **figures: say("household_check_several_spouses", **figures),
    C.TOO_MANY_MEMBERS: lambda **figures: say("household_check_too_many_members", **figures),
    C.WAGES_WITHOUT_WORKING_AGE: lambda **figures: say("household_check_wages_without_working_age", **figures),
    C.MORE_RESIDENTS_THAN_MEMBERS: lambda **figures: say("household_check_more_residents_than_members", **figures),
    C.EDUCATION_AHEAD_OF_AGE: lambda **figures: say("household_check_education_ahead_of_age", **figures),
    C.TOO_YOUNG_TO_WORK: lambda **figures: say("household_check_too_young_to_work", **figures),
    C.TRACK_AGAINST_ABILITY: lambda **figures: say("household_check_track_against_ability", **figures),
    C.DISABILITY_WITHOUT_CARD: lambda **figures: say("household_check_disability_without_card", **figures),
    C.SCHOOL_STAGE_DIFFERS: lambda **figures: say("household_check_school_stage_differs", **figures),
    C.BOARDING_DIFFERS: lambda **figures: say("household_check_boarding_differs", **figures),
    C.ENROLMENT_MISSING: lambda **figures: say("household_check_enrolment_missing", **figures),
    C.DROPPED_OUT: lambda **figures: say("household_check_dropped_out", **figures),
    C.NOT_IN_SCHOOL: lambda **figures: say("household_check_not_in_school", **figures),
    C.NOBODY_LIVES_HERE: lambda **figures: say("household_check_nobody_lives_here", **figures),
    C.ELIMINATED_EARLY: lambda **figures: say("household_check_eliminated_early", **figures),
    C.EXIT_WITHOUT_STANDARD: lambda **figures: say("household_check_exit_without_standard", **figures),
    C.RISK_NOT_SHOWN: lambda **figures: say("household_check_risk_not_shown", **figures),
    C.KIND_AFTER_OTHER_STATUS: lambda **figures: say("household_check_kind_after_other_status", **figures),
    C.STATUS_ON_OTHER_INCOME: lambda **figures: say("household_check_status_on_other_income", **figures),
    C.MONITORING_ON_OTHER_INCOME: lambda **figures: say("household_check_monitoring_on_other_income", **figures),
}


def explain(rule: str, given: Mapping[str, Any]) -> Message:
    """Raises ``KeyError`` where a figure is missing."""
    figures = {name: _in_words(name, value) for name, value in given.items()}
    return EXPLANATIONS[C(rule)](**figures)


RISKS: Mapping[ShownRisk, Callable[[], Message]] = {
    ShownRisk.DISABILITY: lambda: say("shown_risk_disability"),
    ShownRisk.SCHOOLING: lambda: say("shown_risk_schooling"),
    ShownRisk.NO_LABOUR: lambda: say("shown_risk_no_labour"),
}


def _in_words(name: str, value: object) -> object:
    if name == "risk":
        return RISKS[ShownRisk(str(value))]()
    if name == "standards":
        unmet = [LABELS.field(each, "ConditionsSurveyed") for each in str(value).split(BETWEEN) if each]
        return [Message(name, label.zh, label.en) for label in unmet] or say("standards_not_recorded")
    if name == "income_now":
        return say("income_on_record", yuan=value) if value else say("income_not_on_record")
    if name not in CODED:
        return value
    label = LABELS.code(CODED[name](value))
    return Message(name, label.zh, label.en)


def periods_of(household: UUID, facts: Sequence[Recorded]) -> list[Period[CheckedHousehold]]:
    """``facts``: its own and its ancestors', and those of education about whoever was ever a member."""
    own, pupils = parted(facts)
    of = household if started_by_split(own) else None
    found = project_values(own, of, partial(checked, decided=decided_incomes(own, of)), reads)[1]
    said = {person: periods_of_pupil(of_person) for person, of_person in pupils.items()}
    return [Period(p.value, p.valid_from, p.valid_to, p.known_from, p.known_to) for p in with_pupils(found, said)]


def timeline_of(
    household: UUID, facts: Sequence[Recorded], as_of: date, known_at: datetime | None
) -> Sequence[Recorded]:
    own, pupils = parted(facts)
    of = household if started_by_split(own) else None
    of_pupils = (r for said in pupils.values() for r in timeline(said, as_of=as_of, known_at=known_at))
    return [*timeline(own, of=of, as_of=as_of, known_at=known_at), *of_pupils]


def now_of(household: UUID, facts: Sequence[Recorded]) -> CheckedHousehold | None:
    own, pupils = parted(facts)
    if not started_by_split(own):
        value = checked(current_state(own), decided_incomes(own, None))
    else:
        state = fold(timeline(own, of=household))
        value = checked(state, decided_incomes(own, household)) if state.id == household else None
    if value is None:
        return None
    return with_schooling(value, {person: checked_schooling(schooling_on(said)) for person, said in pupils.items()})


CHECKS = FactChecks(
    key=KEY, log="registry", rules=RULES, explain=explain, value_type=CheckedHousehold, periods=periods_of,
    timeline=timeline_of, reads=reads, now=now_of,
)  # fmt: skip
_OF_STREAM = StreamSubject("household-", UUID)


class CheckedHouseholds:
    """Implements ``CheckedSubjects``."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def subject_of(self, recorded: Recorded) -> UUID | None:
        if isinstance(recorded.fact, EnrolmentFact | EnrolmentActsAnnulled):
            return recorded.fact.household_id
        return _OF_STREAM(recorded.stream) if recorded.stream.startswith(_OF_STREAM.prefix) else None

    def facts(self, tx: Tx, subject: UUID) -> Sequence[Recorded]:
        own = with_ancestors(tx.load(stream_of(subject)), relatives_in(tx))
        # Whoever is recorded for the first time just now is known to nobody else.
        named = (r for r in own if r.position <= tx.head or not isinstance(r.fact, HouseholdRecorded))
        said = tx.load_many(map(enrolments_of, persons_named(named)))
        return [*own, *(recorded for of_person in said.values() for recorded in of_person)]

    def area(self, tx: Tx, subject: UUID) -> str:
        known = tx.load(stream_of(subject))
        if not known:
            raise Refused(NOT_FOUND)
        return division_today(known, relatives_in(tx))
