"""Whether a household is on record, as the standing that procedures change."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import DecidedFrom, Fact, Recorded
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.households import FactsAnnulled
from contracts.registry.merges import HouseholdEndProposed, PersonsMerged, PersonsMergeProposed
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import surviving
from services.casework.dates import require_not_future
from services.casework.findings.store import answers_of
from services.casework.procedures.document import Procedure
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.households.domain import record, record_together, stream_of
from services.registry.households.ends import end_household, merge_households, merge_persons
from services.registry.households.lineage import hands_of, related_households, with_ancestors
from services.registry.households.numbers import numbers_given
from services.registry.households.pending_claims import require_numbers_reviewed
from services.registry.households.precision_rules import require_first_of_period
from services.registry.households.rehydration import state_on
from services.registry.households.store import naming_facts_in_area, relatives_in, require_in_area, save
from services.registry.households.visibility import division_today
from services.registry.lifecycle.terms import PROPOSALS, Proposal, Record, effect_of, joining_by, others_of, proposal_of


class HouseholdRecordMatter:
    """Implements ``Matter``."""

    def __init__(self, procedures: ProcedureRepository) -> None:
        self._procedures = procedures

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return stream_of(subject), answers_of(subject)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        """Where the household is today, or was when it ended; whether it was on record on that day."""
        known = tx.load(stream_of(subject))
        if not known:
            raise Refused(NOT_FOUND)
        relatives = relatives_in(tx)
        then = state_on(known, relatives, as_of=on)
        ended = Record.ENDED if then.status is PovertyStatus.CANCELLED else Record.ON_RECORD
        return Subject(
            id=subject,
            household_id=subject,
            area=division_today(known, relatives),
            standing=None if then.status is None else ended,
            since=then.status_since,
            fact_id=then.status_fact,
            hands=hands_of(known, relatives),
        )

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        """What the application asks for stands in the household's own stream, where nobody counts it. What it says of another
        household is looked at by who decides, whose area covers both."""
        procedure = self._procedures.in_unit(tx).edition(case.procedure, case.edition)
        proposal = proposal_of(case, procedure, terms, entered_by=_opener(case))
        require_not_future(proposal.effective_on, tx.today)
        require_first_of_period(proposal.effective_on, proposal.precision)
        if not others_of(proposal):
            self._decide(tx, proposal, procedure, entered_by=proposal.entered_by)
        tx.append(stream_of(case.subject), proposal)

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        proposal = _proposal(tx.load(stream_of(case.subject)), case.case_id)
        for other in others_of(proposal):
            require_in_area(tx.load(stream_of(other)), actor, relatives_in(tx))
        # Set aside afterwards they would be in neither household.
        require_numbers_reviewed(tx, joining_by(proposal))
        with naming_facts_in_area(tx, actor):
            decided = self._decide(
                tx, proposal, procedure, entered_by=actor.subject, decision=case.decision, caused_by=caused_by,
                decided_from=basis,
            )  # fmt: skip
            save(tx, decided, actor.covers)
        if isinstance(proposal, HouseholdEndProposed):
            _claim_again(tx, tx.load(stream_of(case.subject)), joining_by(proposal))

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        return any(_brought_about(r, case.case_id) for r in surviving(tx.load(stream_of(case.subject))))

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        known = tx.load(stream_of(case.subject))
        acts = {r.command_id for r in known if _brought_about(r, case.case_id)}
        changes: dict[UUID, tuple[Sequence[Recorded], list[FactsAnnulled]]] = {}
        for household in (case.subject, *related_households(known)):
            facts = tx.load(stream_of(household))
            void = [r for r in surviving(facts) if r.command_id in acts]
            if void:
                annulment = FactsAnnulled(
                    household_id=household, effective_on=min(r.fact.effective_on for r in void),
                    entered_by=actor.subject, caused_by=caused_by, annuls=tuple(r.id for r in void),
                )  # fmt: skip
                changes[household] = facts, [annulment]
        with naming_facts_in_area(tx, actor):
            save(tx, record_together(changes, tx.today, relatives_in(tx)), actor.covers)

    def _decide(self, tx: Tx, proposal: Proposal, procedure: Procedure, **common: Any) -> Mapping[UUID, Sequence[Fact]]:
        relatives, fact = relatives_in(tx), effect_of(proposal, procedure, **common)
        match fact, proposal:
            case HouseholdCancelled(merged_into=None), _:
                return end_household(relatives(fact.household_id), fact, tx.today, relatives)
            case HouseholdCancelled(), HouseholdEndProposed(relations=relations):
                return merge_households(fact, relations, tx.today, relatives)
            case PersonsMerged(), PersonsMergeProposed(successor=successor):
                return merge_persons(fact, successor, tx.today, relatives)
            case HouseholdReinstated(), _:
                known = relatives(fact.household_id)
                return {fact.household_id: record(known, [fact], tx.today, relatives)}
        raise AssertionError(f"{type(fact)} is not what {type(proposal)} asks for")


def _claim_again(tx: Tx, known: Sequence[Recorded], persons: Collection[UUID]) -> None:
    """The numbers that these persons of the household have stand by this act as well: the household that they join says them,
    whatever becomes of the entries here."""
    for given in numbers_given(surviving(with_ancestors(known, relatives_in(tx)))):
        for (kind, number, digest), holder in tx.claims_by(given.act):
            if holder == given.holder and holder in persons:
                tx.claim(kind, [(number, digest)], holder)


def _opener(case: CaseState) -> str:
    ((account, _),) = case.entries
    return account


def _proposal(known: Sequence[Recorded], case_id: UUID) -> Proposal:
    return next(r.fact for r in known if isinstance(r.fact, PROPOSALS) and r.fact.case_id == case_id)


def _brought_about(recorded: Recorded, case_id: UUID) -> bool:
    fact = recorded.fact
    return isinstance(fact, HouseholdCancelled | HouseholdReinstated | PersonsMerged) and fact.case_id == case_id
