"""The identity of a person of a household as the standing that a procedure corrects, and documents that came later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import anyio
import msgspec

from contracts.facts import DecidedFrom, HouseholdFact, Recorded
from contracts.registry.codes import DocumentKind
from contracts.registry.households import FactsAnnulled
from contracts.registry.identities import IdentityCorrectionApplied, PersonCorrected
from contracts.registry.members import Member
from contracts.selection import surviving
from services.casework.procedures.commands import OpenCase
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.chassis.web.commands import Command
from services.registry.households.claims import Covers, Digests, claim_resident_ids, document_digests
from services.registry.households.domain import record_together, stream_of
from services.registry.households.dry_runs import DryRuns
from services.registry.households.identity_documents import IdentityDocument, parse_document
from services.registry.households.personal_values import decrypt
from services.registry.households.rehydration import state_on
from services.registry.households.rules import NO_SUCH_MEMBER
from services.registry.households.store import (
    naming_facts_in_area,
    relatives_in,
    require_in_area,
    save,
)
from services.registry.households.visibility import division_today
from services.registry.identities import domain
from services.registry.identities.documents import days_of_person
from services.registry.identities.forms import IdentityTerms

IDENTITY, ON_RECORD = "identity", "on_record"
"""The standing, and what it is of every household on record."""


NO_DOCUMENT = IdentityDocument(DocumentKind.NONE)


def application_stream(case_id: UUID) -> str:
    return f"identity-{case_id}"


@dataclass(frozen=True, slots=True)
class Application:
    """Sealed, with the claim of the new number; ``covers``: the applicant's area."""

    applied: IdentityCorrectionApplied
    number: Digests
    covers: Covers


