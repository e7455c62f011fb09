"""When a household is in the register, and where, as what is owed to it needs it: pure, and the table ``registrations``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.households import HouseholdFormed
from contracts.registry.poverty_status import STOCK, HouseholdEnrolled, HouseholdReturned
from contracts.selection import timeline
from services.casework.people.domain import FOLLOWED_TYPES, STATUS_AFTER, evolve
from services.casework.people.state import RegisterState
from services.casework.people.view import REGISTRY
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_households

BEGINNINGS = (HouseholdEnrolled, HouseholdReturned, HouseholdFormed)
REGISTRATIONS = Table("registrations", "household_id", ("household_id", "since", "known_on", "until"))
REGISTERED = Table("registered", "household_id", ("household_id",))


@dataclass(frozen=True, slots=True)
class Registration:
    """The household is in the register from ``since`` to before ``until``. ``cause``: of the facts by which it is, the one
    recorded last, on the day ``known_on``: what put the household there that it was split from may be told after the split."""

    since: date
    known_on: date
    cause: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    since: date
    division: str


def registrations(household: UUID, facts: Iterable[Recorded]) -> tuple[list[Registration], list[Stay]]:
    """``facts``: the timeline of the household, with its ancestors'."""
    state, found, stays = RegisterState(), list[Registration](), list[Stay]()
    causes: list[Recorded] = []
    for recorded in facts:
        state, day = evolve(state, recorded.fact), recorded.fact.effective_on
        # Before a split the household is not there yet; it begins with what its ancestor was then.
        if isinstance(recorded.fact, BEGINNINGS):
            causes.append(recorded)
        elif type(recorded.fact) in STATUS_AFTER:
            causes = []
        now = state.households.get(household)
        if now is None:
            continue
        if not stays or stays[-1].division != now.division:
            stays.append(Stay(day, now.division))
        if now.status not in STOCK:
            found = [r if r.until is not None else replace(r, until=day) for r in found]
        elif isinstance(recorded.fact, BEGINNINGS) and recorded.fact.household_id == household:
            cause = max(causes, key=lambda r: r.recorded_at)
            found.append(Registration(day, civil_day(cause.recorded_at), cause.id))
    return found, stays


def view() -> View[UUID]:
    """Keeps ``registrations`` and ``registered``."""
    return view_of_households("registrations", (REGISTRATIONS, REGISTERED), FOLLOWED_TYPES, REGISTRY, _rows)


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    found, _ = registrations(household, timeline(facts, of=household))
    ever = any(isinstance(r.fact, BEGINNINGS) for r in facts)
    return [(household, r.since, r.known_on, r.until) for r in found], [(household,)] if ever else []
