"""Who goes out of a household: the dead (some told of late, some by mistake), the married, those who leave."""

from datetime import date
from typing import Any

from contracts.assistance.aid import StopReason
from contracts.assistance.pairing import EndReason
from contracts.facts import Fact
from contracts.personal import Personal
from contracts.registry import households as h
from lika.simulation import aid_consequences as aid_follows
from lika.simulation import pairing as helpers
from lika.simulation import rates as proportions
from lika.simulation.arrivals import comes_home
from lika.simulation.context import World, about, dies, leaves, lives
from lika.simulation.event_buffer import FREE, Claimed
from lika.simulation.household_state import Home, Process
from lika.simulation.people import Person
from services.registry.households.claims import DEATH


def mortality(age: int) -> float:
    """The share that dies in a year of life."""
    return next(share for until, share in proportions.DEATHS if age < until)


def died(world: World, home: Home, day: date, person: Person) -> None:
    """The last member's death ends the household, which waits for an open case to end."""
    if person.id not in home.members or person.gone or person.named_on > day:
        return
    others = [m for m in home.present if m is not person]
    if not others:
        if not home.busy and len(home.members) == 1 and home.helper_since < day:
            _death(world, home, person, day)
        return
    old = person.age(day) >= 60 and person.relation is not h.Relation.HEAD
    if old and world.rng.random() < proportions.LATE_DEATHS:
        person.gone = True
        told_on = world.rng.day_after(world.recorded_on, 1, 420)
        home.start(_told_late(world, home, person, day), told_on)
    elif old and world.rng.random() < proportions.WRONG_DEATHS:
        death = _death(world, home, person, day)
        noticed = world.rng.day_after(world.recorded_on, 5, 200)
        home.start(_not_dead(world, home, person, death, noticed), noticed)
    else:
        _death(world, home, person, day)


def married_away(world: World, home: Home, day: date, person: Person) -> None:
    _left(world, home, day, person, h.LeaveReason.MARRIAGE)


def moved_away(world: World, home: Home, day: date, person: Person) -> None:
    _left(world, home, day, person, world.rng.weighted_choice({h.LeaveReason.MOVED_AWAY: 9, h.LeaveReason.OTHER: 1}))


def enlisted(world: World, home: Home, day: date, person: Person) -> None:
    """Two years, and home again."""
    if _left(world, home, day, person, h.LeaveReason.SERVICE):
        back = world.rng.day_after(day, 720, 760)
        home.start(comes_home(world, home, person, back), back)


def left_province(world: World, home: Home, day: date) -> None:
    _cancelled(world, home, day, h.CancelReason.LEFT_PROVINCE)


def merged(world: World, home: Home, day: date) -> None:
    _cancelled(world, home, day, h.CancelReason.MERGED)


def _death(world: World, home: Home, person: Person, day: date) -> str:
    """The death, with the succession or the end that it brings. Returns its id."""
    told: list[Fact] = [h.MemberDied(**_common(world, home, day), person_id=person.id)]
    _minus(world, home, person, day)
    if not home.members:
        if home.in_stock:
            world.stock[home.place.township][0] -= 1
        told.append(h.HouseholdCancelled(**_common(world, home, day), reason=h.CancelReason.LAST_MEMBER_DIED))
    elif person.relation is h.Relation.HEAD:
        told.append(_succeeded(world, home, day))
    died_by = world.register(home, tuple(told), (leaves(person.id), dies(home, person.id)))
    aid_follows.gone(world, home, person, day, died_by, StopReason.DIED)
    if not home.members:
        _over(world, home, home.fact_id(home.version))
    return died_by


def _left(world: World, home: Home, day: date, person: Person, reason: h.LeaveReason) -> bool:
    if person.id not in home.members or person.gone or person.named_on > day or len(home.present) < 2:
        return False
    told: list[Fact] = [h.MemberLeft(**_common(world, home, day), person_id=person.id, reason=reason)]
    _minus(world, home, person, day)
    if person.relation is h.Relation.HEAD:
        told.append(_succeeded(world, home, day))
    cause = world.register(home, tuple(told), (leaves(person.id),))
    aid_follows.gone(world, home, person, day, cause, StopReason.LEFT_HOUSEHOLD)
    return True


def _succeeded(world: World, home: Home, day: date) -> h.HeadSucceeded:
    """The spouse, else the eldest who can be."""
    heir = min(home.present, key=lambda m: (m.relation is not h.Relation.SPOUSE, m.born, m.number))
    heir.relation, heir.named_on = h.Relation.HEAD, day
    return h.HeadSucceeded(**_common(world, home, day), person_id=heir.id)


def _minus(world: World, home: Home, person: Person, day: date) -> None:
    del home.members[person.id]
    world.counted_persons(home, day, -1)


def _told_late(world: World, home: Home, person: Person, day: date) -> Process:
    """Months after: the death is entered for the day on which it happened."""
    yield from ()
    if person.id in home.members and person.named_on <= day and person.relation is not h.Relation.HEAD:
        _death(world, home, person, day)
    else:
        person.gone = False


def _not_dead(world: World, home: Home, person: Person, death: str, day: date) -> Process:
    """The death was another's: annulled, and the person is a member again."""
    yield from ()
    home.members[person.id] = person
    world.counted_persons(home, day, 1)
    common = {**_common(world, home, day), "annuls": (death,)}
    fact = h.FactsAnnulled(**common, reason=Personal("同名误登，本人健在"))
    world.register(home, (fact,), (lives(home, person.id), Claimed(DEATH, person.id, FREE)))


def _cancelled(world: World, home: Home, day: date, reason: h.CancelReason) -> None:
    """Everybody goes at once; nothing is entered about the household afterwards, nor a change of helper that day."""
    if home.busy or home.helper_since >= day:
        return
    if home.in_stock:
        world.counted(home, -1)
    cause = world.register(home, (h.HouseholdCancelled(**_common(world, home, day), reason=reason),))
    for person in home.members.values():
        aid_follows.gone(world, home, person, day, cause, StopReason.HOUSEHOLD_CANCELLED)
    _over(world, home, cause)


def _over(world: World, home: Home, cause: str) -> None:
    home.status = h.PovertyStatus.CANCELLED
    helpers.ended(world, home, cause, EndReason.HOUSEHOLD_CANCELLED)
    home.end()


def _common(world: World, home: Home, day: date) -> dict[str, Any]:
    return about(home, day, f"cadre-{home.place.code}", decided_from=world.book.known())
