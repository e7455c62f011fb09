"""Decides the import of one household: draft, state of the register, matched persons → facts or errors. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.registry.members import Relation
from contracts.selection import timeline
from services.casework.workbooks.importing.results import Upload
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.refusals import Refused
from services.registry.households.domain import record
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from services.registry.intake.matching import differences
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import (
    ImportDecision,
    RegisterState,
    SourcedFact,
)
from services.registry.intake.matching.new_records import (
    new_household_facts,
    new_member,
    residence_facts,
    survey_facts,
)
from services.registry.intake.matching.status_history import status_history_facts
from services.registry.intake.reading.drafts import HouseholdDraft


def decide(
    draft: HouseholdDraft, register: RegisterState, known: Mapping[int, UUID], new: Mapping[int, UUID], upload: Upload
) -> ImportDecision:
    """``known`` and ``new``: member row → person on record on the day of the survey, or not on the register yet. A
    household on record must have been so on that day."""
    decision = ImportDecision(new_persons=dict(new))
    if not register.facts:
        decision.facts += [*new_household_facts(draft, register, new, upload), *survey_facts(draft, register, upload)]
    else:
        _decide_existing(decision, draft, register, known, upload)
    facts, errors = status_history_facts(draft, register, decision.facts, upload)
    decision.facts += facts
    decision.errors += errors
    if not decision.errors and decision.facts:
        decision.errors += _legality_errors(register, decision.facts, upload.today)
    return decision


def _decide_existing(
    decision: ImportDecision, draft: HouseholdDraft, register: RegisterState, known: Mapping[int, UUID], upload: Upload
) -> None:
    """A household on record: what differs, who is new, and what contradicts the register."""
    recorded_on = timeline(register.facts)[0].fact.effective_on
    decision.facts += differences.household_changes(draft, register, upload)
    decision.errors += differences.shredded_subject_errors(
        draft, {row: register.at_survey.members[p] for row, p in known.items()}, register
    )
    for member in draft.members:
        if member.row in known:
            person = known[member.row]
            before = register.at_survey.members[person]
            decision.errors += differences.identity_errors(member, before)
            decision.warnings += differences.corrections_needed(member, before)
            for later in differences.later_document(member, person, draft, register, upload):
                decision.facts.append(later)
                decision.new_numbers[member.row] = person
            decision.facts += differences.member_changes(draft, member, person, register, upload)
            decision.facts += differences.residence_changes(draft, member, person, register, upload)
        elif member.relation is Relation.HEAD:
            decision.errors.append(RowError.of(rules.HEAD_DIFFERS, MEMBERS, member.row, "relation"))
        else:
            person = decision.new_persons[member.row]
            decision.facts.append(new_member(member, person, draft, recorded_on, register, upload))
            decision.facts += residence_facts(member, person, draft, register, upload)
    if not set(register.at_survey.members) <= set(known.values()):
        decision.warnings.append(RowError.of(rules.MEMBER_MISSING, HOUSEHOLDS, draft.row))


def _legality_errors(register: RegisterState, new: Sequence[SourcedFact], today: date) -> list[RowError]:
    """The first fact that breaks a rule of the household, with that rule; empty when every day stays legal."""
    facts = [sourced.fact for sourced in new]
    try:
        record(register.facts, facts, today, register.relatives)
    except Refused as whole:
        for number, sourced in enumerate(new, start=1):
            try:
                record(register.facts, facts[:number], today, register.relatives)
            except Refused as refused:
                return [sourced.error(refused.rule)]
        return [new[0].error(whole.rule)]
    return []
