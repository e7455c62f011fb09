"""Who belongs to which household from when to when, as ``services.registry.households.memberships`` tells it from a
household's facts (a test compares the two). Each function gives the periods that a household has a person from now on."""

from datetime import date

from lika.simulation.event_buffer import MembershipChange
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from services.chassis.log.periods import OPEN_END, Period


def begin(household: Household, person: Person, day: date) -> MembershipChange:
    """The person belongs to the household from that day on."""
    person.member_since = day
    return resume(household, person)


def resume(household: Household, person: Person) -> MembershipChange:
    """The person never ceased to belong to the household: what ended the membership is annulled."""
    return _change(household, person, Period(person.member_since))


def end(household: Household, person: Person, day: date) -> MembershipChange:
    """The first day on which the person does not belong to the household; it may be that of joining it."""
    if person.member_since < day:
        person.former_periods = (*person.former_periods, Period(person.member_since, day))
    return _change(household, person)


def end_by_death(household: Household, person: Person, day: date) -> MembershipChange:
    """The day of the death, from which on nobody has the person. It can be annulled (``resume``)."""
    died = Period(day, OPEN_END, final=True)
    if person.member_since < day:
        return _change(household, person, Period(person.member_since, day), died)
    return _change(household, person, died)


def end_by_split(household: Household, person: Person, day: date) -> MembershipChange:
    """The periods of the household that is left. The person has none yet in the one that is founded."""
    change = end(household, person, day)
    person.former_periods = ()
    return change


def _change(household: Household, person: Person, *periods: Period) -> MembershipChange:
    return MembershipChange(person.id, household.id, (*person.former_periods, *periods))
