"""A household moves to another village, or splits into two."""

from datetime import date

from contracts.registry.households import HouseholdFormed, HouseholdMoved, HouseholdSplit
from contracts.registry.members import Relation
from contracts.registry.poverty_status import PovertyStatus
from lika.simulation import aid_consequences, memberships, pairing
from lika.simulation.context import SimulationContext
from lika.simulation.divisions import HOUSEHOLDS_PER_VILLAGE
from lika.simulation.event_buffer import ClaimChange
from lika.simulation.household_state import Household
from lika.simulation.ids import household_id
from lika.simulation.people import Person
from services.registry.households.claims import HOUSEHOLD_NO

SPLIT_NUMBERS = 9000
"""Added to the number in the village of a household that splits off: a range that the first round does not use."""


def record_move(context: SimulationContext, household: Household, day: date) -> None:
    """Resettlement within the township (M179); it does not happen while a case is open."""
    former = household.division
    village = context.province.neighbour(former, household.index + day.year)
    if household.has_open_case or village is former:
        return
    # By the township, whose area covers both villages: nobody has to accept it.
    common = {**context.cadre_entry(household, day), "entered_by": f"cadre-{former.code[:9]}"}
    moved = HouseholdMoved(**common, from_division=former.code, to_division=village.code)
    cause = context.append_to_household(household, moved)
    household.division = village
    for person in household.members.values():
        aid_consequences.of_transfer(context, household, person, day, cause, origin=household, former=former.code)


def split(context: SimulationContext, household: Household, day: date) -> Household | None:
    """The married child founds a household with spouse and children; helper and aid go with them. ``None`` where there
    is no such family, or a case is open."""
    leaving = young_family(household)
    if household.has_open_case or not leaving or len(leaving) >= len(household.present_members):
        return None
    national_no = f"{household.national_no[:12]}{SPLIT_NUMBERS + household.index % HOUSEHOLDS_PER_VILLAGE + 1:04}"
    numbers = household.numbers.split_off(national_no)
    if numbers is None:
        return None
    index = household.index + context.plan.households
    new = Household(index, household_id(context.digest, index), national_no, household.division, numbers)
    split_off = HouseholdSplit(
        **context.cadre_entry(household, day), new_household_id=new.id,
        person_ids=tuple(person.id for person in leaving),
    )  # fmt: skip
    left = tuple(memberships.end_by_split(household, person, day) for person in leaving)
    cause = context.append_to_household(household, split_off, memberships=left)
    for person in leaving:
        del household.members[person.id]
        new.members[person.id] = person
        if person is leaving[0]:
            # Of the relations, the register changes only the new head's by itself.
            person.relation = Relation.HEAD
        person.last_named_on = day
    _form(context, household, new, day, cause)
    for person in leaving:
        aid_consequences.of_transfer(context, new, person, day, cause, origin=household, former=household.division.code)
    return new


def _form(context: SimulationContext, origin: Household, new: Household, day: date, cause: str) -> None:
    assert origin.status is not None
    formed = HouseholdFormed(
        **context.cadre_entry(new, day, caused_by=cause),
        split_from=origin.id, national_no=new.national_no, person_ids=tuple(new.members), head=new.head.id,
    )  # fmt: skip
    fact_id = context.append_to_household(
        new, formed, claims=(ClaimChange(HOUSEHOLD_NO, new.national_no, new.id),), act=context.last_act,
        memberships=tuple(memberships.begin(new, person, day) for person in new.members.values()),
    )  # fmt: skip
    new.status, new.since, new.attribute = origin.status, day, origin.attribute
    new.main_cause, new.other_causes = origin.main_cause, origin.other_causes
    new.income_ratio, new.arable_tenths = origin.income_ratio, origin.arable_tenths
    new.exit_fact_id = fact_id if origin.status is PovertyStatus.EXITED else ""
    if new.in_stock:
        context.stock[origin.division.township][0] += 1
    pairing.keep_helper(context, new, origin, day, fact_id)


def young_family(household: Household) -> list[Person]:
    """The married child, the spouse and their children, the new head first; empty where there is none."""
    people = household.present_members
    bride = next((m for m in people if m.relation is Relation.CHILD_IN_LAW), None)
    son = next((m for m in people if m.relation is Relation.CHILD and bride and m.sex is not bride.sex), None)
    if bride is None or son is None or son.born.year > bride.born.year + 10:
        return []
    return [son, bride, *(m for m in people if m.relation is Relation.GRANDCHILD)]
