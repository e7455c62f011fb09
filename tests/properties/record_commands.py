"""Commands about the record of a household: it ends, is merged, comes back, or holds a duplicate. Drawn with the others."""

from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.members import Relation
from contracts.registry.merges import PersonsMerged, RelationAfterMerge
from contracts.registry.reasons import CancelReason
from services.registry.households import domain
from services.registry.households.ends import end_household, merge_households, merge_persons
from services.registry.households.rehydration import current_state, state_on
from tests.properties.household_commands import HANDLERS, NAMESPACE, Command, Township, about, members_of, picked
from tests.properties.household_repositories import HouseholdRepository


def end(township: Township, command: Command, repository: HouseholdRepository) -> None:
    household = township.household(command)
    ended = HouseholdCancelled(**about(household, command, repository), reason=CancelReason.LOST)
    repository.save(end_household(repository.load(household), ended, repository.today, repository.load))


def reinstate(township: Township, command: Command, repository: HouseholdRepository) -> None:
    """Whoever was a member at the end, or the first of them."""
    household = township.household(command)
    ended = current_state(repository.load(household), repository.load).ended
    back = tuple(ended.members if ended is not None else ())[: 1 + command.pick % 3] or (NAMESPACE,)
    fact = HouseholdReinstated(
        **about(household, command, repository),
        person_ids=back,
        head=back[0],
        status=list(ReinstatedAs)[command.who % 2],
    )
    repository.save({household: domain.record(repository.load(household), [fact], repository.today, repository.load)})


def merge(township: Township, command: Command, repository: HouseholdRepository) -> None:
    household, there = township.household(command), township.household_ids[command.pick % len(township.household_ids)]
    on = about(household, command, repository)
    members = state_on(repository.load(household), repository.load, as_of=on["effective_on"]).members
    relations = [RelationAfterMerge(person_id=person, relation=Relation.OTHER) for person in members]
    ended = HouseholdCancelled(**on, reason=CancelReason.MERGED, merged_into=there)
    repository.save(merge_households(ended, relations, repository.today, repository.load))


def merge_duplicate(township: Township, command: Command, repository: HouseholdRepository) -> None:
    household, there = township.household(command), township.household_ids[command.pick % len(township.household_ids)]
    members = members_of(household, repository)
    merged = PersonsMerged(
        **about(household, command, repository), person_id=picked(members, command.who),
        same_as=picked(members_of(there, repository), command.pick), same_as_household_id=there,
    )  # fmt: skip
    successor = picked(members[1:], command.pick) if merged.person_id in members[:1] and members[1:] else None
    repository.save(merge_persons(merged, successor, repository.today, repository.load))


RECORD_COMMANDS = {"end": end, "reinstate": reinstate, "merge": merge, "merge_persons": merge_duplicate}
HANDLERS |= RECORD_COMMANDS
