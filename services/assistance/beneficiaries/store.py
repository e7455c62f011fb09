"""Households and members of the register as views of this service, and the copied facts they are folded from."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit, MemberJoined
from contracts.selection import timeline
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES, RegistryState, fold, person_state
from services.chassis.following import copies
from services.chassis.views.view import Row, Table, View, view_of_households

REGISTRY = "registry"
HOUSEHOLDS = Table("households", "household_id", ("household_id", "division", "status"))
MEMBERS = Table("members", "household_id", ("household_id", "person_id", "present", "stage", "boarder"))


def view() -> View[UUID]:
    """Keeps ``households`` and ``members``. Applied before the reactions, which query them."""
    return view_of_households("households", (HOUSEHOLDS, MEMBERS), SUBSCRIBED_TYPES, REGISTRY, _rows)


def _rows(household_id: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    registry = fold(timeline(facts))
    return _household_rows(household_id, registry), _member_rows(household_id, registry, facts)


def persons_of(cur: Cursor[Any], households: Sequence[UUID]) -> list[UUID]:
    """Everybody who was ever named in one of these households."""
    cur.execute(
        "SELECT DISTINCT person_id FROM members WHERE household_id = ANY(%s)", (list(households),), prepare=True
    )
    return [row[0] for row in cur]


def facts_about_persons(cur: Cursor[Any], persons: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
    """Each person → every registry fact about any household they were ever named in."""
    households_of: dict[UUID, list[UUID]] = {p: [] for p in persons}
    cur.execute("SELECT person_id, household_id FROM members WHERE person_id = ANY(%s)", (list(persons),), prepare=True)
    for person, household in cur.fetchall():
        households_of[person].append(household)
    about = copies.copies_about(
        cur, list({h for households in households_of.values() for h in households}), log=REGISTRY
    )
    return {
        person: [fact for household in households for fact in about[household]]
        for person, households in households_of.items()
    }


def facts_about_household(cur: Cursor[Any], household: UUID) -> list[Recorded]:
    return copies.copies_about(cur, [household], log=REGISTRY)[household]


def registry_position(cur: Cursor[Any]) -> int:
    """How far into the registry's log this service has read."""
    cur.execute("SELECT coalesce(max(position), 0) FROM cursors WHERE log = %s", (REGISTRY,), prepare=True)
    row = cur.fetchone()
    return int(row[0]) if row else 0


def _household_rows(household_id: UUID, registry: RegistryState) -> Iterable[Row]:
    household = registry.households.get(household_id)
    if household is not None:
        yield household_id, household.division, household.status


def _member_rows(household_id: UUID, registry: RegistryState, facts: Iterable[Recorded]) -> Iterable[Row]:
    for person in dict.fromkeys(p for recorded in facts for p in _persons_named(recorded)):
        state = person_state(registry, person)
        yield household_id, person, state.household_id == household_id, state.stage, state.boarder


def _persons_named(recorded: Recorded) -> tuple[UUID, ...]:
    match recorded.fact:
        case HouseholdRecorded(members=members) | HouseholdFormed(members=members):
            return tuple(m.person_id for m in members)
        case MemberJoined(member=member):
            return (member.person_id,)
        case HouseholdSplit(person_ids=persons):
            return persons
    return ()
