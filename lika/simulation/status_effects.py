"""What an approved case does to the household, and what follows from that for help and aid."""

from typing import Any
from uuid import UUID

from contracts.assistance.pairing import EndReason
from contracts.facts import DecidedFrom, Decision
from contracts.registry import households as h
from lika.simulation import aid_consequences as aid_follows
from lika.simulation import pairing as helpers
from lika.simulation.context import World, about
from lika.simulation.household_state import Home
from services.registry.cases import procedures as p

Effect = p.Enrolment | p.Exit | p.Return | p.Removal


def took_effect(
    world: World, home: Home, effect: Effect, case: UUID, decision: Decision, by: str, cause: str, basis: DecidedFrom,
    why: h.PovertyCause | None,
) -> None:  # fmt: skip
    """Put the status fact into the household's stream. ``cause``: id of the case's fact that brought it about."""
    day = home.since if effect.effective is p.EffectiveFrom.ENTRY else decision.decided_on
    common: dict[str, Any] = about(
        home, day, by, decision=decision, caused_by=cause, decided_from=basis, case_id=case
    )  # fmt: skip
    match effect:
        case p.Enrolment(standard=standard):
            enrolled = world.register(home, (h.HouseholdEnrolled(**common, standard=standard),))
            home.status, home.since = h.PovertyStatus.REGISTERED, day
            world.counted(home, 1)
            helpers.wanted(world, home, enrolled)
        case p.Exit(enjoys_policies=enjoys):
            home.exited_by = world.register(home, (h.HouseholdExited(**common, enjoys_policies=enjoys),))
            world.counted(home, -1)
            left = world.exits[home.place.township, day.year]
            left[0] += 1
            left[1] += len(home.members)
            home.status, home.since = h.PovertyStatus.EXITED, day
            aid_follows.exited(world, home, day, home.exited_by)
        case p.Return():
            assert why is not None
            fact = h.HouseholdReturned(**common, cause=why, former_exit=home.exited_by)
            returned = world.register(home, (fact,))
            home.status, home.since = h.PovertyStatus.RETURNED, day
            world.counted(home, 1)
            helpers.wanted(world, home, returned)
        case p.Removal(reason=reason):
            removed = world.register(home, (h.HouseholdRemoved(**common, reason=reason),))
            world.counted(home, -1)
            home.status, home.since = h.PovertyStatus.REMOVED, day
            helpers.ended(world, home, removed, EndReason.HOUSEHOLD_REMOVED)
            aid_follows.removed(world, home, day, removed)
            home.end()
