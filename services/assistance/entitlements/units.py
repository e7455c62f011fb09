"""The units that entitlements are granted to, as the register has them: persons and households. In the cursor's transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.assistance.parties import PartyKind
from contracts.assistance.programmes import UnitKind
from contracts.facts import HouseholdFact, Recorded
from services.assistance.entitlements.derived_facts import History, of_household, of_person
from services.assistance.entitlements.domain import Unit
from services.assistance.parties.domain import Party
from services.assistance.programmes.candidates import (
    NOTHING_STATED,
    Stated,
    household_candidate,
    person_candidate,
    persons_in,
)
from services.assistance.programmes.predicates import Candidate
from services.casework.people.queries import facts_about_households, facts_about_persons
from services.casework.people.state import PersonState

HOUSEHOLDS = b"SELECT household_id FROM households WHERE household_id = ANY(%s)"


def households_among(cur: Cursor[Any], units: Collection[UUID]) -> frozenset[UUID]:
    """Those of the units that are households; the others are persons."""
    return frozenset(row[0] for row in cur.execute(HOUSEHOLDS, (list(units),), prepare=True))


def facts_about_units(cur: Cursor[Any], units: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
    """Each unit → every registry fact about it, its households and their ancestors."""
    households = households_among(cur, units)
    persons = [unit for unit in units if unit not in households]
    of_households = facts_about_households(cur, list(households)) if households else {}
    return {**of_households, **(facts_about_persons(cur, persons) if persons else {})}


def is_household(unit: UUID, about: Sequence[Recorded]) -> bool:
    """Whether the unit is one of the households that the facts are about; a person is none."""
    return any(isinstance(r.fact, HouseholdFact) and r.fact.household_id == unit for r in about)


def unit_on(
    unit: UUID, about: Sequence[Recorded], day: date, *, household: bool, stated: Stated = NOTHING_STATED
) -> Unit:
    """The unit at the end of that day."""
    if household:
        return Unit(unit, household_candidate(unit, about, day, stated), persons_in(unit, about, day))
    return Unit(unit, person_candidate(unit, about, day, stated))


OUTSIDE: Mapping[PartyKind, UnitKind] = {
    PartyKind.VILLAGE: UnitKind.VILLAGE, PartyKind.SCHOOL: UnitKind.SCHOOL, PartyKind.KINDERGARTEN: UnitKind.SCHOOL,
    PartyKind.CASE: UnitKind.CASE, PartyKind.WORKER: UnitKind.WORKER, PartyKind.RESIDENT: UnitKind.PERSON,
}  # fmt: skip
"""What a programme may be for outside of the register; other parties help, and are helped by no programme."""


def outside_unit(unit: UUID, outside: Party, day: date, stated: Stated = NOTHING_STATED) -> Unit:
    """A village, a school, a worker, or somebody of whom a number is known: in no household, of no status. Of one that has left or was
    not there yet nothing is known."""
    there = outside.entered.effective_on <= day and (outside.until is None or day < outside.until)
    candidate = outside_candidate(outside.entered.division if there else None, day, stated)
    return Unit(unit, candidate, outside=OUTSIDE.get(outside.entered.kind, UnitKind.HOUSEHOLD))


def outside_candidate(division: str | None, day: date, stated: Stated) -> Candidate:
    """What predicates can ask of it."""
    state = PersonState(division=division)
    return Candidate(state, day, income=stated.income, receiving=stated.receiving, proved=stated.proved)


def history_of(unit: UUID, *, household: bool) -> History:
    return of_household(unit) if household else of_person(unit)
