"""The register's households in the tables of this service, and the copies behind them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit, MemberJoined
from contracts.selection import timeline
from services.assistance.beneficiaries.domain import FOLLOWED, Register, fold, situation
from services.chassis.following import copies
from services.chassis.views.view import Row, Table, View, view_of_households

REGISTRY = "registry"
HOUSEHOLDS = Table("households", "household_id", ("household_id", "division", "status"))
MEMBERS = Table("members", "household_id", ("household_id", "person_id", "present", "stage", "boarder"))


def view() -> View[UUID]:
    """Keeps ``households`` and ``members``. Stands before the reactions that ask them."""
    return view_of_households("households", (HOUSEHOLDS, MEMBERS), FOLLOWED, REGISTRY, _rows)


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    register = fold(timeline(facts))
    return _household(household, register), _members(household, register, facts)


def persons_of(cur: Cursor[Any], households: Sequence[UUID]) -> list[UUID]:
    """Everybody who was ever named in one of these households."""
    cur.execute(
        "SELECT DISTINCT person_id FROM members WHERE household_id = ANY(%s)", (list(households),), prepare=True
    )
    return [row[0] for row in cur]


def facts_about_persons(cur: Cursor[Any], persons: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
    """Each person → every registry fact about any household they were ever named in."""
    homes: dict[UUID, list[UUID]] = {p: [] for p in persons}
    cur.execute("SELECT person_id, household_id FROM members WHERE person_id = ANY(%s)", (list(persons),), prepare=True)
    for person, household in cur.fetchall():
        homes[person].append(household)
    about = copies.copies_about(cur, list({h for named in homes.values() for h in named}), log=REGISTRY)
    return {person: [fact for household in named for fact in about[household]] for person, named in homes.items()}


def facts_about_household(cur: Cursor[Any], household: UUID) -> list[Recorded]:
    return copies.copies_about(cur, [household], log=REGISTRY)[household]


def registry_position(cur: Cursor[Any]) -> int:
    """How far into the registry's log this service has read."""
    cur.execute("SELECT coalesce(max(position), 0) FROM cursors WHERE log = %s", (REGISTRY,), prepare=True)
    row = cur.fetchone()
    return int(row[0]) if row else 0


def _household(household: UUID, register: Register) -> Iterable[Row]:
    house = register.houses.get(household)
    if house is not None:
        yield household, house.division, house.status


def _members(household: UUID, register: Register, facts: Iterable[Recorded]) -> Iterable[Row]:
    for person in dict.fromkeys(p for recorded in facts for p in _named(recorded)):
        now = situation(register, person)
        yield household, person, now.household_id == household, now.stage, now.boarder


def _named(recorded: Recorded) -> tuple[UUID, ...]:
    match recorded.fact:
        case HouseholdRecorded(members=members) | HouseholdFormed(members=members):
            return tuple(m.person_id for m in members)
        case MemberJoined(member=member):
            return (member.person_id,)
        case HouseholdSplit(person_ids=persons):
            return persons
    return ()
