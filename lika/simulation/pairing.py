"""Who helps a household: found within the duty's days or late, handed over every few years, sometimes lost."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from contracts.assistance.pairing import (
    EndReason,
    HelperAssigned,
    HelperDutyMet,
    HelperDutyMissed,
    HelperDutySet,
    HelperReleased,
    PairingEnded,
    ReleaseReason,
)
from lika.simulation import rates as proportions
from lika.simulation.context import LIKA, TIMER, World, about
from lika.simulation.household_state import Duty, Home, Process

UNITS: Sequence[str] = (
    "县农业农村局",
    "县教育局",
    "县水利局",
    "县供电公司",
    "乡政府",
    "县中学",
    "县卫生院",
    "县烟草公司",
)
HELPERS_OF_A_VILLAGE = 12
"""One helper has several households (source facts §5 rule 42)."""
MISSED, LOST = 0.03, 0.06
"""Of duties, those for which nobody is found in time; of helpers who leave, those without a successor."""
LOST_FOR = (ReleaseReason.TRANSFERRED, ReleaseReason.LEFT_SERVICE, ReleaseReason.OTHER)


def wanted(world: World, home: Home, cause: str) -> None:
    """The household is in the register from now on: without a helper, somebody must be found (M052)."""
    if home.helper is None and home.duty is None:
        _duty(world, home, cause)


def ended(world: World, home: Home, cause: str, reason: EndReason) -> None:
    """Help ends on the day on which the reason is learned."""
    if home.helper is not None or home.duty is not None:
        world.assist(home, (PairingEnded(**_following(world, home, world.recorded_on, cause), reason=reason),))
    home.helper = home.duty = None


def went_along(world: World, home: Home, origin: Home, day: date, cause: str) -> None:
    """A household that split off keeps the helper of the one it came from."""
    if origin.helper is None or origin.helper_since > day:
        if home.in_stock:
            _duty(world, home, cause)
        return
    home.helper, home.unit, home.helper_since = origin.helper, origin.unit, day
    world.assist(home, (HelperAssigned(**_following(world, home, day, cause), helper=home.helper, unit=home.unit),))
    handover = world.rng.day_after(world.recorded_on, *proportions.HANDOVER_DAYS)
    home.start(_helped(world, home, handover), handover)


def _duty(world: World, home: Home, cause: str) -> None:
    """Counted from the day on which the enrolment is learned."""
    set_on, due_on = world.recorded_on, world.recorded_on + timedelta(world.law.duty_days)
    duty = world.assist(home, (HelperDutySet(**_following(world, home, set_on, cause), due_on=due_on),))
    home.duty = Duty(duty, set_on, due_on)
    if world.rng.random() < MISSED:
        home.start(_missed(world, home, home.duty), due_on + timedelta(1))
    else:
        found = world.rng.day_after(set_on, 1, world.law.duty_days)
        home.start(_found(world, home, found), found)


def _found(world: World, home: Home, day: date) -> Process:
    """Somebody is assigned, in time where there is a duty, and stays a while."""
    yield from ()
    duty = home.duty
    if home.helper is not None:
        return
    met = () if duty is None or day > duty.due_on else (HelperDutyMet(**about(home, day, _by(home)), duty=duty.id),)
    helper, home.unit = _somebody(world, home)
    home.helper, home.helper_since, home.duty = helper, day, None
    world.assist(home, (*met, HelperAssigned(**about(home, day, _by(home)), helper=helper, unit=home.unit)))
    handover = world.rng.day_after(day, *proportions.HANDOVER_DAYS)
    home.start(_helped(world, home, handover), handover)


def _missed(world: World, home: Home, duty: Duty) -> Process:
    yield from ()
    if home.duty is None:
        return
    common = about(home, duty.due_on + timedelta(1), TIMER, caused_by=duty.id)
    world.assist(home, (HelperDutyMissed(**common, duty=duty.id),))
    late = world.rng.day_after(duty.due_on, 5, 90)
    home.start(_found(world, home, late), late)


def _helped(world: World, home: Home, day: date) -> Process:
    """Handed over again and again; who leaves without a successor is missed by the register's households."""
    while home.helper is not None:
        before = home.helper
        if home.doubted is not None and day >= home.doubted.replace(day=1):
            # Of a household that is found never to have qualified nobody enters a change of helper any more.
            day += timedelta(60)
            yield day
            continue
        if world.rng.random() < LOST:
            _lost(world, home, day)
            return
        helper, unit = _somebody(world, home)
        if helper != before:
            common = about(home, day, _by(home))
            world.assist(
                home,
                (
                    HelperReleased(**common, helper=before, reason=ReleaseReason.HANDOVER),
                    HelperAssigned(**common, helper=helper, unit=unit, took_over_from=before),
                ),
            )
            home.helper, home.unit, home.helper_since = helper, unit, day
        day = world.rng.day_after(day, *proportions.HANDOVER_DAYS)
        yield day


def _lost(world: World, home: Home, day: date) -> None:
    assert home.helper is not None
    reason = world.rng.choice(LOST_FOR)
    released = HelperReleased(**about(home, day, _by(home)), helper=home.helper, reason=reason)
    cause = world.assist(home, (released,))
    home.helper = None
    if home.in_stock:
        _duty(world, home, cause)
    else:
        later = world.rng.day_after(day, 20, 200)
        home.start(_found(world, home, later), later)


def _somebody(world: World, home: Home) -> tuple[str, str]:
    number = world.rng.randbelow(HELPERS_OF_A_VILLAGE)
    return world.helper(home.place, number), UNITS[(home.place.number + number) % len(UNITS)]


def _by(home: Home) -> str:
    return f"cadre-{home.place.code}"


def _following(world: World, home: Home, day: date, cause: str) -> dict[str, Any]:
    """What Lika itself says about what follows from the register."""
    basis = world.book.known(world.law.assistance.digest)
    return about(home, day, LIKA, caused_by=cause, decided_from=basis)
