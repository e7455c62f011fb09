"""The record that the register keeps of a household, as the standing that corrections change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom, Fact, Recorded
from contracts.registry.corrections import CorrectionMade, CorrectionProposed, ReportCarriedOut
from contracts.registry.divisions import Level
from contracts.roles import Role
from contracts.selection import surviving, timeline
from services.casework.procedures.document import Decision as DecisionStep
from services.casework.procedures.document import Procedure
from services.casework.procedures.matters import read_terms
from services.casework.procedures.repository import ProcedureRepository, Procedures
from services.casework.procedures.state import CaseState, Subject, fold
from services.casework.procedures.store import stream_of as case_stream
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.corrections.domain import Correction, correct, households_concerned
from services.registry.corrections.reports import happened, open_report, relations_reported, reporters
from services.registry.corrections.streams import stream_of
from services.registry.corrections.terms import RECORDED, Terms, resolve
from services.registry.households import domain as households
from services.registry.households.legality import LaterFactInTheWay
from services.registry.households.lineage import children_of, hands_of
from services.registry.households.next_steps import CORRECTION
from services.registry.households.pending_claims import require_numbers_reviewed
from services.registry.households.rehydration import current_state_without_surveys
from services.registry.households.store import naming_facts_in_area, relatives_in, save
from services.registry.households.visibility import division_today

REGISTER_RECORD = "register_record"

BEYOND_AREA = rule(
    "correction_beyond_area",
    zh="该更正涉及不在您辖区内的户，请由管辖全部有关户的上级机关决定。",
    en="The correction touches a household outside your area: an office whose area covers all of them decides it.",
    source="docs/decisions/0036-corrections.md; Lika access rules",
    status=403,
)
DECIDED_ABOVE = rule(
    "corrected_decision_of_higher_level",
    zh="被更正的决定由更高层级作出，须由该层级或其上级决定更正。",
    en="What would be corrected was decided at a higher level: that level, or one above it, decides the correction.",
    source="docs/decisions/0036-corrections.md",
    status=403,
)


class RegisterRecordMatter:
    """Implements ``Matter``. The subject is the household; nothing of it need stand."""

    def __init__(self, procedures: ProcedureRepository) -> None:
        self._procedures = procedures

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return households.stream_of(subject), stream_of(subject)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        known, relatives = tx.load(households.stream_of(subject)), relatives_in(tx)
        if not known:
            raise Refused(NOT_FOUND)
        return Subject(
            id=subject, household_id=subject, area=division_today(known, relatives), standing=RECORDED,
            hands=hands_of(known, relatives) | reporters(tx.load(stream_of(subject))),
        )  # fmt: skip

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        """What cannot stand is refused here already, naming the fact in the way."""
        known, relatives = tx.load(households.stream_of(case.subject)), relatives_in(tx)
        concerned = households_concerned(case.subject, known, touched_before(tx, case.subject), relatives)
        (by,) = {account for account, _ in case.entries}
        proposed = resolve(read_terms(Terms, terms), case, concerned, by)
        correction = _correction(tx, proposed, case, by, "")
        # Whoever opens the case covers the household's village, and perhaps no more.
        village = division_today(known, relatives)
        refused = tx.refusal_of(lambda trial: save(trial, _changes(trial, correction), lambda other: other == village))
        if isinstance(refused, LaterFactInTheWay):
            related = tx.load(refused.recorded.stream)
            same_village = bool(related) and division_today(related, relatives) == village
            refused = refused.named() if same_village else refused
        if refused is not None:
            refused.next = tuple(_with_terms(step, terms) for step in refused.next)
            raise refused
        tx.append(stream_of(case.subject), msgspec.structs.replace(proposed, decided_from=basis))

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        proposed = proposed_in(tx.load(stream_of(case.subject)), case.case_id)
        correction = _correction(tx, proposed, case, actor.subject, caused_by)
        with naming_facts_in_area(tx, actor):
            changes = _changes(tx, correction)
        for household in changes:
            known = tx.load(households.stream_of(household))
            if not known or not actor.covers(division_today(known, relatives_in(tx))):
                above = tuple(lv for lv in Level if lv.is_at_least(actor.level) and lv is not actor.level)
                raise Refused(BEYOND_AREA).advising(_decided_at(case, above))
        annulled = tuple(id_ for facts in changes.values() for fact in facts for id_ in fact.annuls)
        self._require_level(tx, case, annulled, actor)
        counted = _counted(tx, changes)
        with naming_facts_in_area(tx, actor):
            ids = save(tx, {
                household: [msgspec.structs.replace(fact, decided_from=basis) for fact in facts]
                for household, facts in changes.items()
            }, actor.covers)  # fmt: skip
        require_numbers_reviewed(tx, _counted(tx, changes) - counted)
        made = CorrectionMade(
            household_id=case.subject, case_id=case.case_id, effective_on=case.latest_on, entered_by=actor.subject,
            decision=case.decision, caused_by=caused_by, decided_from=basis, level=actor.level, annulled=annulled,
            recorded=tuple(id_ for of in ids.values() for id_ in of),
        )  # fmt: skip
        for household in dict.fromkeys((case.subject, *changes)):
            tx.append(stream_of(household), msgspec.structs.replace(made, household_id=household))
        if proposed.report is not None:
            tx.append(stream_of(case.subject), ReportCarriedOut(
                household_id=case.subject, report_id=proposed.report, case_id=case.case_id, effective_on=case.latest_on,
                entered_by=actor.subject, caused_by=caused_by,
            ))  # fmt: skip

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        made = (r.fact for r in tx.load(stream_of(case.subject)) if isinstance(r.fact, CorrectionMade))
        recorded = {fact_id for fact in made if fact.case_id == case.case_id for fact_id in fact.recorded}
        concerned = {household_in(fact_id) for fact_id in recorded}
        return any(r.id in recorded for h in concerned for r in surviving(tx.load(households.stream_of(h))))

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        raise ValueError("a correction takes no green channel; it is corrected by another one")

    def _require_level(self, tx: Tx, case: CaseState, annulled: Sequence[str], actor: Actor) -> None:
        """Raises ``DECIDED_ABOVE`` unless the actor's office is of the level that decided each of these, or above."""
        procedures = self._procedures.in_unit(tx)
        for fact_id in annulled:
            level = _level_of(tx, fact_id, procedures)
            if level is not None and not actor.level.is_at_least(level):
                above = tuple(lv for lv in Level if lv.is_at_least(level))
                raise Refused(DECIDED_ABOVE, level=level).advising(_decided_at(case, above))


