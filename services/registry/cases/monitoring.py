"""The monitoring status of a household as the standing that procedures change."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom
from contracts.registry.households import FactsAnnulled
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import surviving
from services.casework.documents.reading import Documents
from services.casework.findings.store import answers_of
from services.casework.procedures.document import Procedure
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.cases.monitoring_kinds import KIND, kinds_from
from services.registry.cases.monitoring_terms import (
    NOT_MONITORED,
    EliminationEffect,
    Proposal,
    StartEffect,
    effect_of,
    effect_terms,
    proposal_of,
    proposed_in,
    require_eliminable,
)
from services.registry.households import domain as households
from services.registry.households.lineage import hands_of
from services.registry.households.monitoring_status import MONITORING_TYPES
from services.registry.households.pending_claims import require_numbers_reviewed
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.state import Household
from services.registry.households.store import naming_facts_in_area, relatives_in, save
from services.registry.households.visibility import division_today

NO_KINDS_IN_FORCE = rule(
    "no_monitoring_kinds_in_force",
    zh="当日没有施行的监测对象类型，不能纳入；请管理员采用当地的类型文件。",
    en="No kinds of monitored objects are in force there on that day, so nobody is taken in; have an operator adopt the document of"
    " that place.",
    source="documents of kinds of this installation",
)


class MonitoringMatter:
    """Implements ``Matter``."""

    def __init__(self, documents: Documents, procedures: ProcedureRepository) -> None:
        self._documents, self._procedures = documents, procedures

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return households.stream_of(subject), answers_of(subject)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        """Where the household is today; its monitoring status on that day."""
        known = tx.load(households.stream_of(subject))
        if not known:
            raise Refused(NOT_FOUND)
        relatives = relatives_in(tx)
        then = state_on(known, relatives, as_of=on)
        monitored = then.monitoring
        return Subject(
            id=subject,
            household_id=subject,
            area=division_today(known, relatives),
            standing=_standing(then),
            since=None if monitored is None else monitored.since,
            fact_id="" if monitored is None else monitored.fact,
            hands=hands_of(known, relatives),
        )

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        """What the application asks for stands in the household's own stream, where nobody counts it."""
        procedure = self._procedures.in_unit(tx).edition(case.procedure, case.edition)
        then = self._household(tx, case.subject, case.opened_on)
        ((opener, _),) = case.entries
        proposal = proposal_of(case, procedure, terms, then, opener)
        self._require_lawful(tx, proposal, procedure, then, case.opened_on)
        if proposal is not None:
            tx.append(households.stream_of(case.subject), proposal)

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        assert case.decision is not None
        known = tx.load(households.stream_of(case.subject))
        then = self._household(tx, case.subject, case.decision.decided_on)
        proposal = proposed_in(case.case_id, known)
        kinds = self._require_lawful(tx, proposal, procedure, then, case.decision.decided_on)
        fact = effect_of(proposal, procedure, case, then, actor.subject)
        basis = msgspec.structs.replace(basis, documents=(*basis.documents, *kinds))
        fact = msgspec.structs.replace(fact, caused_by=caused_by, decided_from=basis)
        require_numbers_reviewed(tx, current_state_without_surveys(known, relatives_in(tx)).members)
        with naming_facts_in_area(tx, actor):
            save(tx, households.change_status(known, fact, tx.today, relatives_in(tx)))

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        known = surviving(tx.load(households.stream_of(case.subject)))
        return any(isinstance(r.fact, MONITORING_TYPES) and _of_case(r.fact, case) for r in known)

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        known = tx.load(households.stream_of(case.subject))
        decided = [r for r in known if isinstance(r.fact, MONITORING_TYPES) and _of_case(r.fact, case)]
        annulment = FactsAnnulled(
            household_id=case.subject, effective_on=min(r.fact.effective_on for r in decided), entered_by=actor.subject,
            caused_by=caused_by, annuls=tuple(r.id for r in decided),
        )  # fmt: skip
        with naming_facts_in_area(tx, actor):
            save(tx, {case.subject: households.record(known, [annulment], tx.today, relatives_in(tx))})

    def _household(self, tx: Tx, household: UUID, on: date) -> Household:
        return state_on(tx.load(households.stream_of(household)), relatives_in(tx), as_of=on)

    def _require_lawful(
        self, tx: Tx, proposal: Proposal | None, procedure: Procedure, then: Household, day: date
    ) -> tuple[str, ...]:
        """Ids of the documents that were looked up. Raises ``Refused``."""
        effect, lookup = effect_terms(procedure), self._documents.in_unit(tx)
        if isinstance(effect, EliminationEffect) and (manner := getattr(proposal, "manner", None)) is not None:
            require_eliminable(effect, manner, getattr(proposal, "early_reason", None), then, day)
        if isinstance(effect, StartEffect) and (kind := getattr(proposal, "kind", None)) is not None:
            try:
                kinds = lookup.in_force(KIND, effect.kinds, day, then.division).typed(kinds_from)
            except (NotInForce, UnknownName):
                raise Refused(NO_KINDS_IN_FORCE, on=day) from None
            kinds.require(kind, getattr(proposal, "risks", ()), then.status)
        return lookup.used


def _standing(then: Household) -> str | None:
    if then.status in (None, PovertyStatus.CANCELLED):
        return None
    return NOT_MONITORED if then.monitoring is None else then.monitoring.status


def _of_case(fact: object, case: CaseState) -> bool:
    return getattr(fact, "case_id", None) == case.case_id
