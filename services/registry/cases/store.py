"""The poverty status of a household as the standing that procedures change."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom
from contracts.registry.households import FactsAnnulled
from contracts.selection import surviving
from services.casework.findings.store import answers_of
from services.casework.procedures.document import Procedure
from services.casework.procedures.matters import no_terms
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.cases.effects import effect_of
from services.registry.households import domain as households
from services.registry.households.lineage import hands_of, household_timeline
from services.registry.households.pending_claims import require_numbers_reviewed
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.removals import entries_of
from services.registry.households.store import naming_facts_in_area, relatives_in, save
from services.registry.households.visibility import division_today

POVERTY_STATUS = "poverty_status"


class PovertyStatusMatter:
    """Implements ``Matter``."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return households.stream_of(subject), answers_of(subject)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        """Where the household is today; its status on that day."""
        known = tx.load(households.stream_of(subject))
        if not known:
            raise Refused(NOT_FOUND)
        relatives = relatives_in(tx)
        then = state_on(known, relatives, as_of=on)
        return Subject(
            id=subject,
            household_id=subject,
            area=division_today(known, relatives),
            standing=then.status,
            since=then.status_since,
            fact_id=then.status_fact,
            hands=hands_of(known, relatives),
        )

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        no_terms(terms)

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        assert case.decision is not None
        household = self.subject(tx, case.subject, case.latest_on)
        known = tx.load(households.stream_of(case.subject))
        line = household_timeline(known, relatives_in(tx), as_of=case.latest_on)
        status = effect_of(case, procedure, household, actor.subject, entries_of(line, case.subject))
        status = msgspec.structs.replace(status, caused_by=caused_by, decided_from=basis)
        require_numbers_reviewed(tx, current_state_without_surveys(known, relatives_in(tx)).members)
        with naming_facts_in_area(tx, actor):
            save(tx, households.change_status(known, status, tx.today, relatives_in(tx)))

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        known = surviving(tx.load(households.stream_of(case.subject)))
        return any(getattr(r.fact, "case_id", None) == case.case_id for r in known)

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        known = tx.load(households.stream_of(case.subject))
        decided = [r for r in known if getattr(r.fact, "case_id", None) == case.case_id]
        annulment = FactsAnnulled(
            household_id=case.subject,
            effective_on=min(r.fact.effective_on for r in decided),
            entered_by=actor.subject,
            caused_by=caused_by,
            annuls=tuple(r.id for r in decided),
        )
        with naming_facts_in_area(tx, actor):
            save(tx, {case.subject: households.record(known, [annulment], tx.today, relatives_in(tx))})
