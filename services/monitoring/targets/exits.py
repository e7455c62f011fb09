"""Exits of one household, folded from its registry facts, and the versions of each with the time each was current."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.members import MemberSurveyed
from contracts.registry.poverty_status import HouseholdExited
from contracts.selection import timeline
from services.casework.people.domain import FOLLOWED_FACTS, evolve
from services.casework.people.state import RegisterState

SUBSCRIBED_FACTS = tuple(kind for kind in FOLLOWED_FACTS if kind is not MemberSurveyed)
"""Facts that decide an exit, where the household lived and who lived in it, and those that may annul them."""


@dataclass(frozen=True, slots=True)
class Exit:
    """``persons``: the household's members when it exited, which is what a statement's exit column counts. A later return
    does not undo the exit: a statement has a column of its own for it."""

    exit_id: str
    household: UUID
    exited_on: date
    division: str
    persons: int


@dataclass(frozen=True, slots=True)
class ExitVersion:
    """One version of an exit. Current for every ``known_at`` after ``known_from`` up to ``known_to`` (``None``: to this
    day)."""

    exit: Exit
    known_from: datetime
    known_to: datetime | None = None


def exits(facts: Iterable[Recorded]) -> list[Exit]:
    """The exits in a household's timeline (see ``contracts.selection.timeline``), its ancestors' included: each names its
    household."""
    found, register = list[Exit](), RegisterState()
    for recorded in facts:
        register = evolve(register, recorded.fact)
        if isinstance(recorded.fact, HouseholdExited):
            household, day = recorded.fact.household_id, recorded.fact.effective_on
            if (exited := register.households.get(household)) is not None:
                persons = len(register.members(household))
                found.append(Exit(recorded.id, household, day, exited.division, persons))
    return found


def exit_versions(facts: Sequence[Recorded], household: UUID) -> list[ExitVersion]:
    """Every version of a household's own exits, from all its facts and its ancestors'."""
    if not any(isinstance(r.fact, HouseholdExited) and r.fact.household_id == household for r in facts):
        return []
    ordered = sorted(facts, key=lambda r: r.position)
    known_from: dict[Exit, datetime] = {}
    superseded: list[ExitVersion] = []
    for instant in dict.fromkeys(r.recorded_at for r in ordered):
        line = timeline((r for r in ordered if r.recorded_at <= instant), of=household)
        current = [each for each in exits(line) if each.household == household]
        for former in [e for e in known_from if e not in current]:
            superseded.append(ExitVersion(former, known_from.pop(former), instant))
        for each in current:
            known_from.setdefault(each, instant)
    return [*superseded, *(ExitVersion(each, since) for each, since in known_from.items())]
