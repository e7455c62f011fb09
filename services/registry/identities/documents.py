"""Documents that came later, in the log; and the days from which households are told of what a person is."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from contracts.registry.identities import PersonDocumentRecorded
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.households.claims import Digests, claim_resident_ids
from services.registry.households.domain import record_together, stream_of
from services.registry.households.identity_documents import IdentityDocument
from services.registry.households.next_steps import identity_case
from services.registry.households.rehydration import state_on
from services.registry.households.rules import NO_SUCH_MEMBER
from services.registry.households.store import (
    location_of,
    naming_facts_in_area,
    relatives_in,
    require_in_area,
    save,
)
from services.registry.identities import domain


def days_of_person(tx: Tx, person: UUID, household: UUID, since: date | None) -> dict[UUID, list[date]]:
    """``domain.days_by_household``, this household first. Raises ``Refused`` for somebody whom it never had."""
    periods = tx.periods_of([person])[person]
    if household not in periods:
        raise Refused(NO_SUCH_MEMBER)
    streams = {h: tx.load(stream_of(h)) for h in periods}
    days = domain.days_by_household(person, periods, streams, since)
    return {h: days[h] for h in sorted(days, key=lambda h: h != household)}


def document_handler(
    recorded: PersonDocumentRecorded, document: IdentityDocument, number: Digests, actor: Actor
) -> Callable[[Tx], Reply]:
    """Handles a document that came later, while none stands."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(recorded.household_id))
        require_in_area(known, actor, relatives_in(tx))
        days = days_of_person(tx, recorded.person_id, recorded.household_id, recorded.effective_on)
        facts = domain.later_documents(recorded, days)
        changes = {h: (tx.load(stream_of(h)), of) for h, of in facts.items()}
        with naming_facts_in_area(tx, actor):
            decided = record_together(changes, tx.today, relatives_in(tx))
        for day in (recorded.effective_on, None):
            member = state_on(known, relatives_in(tx), as_of=day).members.get(recorded.person_id)
            if member is not None and member.id_number is not None:
                raise Refused(domain.DOCUMENT_STANDS).advising(identity_case(recorded.household_id))
            if member is not None:
                document.require_consistent(member.sex, member.birth_year)
        claim_resident_ids(tx, {recorded.person_id: number}, actor.covers)
        save(tx, decided, actor.covers)
        return Reply(location=location_of(recorded.household_id))

    return work