def _counted(tx: Tx, concerned: Iterable[UUID]) -> set[UUID]:
    """Members of those of these households, and of those that split off from them, that are in the stock."""
    relatives, lineage, persons = relatives_in(tx), [*concerned], set[UUID]()
    for household in lineage:
        known = relatives(household)
        lineage += [child for child in children_of(known) if child not in lineage]
        state = current_state_without_surveys(known, relatives)
        persons.update(state.members if state.in_stock else ())
    return persons


def _decided_at(case: CaseState, levels: tuple[Level, ...]) -> NextStep:
    office = Office((Role.DECIDER,), levels)
    return NextStep("decide_case", office, {"case_id": case.case_id}, first_day=case.latest_on)


def _with_terms(step: NextStep, terms: Mapping[str, Any]) -> NextStep:
    """A correction that is advised instead of a refused one says what that said as well."""
    if step.form.get("procedure") != CORRECTION:
        return step
    wrong = {name: [*terms.get(name, ()), *ids] for name, ids in step.form.get("terms", {}).items()}
    return replace(step, form={**step.form, "terms": {**terms, **wrong}})


def touched_before(tx: Tx, household: UUID) -> tuple[UUID, ...]:
    """Households that former corrections of this one touched as well."""
    made = [r.fact for r in tx.load(stream_of(household)) if isinstance(r.fact, CorrectionMade)]
    return tuple(dict.fromkeys(household_in(id_) for fact in made for id_ in (*fact.annulled, *fact.recorded)))


def household_in(fact_id: str) -> UUID:
    """The household in whose stream a fact stands."""
    return UUID(fact_id.split("/")[1].removeprefix("household-"))


def proposed_in(facts: Sequence[Recorded], case_id: UUID) -> CorrectionProposed:
    return next(r.fact for r in facts if isinstance(r.fact, CorrectionProposed) and r.fact.case_id == case_id)


def _correction(tx: Tx, proposed: CorrectionProposed, case: CaseState, by: str, caused_by: str) -> Correction:
    correction = Correction(
        household_id=proposed.household_id, case_id=proposed.case_id, entered_by=by, caused_by=caused_by or None,
        decision=case.decision, acts=proposed.acts, facts=proposed.facts, decisions=proposed.decisions,
        beside=touched_before(tx, proposed.household_id),
    )  # fmt: skip
    if proposed.report is None:
        return correction
    report = open_report(tx.load(stream_of(proposed.household_id)), proposed.report)
    fact, successor = happened(report, caused_by, case.decision)
    return replace(correction, happened=fact, successor=successor, relations=relations_reported(report.fact))


def _changes(tx: Tx, correction: Correction) -> dict[UUID, list[Fact]]:
    known = tx.load(households.stream_of(correction.household_id))
    return correct(correction, known, tx.today, relatives_in(tx))


def changes_of(tx: Tx, case: CaseState) -> dict[UUID, list[Fact]]:
    """What the correction would record now, by household. Raises ``Refused``."""
    proposed = proposed_in(tx.load(stream_of(case.subject)), case.case_id)
    return _changes(tx, _correction(tx, proposed, case, proposed.entered_by, ""))


def _level_of(tx: Tx, fact_id: str, procedures: Procedures) -> Level | None:
    """Of the office that decided this fact: in a correction, or in the case that it names; ``None`` for what nobody here
    decided."""
    made = (r.fact for r in tx.load(stream_of(household_in(fact_id))) if isinstance(r.fact, CorrectionMade))
    corrected_at = next((m.level for m in made if fact_id in m.recorded), None)
    if corrected_at is not None:
        return corrected_at
    _, stream, version = fact_id.split("/")
    fact = next(r.fact for r in tx.load(stream) if r.version == int(version))
    case_id = getattr(fact, "case_id", None)
    state = None if case_id is None else fold(timeline(tx.load(case_stream(case_id))))
    if state is None:
        return None
    edition = procedures.edition(state.procedure, state.edition)
    return next(step.office.level for step in edition.steps if isinstance(step, DecisionStep))
