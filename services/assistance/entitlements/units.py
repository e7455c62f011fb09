"""The units that entitlements are granted to, as the register has them: persons and households. In the cursor's transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import HouseholdFact, Recorded
from services.assistance.entitlements.derived_facts import History, of_household, of_person
from services.assistance.entitlements.domain import Unit
from services.assistance.programmes.candidates import (
    NOTHING_STATED,
    Stated,
    household_candidate,
    person_candidate,
    persons_in,
)
from services.casework.people.queries import facts_about_households, facts_about_persons

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


def history_of(unit: UUID, *, household: bool) -> History:
    return of_household(unit) if household else of_person(unit)
