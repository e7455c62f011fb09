"""The first recording of a household in the log: made once, and corrected in place."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from contracts.facts import HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.selection import surviving
from services.casework.dates import FUTURE_DAY
from services.chassis.ground.next_steps import NextStep
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, check_all, checks
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.divisions.rules import DIVISION_HAS_ENDED, NOT_YET_DECLARED
from services.registry.households import claims
from services.registry.households.annulments import with_annulled
from services.registry.households.claims import PERSON_NOT_CONFIRMED, Digests
from services.registry.households.domain import record, stream_of
from services.registry.households.legality import LEGALITY
from services.registry.households.memberships import IN_ANOTHER_HOUSEHOLD
from services.registry.households.precision_rules import NOT_FIRST_OF_PERIOD
from services.registry.households.rules import PERSON_DIED
from services.registry.households.store import (
    location_of,
    naming_facts_in_area,
    relatives_in,
    save,
)
from services.registry.households.villages import UNKNOWN_VILLAGE, require_village
from services.registry.households.visibility import require_today_or_nothing
from services.registry.households.ways_past import CADRE

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


@dataclass(frozen=True, slots=True)
class Recording:
    """What the rules of a recording are asked about. ``facts``: the recording, then first surveys; ``named``: members whom
    the form names by their person id."""

    tx: Tx
    actor: Actor
    known: Sequence[Recorded]
    facts: Sequence[HouseholdFact]
    ids: Mapping[UUID, Digests]
    household_no: Digests
    named: Collection[UUID] = ()

    @property
    def first(self) -> HouseholdRecorded:
        first = self.facts[0]
        assert isinstance(first, HouseholdRecorded)
        return first


@checks(UNKNOWN_VILLAGE, NOT_YET_DECLARED, DIVISION_HAS_ENDED)
def village_declared(recording: Recording) -> None:
    require_village(recording.tx, recording.first.division, recording.first.effective_on)


@checks(ID_NUMBER_NEEDED, PERSON_NOT_CONFIRMED)
def persons_confirmed(recording: Recording) -> None:
    """A person keeps their id if the household was ever recorded with them, or if their ID number says so; and their ID
    number, which a correction in place gives again."""
    tx, known, ids = recording.tx, recording.known, recording.ids
    recorded = {m.person_id for r in known if isinstance(r.fact, HouseholdRecorded) for m in r.fact.members}
    with_number = {
        m.person_id
        for r in surviving(known)
        if isinstance(r.fact, HouseholdRecorded)
        for m in r.fact.members
        if m.id_number is not None
    }
    for person in recording.named:
        if person in with_number and not ids.get(person):
            raise Refused(ID_NUMBER_NEEDED, person=str(person))
        if person not in recorded and person not in claims.holders_of_number(tx, ids.get(person, ())):
            raise Refused(PERSON_NOT_CONFIRMED, person=str(person))


@checks(claims.DUPLICATE_ID, given=(persons_confirmed,))
def id_numbers_free(recording: Recording) -> None:
    claims.claim_resident_ids(recording.tx, recording.ids, recording.actor.covers)


@checks(claims.DUPLICATE_HOUSEHOLD_NO)
def household_no_free(recording: Recording) -> None:
    household = recording.first.household_id
    claims.claim_household_no(recording.tx, recording.household_no, household, recording.actor.covers)


@checks(FUTURE_DAY, NOT_FIRST_OF_PERIOD, *LEGALITY)
def household_lawful(recording: Recording) -> None:
    with naming_facts_in_area(recording.tx, recording.actor):
        record(recording.known, recording.facts, recording.tx.today, relatives_in(recording.tx))


@checks(IN_ANOTHER_HOUSEHOLD, PERSON_DIED, given=(persons_confirmed, id_numbers_free, household_lawful))
def members_of_no_other_household(recording: Recording) -> None:
    """Saved, for that is when memberships are compared."""
    save(recording.tx, {recording.first.household_id: recording.facts}, recording.actor.covers)


RECORDING_RULES: tuple[RuleCheck[Recording], ...] = (
    village_declared, persons_confirmed, id_numbers_free, household_no_free, household_lawful,
    members_of_no_other_household,
)  # fmt: skip
RULES_OF_LAWFUL = tuple(check for check in RECORDING_RULES if check is not household_lawful)


def record_handler(
    fact: HouseholdRecorded,
    actor: Actor,
    ids: Mapping[UUID, Digests],
    household_no: Digests,
    others: Sequence[HouseholdFact] = (),
    *,
    found_lawful: bool = False,
) -> Callable[[Tx], Reply]:
    """Handles the first record of a household: its facts, its first surveys (``others``) and its claims. ``found_lawful``: these facts
    were judged before, as those of a household of which nothing is recorded. Where that is still so, nothing but themselves
    decides it, and they are not judged again."""

    def work(tx: Tx) -> Reply:
        if not actor.covers(fact.division):
            raise Refused(NOT_FOUND)
        known = tx.load(stream_of(fact.household_id))
        rules = RULES_OF_LAWFUL if found_lawful and not known else RECORDING_RULES
        check_all(rules, Recording(tx, actor, known, [fact, *others], ids, household_no))
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
        corrected = msgspec.structs.replace(fact, annuls=_standing_recording(known))
        check_all(RECORDING_RULES, Recording(tx, actor, known, [corrected], ids, household_no, named))
        return Reply(location=location_of(fact.household_id))

    return work


def _standing_recording(known: Sequence[Recorded]) -> tuple[str, ...]:
    """Ids of the recording that stands and of those that it replaced."""
    for formed in (r.fact for r in known if isinstance(r.fact, HouseholdFormed)):
        ids, form = {"household_id": formed.split_from}, {"corrects": formed.household_id}
        raise Refused(FORMED_BY_SPLIT).advising(NextStep("split_household", CADRE, ids, form))
    recordings = [r for r in known if isinstance(r.fact, HouseholdRecorded)]
    return tuple(r.id for r in with_annulled((r for r in surviving(known) if r in recordings), recordings))