class IdentityMatter:
    """Implements ``Matter`` and ``WithPersonalTerms``. The subject is the household; its terms name the person."""

    def __init__(self, store: Store, sealer: Sealer, dry_runs: DryRuns) -> None:
        self._store, self._sealer, self._dry_runs = store, sealer, dry_runs

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        known = tx.load(stream_of(subject))
        if not known:
            raise Refused(NOT_FOUND)
        relatives = relatives_in(tx)
        stands = state_on(known, relatives).status is not None
        return Subject(
            id=subject, household_id=subject, area=division_today(known, relatives),
            standing=ON_RECORD if stands else None,
        )  # fmt: skip

    async def seal_terms(self, opening: OpenCase, command: Command) -> OpenCase:
        terms = IdentityTerms.read(opening.terms)
        if command.dry_run:
            await self._dry_runs.record(command.by, "open_case", 1)
        document = terms.read_document()
        before = await anyio.to_thread.run_sync(self._member, opening.subject, terms, command.actor)
        stands = document if document is not None else await anyio.to_thread.run_sync(self._document_of, before)
        stands.require_consistent(terms.sex or before.sex, terms.birth_year or before.birth_year)
        applied = IdentityCorrectionApplied(
            household_id=opening.subject, case_id=opening.case_id, person_id=terms.person_id,
            effective_on=opening.on, entered_by=opening.by, correct_from=terms.correct_from,
            **terms.corrected(document),
        )  # fmt: skip
        domain.require_change(applied, before)
        applied = await self._sealer.seal(applied, dry_run=command.dry_run)
        number = document_digests(self._sealer.digest, document)
        return replace(opening, terms={"application": Application(applied, number, command.actor.covers)})

    def _member(self, household: UUID, terms: IdentityTerms, actor: Actor) -> Member:
        """Who the person is by the register. Raises ``Refused`` outside the actor's area, and for somebody who is not in the
        household on that day."""

        def read(tx: Tx) -> None:
            known = tx.load(stream_of(household))
            require_in_area(known, actor, relatives_in(tx))
            states = [state_on(known, relatives_in(tx), as_of=terms.correct_from)]
            if terms.correct_from is None:
                periods = tx.periods_of([terms.person_id])[terms.person_id].get(household, ())
                states = [
                    state_on(known, relatives_in(tx), as_of=period.first) for period in periods if not period.final
                ]
            found.extend(state for state in states if terms.person_id in state.members)

        found: list[Any] = []
        self._store.transact(read, appends=False)
        if not found:
            raise Refused(NO_SUCH_MEMBER)
        member: Member = found[-1].members[terms.person_id]
        return member

    def _document_of(self, member: Member) -> IdentityDocument:
        """What the register has of it, opened to be compared, and neither shown nor kept."""
        if member.id_number is None:
            return NO_DOCUMENT
        key = member.person_id, "id_number"
        plain = decrypt(self._sealer.data_keys, [{key: member.id_number}])[0][key]
        return parse_document(member.document_kind, plain) if isinstance(plain, str) else NO_DOCUMENT

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        application: Application = terms["application"]
        claim_resident_ids(tx, {application.applied.person_id: application.number}, application.covers)
        self._decided(tx, application.applied, application.applied.entered_by)
        applied = msgspec.structs.replace(application.applied, decided_from=basis)
        tx.append(application_stream(case.case_id), applied)

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        """The number that the application claimed is the decision's from now on; what the person had before is free."""
        recorded = self._application(tx, case.case_id)
        applied = recorded.fact
        assert isinstance(applied, IdentityCorrectionApplied)
        for (kind, number, digest), holder in tx.claims_by(recorded.command_id):
            if holder == applied.person_id:
                tx.claim(kind, [(number, digest)], holder)
        self.give_up(tx, case)
        common = {"caused_by": caused_by, "decided_from": basis, "decision": case.decision}
        decided = {
            household: [msgspec.structs.replace(fact, **common) for fact in facts]
            for household, facts in self._decided(tx, applied, actor.subject).items()
        }
        with naming_facts_in_area(tx, actor):
            save(tx, decided, actor.covers)

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        return any(
            isinstance(r.fact, PersonCorrected) and r.fact.case_id == case.case_id
            for r in surviving(tx.load(stream_of(case.subject)))
        )

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        applied = self._application(tx, case.case_id).fact
        assert isinstance(applied, IdentityCorrectionApplied)
        changes: dict[UUID, tuple[Sequence[Recorded], list[HouseholdFact]]] = {}
        for household in tx.periods_of([applied.person_id])[applied.person_id]:
            known = tx.load(stream_of(household))
            of_case = [r for r in known if isinstance(r.fact, PersonCorrected) and r.fact.case_id == case.case_id]
            if of_case:
                changes[household] = known, [FactsAnnulled(
                    household_id=household, effective_on=min(r.fact.effective_on for r in of_case),
                    entered_by=actor.subject, caused_by=caused_by, annuls=tuple(r.id for r in of_case),
                )]  # fmt: skip
        save(tx, record_together(changes, tx.today, relatives_in(tx)), actor.covers)

    def give_up(self, tx: Tx, case: CaseState) -> None:
        recorded = self._application(tx, case.case_id)
        assert isinstance(recorded.fact, IdentityCorrectionApplied)
        tx.settle_claims({(recorded.command_id, recorded.fact.person_id): False})

    def _application(self, tx: Tx, case_id: UUID) -> Recorded:
        return tx.load(application_stream(case_id))[0]

    def _decided(self, tx: Tx, applied: IdentityCorrectionApplied, entered_by: str) -> Mapping[UUID, Sequence[Any]]:
        """Raises ``Refused`` where a day of some household would not be lawful."""
        days = days_of_person(tx, applied.person_id, applied.household_id, applied.correct_from)
        streams = {h: tx.load(stream_of(h)) for h in days}
        facts = domain.corrections(applied, days, streams, entered_by)
        changes = {h: (streams[h], of) for h, of in facts.items()}
        return record_together(changes, tx.today, relatives_in(tx))
