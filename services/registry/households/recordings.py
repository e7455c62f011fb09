"""The first recording of a household in the log: made once, and corrected in place."""

from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from contracts.facts import HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.selection import surviving
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.households import claims
from services.registry.households.annulments import with_annulled
from services.registry.households.claims import PERSON_NOT_CONFIRMED, Digests
from services.registry.households.domain import record, stream_of
from services.registry.households.store import location_of, naming_facts_in_area, relatives_in, require_village, save
from services.registry.households.visibility import require_today_or_nothing

FORMED_BY_SPLIT = rule(
    "formed_by_split",
    zh="该户由分户而来：请更正分户登记（分户表填写“更正的户”），不要另行登记。",
    en="This household was formed by a split: correct the split (``corrects`` in its form) instead of recording it.",
    source="Lika design: any order of telling",
)

ID_NUMBER_NEEDED = rule(
    "id_number_needed",
    zh="此人登记有证件号码：更正时请一并填写（可按“更正”目的查看原号码）。",
    en="This person is on record with an ID number: give it in the correction as well (it can be disclosed for correction).",
    source="GB 11643; Lika design: any order of telling",
)


def record_handler(
    fact: HouseholdRecorded,
    actor: Actor,
    ids: Mapping[UUID, Digests],
    household_no: Digests,
    others: Sequence[HouseholdFact] = (),
) -> Callable[[Tx], Reply]:
    """Handles the first record of a household: its facts, its first surveys (``others``) and its claims."""

    def work(tx: Tx) -> Reply:
        if not actor.covers(fact.division):
            raise Refused(NOT_FOUND)
        require_village(tx, fact.division)
        claims.claim_resident_ids(tx, ids)
        claims.claim_household_no(tx, household_no, fact.household_id)
        decided = record(tx.load(stream_of(fact.household_id)), [fact, *others], tx.today)
        save(tx, {fact.household_id: decided})
        return Reply(location=location_of(fact.household_id))

    return work


def recording_correction_handler(
    fact: HouseholdRecorded,
    actor: Actor,
    ids: Mapping[UUID, Digests],
    household_no: Digests,
    named: Collection[UUID],
) -> Callable[[Tx], Reply]:
    """Handles the correction in place of a first recording, or its making anew where it was annulled: village, day and
    members become what they should have been, with no move, and whatever came later stays. ``named``: the members whom
    the form names by their person id."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(fact.household_id))
        require_today_or_nothing(known, actor, relatives_in(tx))
        if not actor.covers(fact.division):
            raise Refused(NOT_FOUND)
        require_village(tx, fact.division)
        corrected = msgspec.structs.replace(fact, annuls=_standing_recording(known))
        _require_known_persons(tx, known, named, ids)
        claims.claim_resident_ids(tx, ids)
        claims.claim_household_no(tx, household_no, fact.household_id)
        with naming_facts_in_area(tx, actor):
            decided = record(known, [corrected], tx.today, relatives_in(tx))
        save(tx, {fact.household_id: decided})
        return Reply(location=location_of(fact.household_id))

    return work


def _standing_recording(known: Sequence[Recorded]) -> tuple[str, ...]:
    """Ids of the recording that stands and of those that it replaced."""
    if any(isinstance(r.fact, HouseholdFormed) for r in known):
        raise Refused(FORMED_BY_SPLIT)
    recordings = [r for r in known if isinstance(r.fact, HouseholdRecorded)]
    return tuple(r.id for r in with_annulled((r for r in surviving(known) if r in recordings), recordings))


def _require_known_persons(
    tx: Tx, known: Sequence[Recorded], named: Collection[UUID], ids: Mapping[UUID, Digests]
) -> None:
    """A person keeps their id if the household was ever recorded with them, or if their ID number says so; and their ID
    number, which a correction in place gives again."""
    recorded = {m.person_id for r in known if isinstance(r.fact, HouseholdRecorded) for m in r.fact.members}
    with_number = {
        m.person_id
        for r in surviving(known)
        if isinstance(r.fact, HouseholdRecorded)
        for m in r.fact.members
        if m.id_number is not None
    }
    for person in named:
        if person in with_number and not ids.get(person):
            raise Refused(ID_NUMBER_NEEDED, person=str(person))
        if person not in recorded and person not in tx.holders(claims.RESIDENT_ID, ids.get(person, ())).values():
            raise Refused(PERSON_NOT_CONFIRMED, person=str(person))
