"""Status history migrated from an older system. It states who decided and when the old system recorded it; it is
recorded here today, so answers about it name the basis "asserted".

The form has no column for the standard of an identification, the policies after an exit or the cause of a return: the
old register was the national one, exited households kept their policies until 2020, and the cause on the form is the
household's current one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from contracts.facts import Fact, HouseholdFact, Precision
from contracts.registry.codes import PovertyCause
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from services.casework.workbooks.importing.results import Upload
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.refusals import Rule
from services.registry.households.domain import stream_of, with_appended
from services.registry.households.lineage import household_timeline
from services.registry.intake.codes import StatusEvent
from services.registry.intake.layout import HISTORY
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import RegisterState, SourcedFact
from services.registry.intake.matching.new_records import common_fields
from services.registry.intake.reading.drafts import HistoryDraft, HouseholdDraft

StatusFact = HouseholdEnrolled | HouseholdExited | HouseholdReturned | HouseholdRemoved

FACT_TYPES: dict[StatusEvent, type[StatusFact]] = {
    StatusEvent.IDENTIFIED: HouseholdEnrolled,
    StatusEvent.EXITED: HouseholdExited,
    StatusEvent.RETURNED: HouseholdReturned,
    StatusEvent.REMOVED: HouseholdRemoved,
}
COUNTY_DIGITS = 6


def status_history_facts(
    draft: HouseholdDraft, register: RegisterState, before: Sequence[SourcedFact], upload: Upload
) -> tuple[list[SourcedFact], list[RowError]]:
    """Facts of the events that are not on record yet, to be recorded after ``before``, and errors of those that are
    refused."""
    line = household_timeline(register.facts, register.relatives)
    on_record = [r.fact for r in line if isinstance(r.fact, StatusFact)]
    decided_here = any(fact.case_id is not None for fact in on_record)
    facts: list[SourcedFact] = []
    errors: list[RowError] = []
    for event in draft.history:
        same = next((fact for fact in on_record if _is_same_event(event, fact)), None)
        if same is not None:
            on_record.remove(same)
        elif (refusal := _reason_to_refuse(event, register, upload, decided_here)) is not None:
            errors.append(RowError.of(refusal, HISTORY, event.row))
        else:
            fact = _status_fact(event, draft, register, [*before, *facts], upload)
            facts.append(SourcedFact(fact, HISTORY, event.row, "event"))
    return facts, errors


def _reason_to_refuse(event: HistoryDraft, register: RegisterState, upload: Upload, decided_here: bool) -> Rule | None:
    if len(upload.area) > COUNTY_DIGITS:
        return rules.MIGRATED_BY_COUNTY
    if event.source_recorded_on is None:
        return rules.SOURCE_DAY_MISSING
    return rules.AFTER_CASE if decided_here else register.history_refusal


def _status_fact(
    event: HistoryDraft, draft: HouseholdDraft, register: RegisterState, before: Sequence[SourcedFact], upload: Upload
) -> StatusFact:
    fields: dict[str, Any] = {
        **common_fields(register, event.effective, upload),
        "source_recorded_on": event.source_recorded_on,
        "decision": event.decision,
    }
    match event.event:
        case StatusEvent.IDENTIFIED:
            return HouseholdEnrolled(**fields, standard=Standard.NATIONAL)
        case StatusEvent.EXITED:
            return HouseholdExited(**fields, enjoys_policies=True)
        case StatusEvent.RETURNED:
            cause = draft.details.get("main_cause") or register.at_survey.main_cause or PovertyCause.OTHER
            exit_id = _last_exit(register, [sourced.fact for sourced in before], event.effective.first_day)
            return HouseholdReturned(**fields, cause=cause, former_exit=exit_id)
        case StatusEvent.REMOVED:
            return HouseholdRemoved(**fields, reason="原系统登记为剔除 / removed in the older system")


def _last_exit(register: RegisterState, new: Sequence[Fact], day: date) -> str:
    """The id that the last exit up to this day has or will have; empty when there is none, and the return is refused
    then."""
    facts = with_appended(register.facts, new, stream_of(register.household_id))
    line = household_timeline(facts, register.relatives, as_of=day)
    exits = [r.id for r in line if isinstance(r.fact, HouseholdExited)]
    return exits[-1] if exits else ""


def _is_same_event(event: HistoryDraft, fact: HouseholdFact) -> bool:
    """Whether the fact records this event: same type, and equal dates at the coarser of both precisions."""
    precisions = {event.effective.precision, fact.precision}
    return isinstance(fact, FACT_TYPES[event.event]) and _comparable(
        event.effective.first_day, precisions
    ) == _comparable(fact.effective_on, precisions)


def _comparable(day: date, precisions: set[Precision]) -> tuple[int, ...]:
    if Precision.YEAR in precisions:
        return (day.year,)
    return (day.year, day.month) if Precision.MONTH in precisions else (day.year, day.month, day.day)
