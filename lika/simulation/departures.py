"""Members who leave a household: deaths (some entered late, some by mistake), marriages, moves; and households that are
cancelled."""

from datetime import date
from uuid import UUID

from contracts.assistance.entitlements import StopReason
from contracts.assistance.pairing import EndReason
from contracts.facts import Fact
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.members import HeadSucceeded, MemberDied, MemberLeft, Relation
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.reasons import CancelReason, LeaveReason
from lika.simulation import aid_consequences, memberships, pairing, rates
from lika.simulation.arrivals import return_home
from lika.simulation.context import SimulationContext
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from lika.simulation.schedule import Process


def mortality(age: int) -> float:
    """The share that dies in a year of life."""
    return next(share for until, share in rates.MORTALITY if age < until)


def record_death(context: SimulationContext, household: Household, day: date, person: Person) -> None:
    """The last member's death ends the household; it does not happen while a case is open."""
    if person.id not in household.members or person.absent or person.last_named_on > day:
        return
    others = [m for m in household.present_members if m is not person]
    if not others:
        if not household.has_open_case and len(household.members) == 1 and household.helper_since < day:
            _append_death(context, household, person, day)
        return
    old = person.age(day) >= 60 and person.relation is not Relation.HEAD
    if old and context.rng.random() < rates.LATE_DEATH_RATE:
        person.absent = True
        entered_on = context.rng.day_after(context.recorded_on, 1, 420)
        household.schedule.add(_late_death(context, household, person, day), entered_on)
    elif old and context.rng.random() < rates.WRONG_DEATH_RATE:
        death = _append_death(context, household, person, day)
        noticed_on = context.rng.day_after(context.recorded_on, 5, 200)
        annulment = _annul_death(context, household, person, death, context.last_act, noticed_on)
        household.schedule.add(annulment, noticed_on)
    else:
        _append_death(context, household, person, day)


def record_marriage_out(context: SimulationContext, household: Household, day: date, person: Person) -> None:
    _record_departure(context, household, day, person, LeaveReason.MARRIAGE)


def record_moving_out(context: SimulationContext, household: Household, day: date, person: Person) -> None:
    reason = context.rng.weighted_choice({LeaveReason.MOVED_AWAY: 9, LeaveReason.OTHER: 1})
    _record_departure(context, household, day, person, reason)


def record_enlistment(context: SimulationContext, household: Household, day: date, person: Person) -> None:
    """Military service for two years, then the return home."""
    if _record_departure(context, household, day, person, LeaveReason.SERVICE):
        returned_on = context.rng.day_after(day, 720, 760)
        household.schedule.add(return_home(context, household, person, returned_on), returned_on)


def record_leaving_province(context: SimulationContext, household: Household, day: date) -> None:
    _cancel(context, household, day, CancelReason.LEFT_PROVINCE)


def record_merger(context: SimulationContext, household: Household, day: date) -> None:
    _cancel(context, household, day, CancelReason.MERGED)


def _append_death(context: SimulationContext, household: Household, person: Person, day: date) -> str:
    """The death, with the succession or the end of the household that it causes. Returns its id."""
    new: list[Fact] = [MemberDied(**context.cadre_entry(household, day), person_id=person.id)]
    _remove_member(context, household, person, day)
    if not household.members:
        if household.in_stock:
            context.stock[household.division.township][0] -= 1
        common = context.cadre_entry(household, day)
        new.append(HouseholdCancelled(**common, reason=CancelReason.LAST_MEMBER_DIED))
    elif person.relation is Relation.HEAD:
        new.append(_head_succession(context, household, day))
    death = context.append_to_household(
        household, *new, memberships=(memberships.end_by_death(household, person, day),)
    )
    aid_consequences.of_departure(context, household, person, day, death, StopReason.DIED)
    if not household.members:
        _end_cancelled(context, household, household.fact_id(household.version))
    return death


def _record_departure(
    context: SimulationContext, household: Household, day: date, person: Person, reason: LeaveReason
) -> bool:
    """Whether the person could leave."""
    known = person.id in household.members and not person.absent and person.last_named_on <= day
    if not known or len(household.present_members) < 2:
        return False
    new: list[Fact] = [MemberLeft(**context.cadre_entry(household, day), person_id=person.id, reason=reason)]
    _remove_member(context, household, person, day)
    if person.relation is Relation.HEAD:
        new.append(_head_succession(context, household, day))
    cause = context.append_to_household(household, *new, memberships=(memberships.end(household, person, day),))
    aid_consequences.of_departure(context, household, person, day, cause, StopReason.LEFT_HOUSEHOLD)
    return True


def _head_succession(context: SimulationContext, household: Household, day: date) -> HeadSucceeded:
    """The spouse, else the eldest."""
    successor = min(household.present_members, key=lambda m: (m.relation is not Relation.SPOUSE, m.born, m.national_no))
    successor.relation, successor.last_named_on = Relation.HEAD, day
    return HeadSucceeded(**context.cadre_entry(household, day), person_id=successor.id)


def _remove_member(context: SimulationContext, household: Household, person: Person, day: date) -> None:
    del household.members[person.id]
    context.adjust_persons(household, day, -1)


def _late_death(context: SimulationContext, household: Household, person: Person, day: date) -> Process:
    """Months later, the death is entered for the day on which it happened."""
    yield from ()
    if person.id in household.members and person.last_named_on <= day and person.relation is not Relation.HEAD:
        _append_death(context, household, person, day)
    else:
        person.absent = False


def _annul_death(
    context: SimulationContext, household: Household, person: Person, death: str, act: UUID, day: date
) -> Process:
    """Somebody else had died: the death is annulled, and the person is a member again."""
    yield from ()
    household.members[person.id] = person
    context.adjust_persons(household, day, 1)
    context.annul(household, day, death, act, "同名误登，本人健在", memberships.resume(household, person))


def _cancel(context: SimulationContext, household: Household, day: date, reason: CancelReason) -> None:
    """All members leave at once. Nothing is entered about the household afterwards, so it does not happen while a case
    is open, nor where the helper was assigned on that day or later."""
    if household.has_open_case or household.helper_since >= day:
        return
    if household.in_stock:
        context.adjust_stock(household, -1)
    cancelled = HouseholdCancelled(**context.cadre_entry(household, day), reason=reason)
    ended = tuple(memberships.end(household, person, day) for person in household.members.values())
    cause = context.append_to_household(household, cancelled, memberships=ended)
    for person in household.members.values():
        aid_consequences.of_departure(context, household, person, day, cause, StopReason.HOUSEHOLD_CANCELLED)
    _end_cancelled(context, household, cause)


def _end_cancelled(context: SimulationContext, household: Household, cause: str) -> None:
    household.status = PovertyStatus.CANCELLED
    pairing.end(context, household, cause, EndReason.HOUSEHOLD_CANCELLED)
    household.end()
