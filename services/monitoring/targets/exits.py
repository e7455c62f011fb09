"""Exits of one household, folded from its registry facts, and the versions of each with the time each was current."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.households import (
    FactsAnnulled,
    HouseholdCancelled,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdRemoved,
    HouseholdReturned,
    HouseholdSplit,
    MemberDied,
    MemberJoined,
    MemberLeft,
)
from contracts.selection import timeline

SUBSCRIBED_FACTS = (
    FactsAnnulled,
    HouseholdCancelled,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdRemoved,
    HouseholdReturned,
    HouseholdSplit,
    MemberDied,
    MemberJoined,
    MemberLeft,
)
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
    """The exits in a timeline (see ``contracts.selection.timeline``)."""
    found: list[Exit] = []
    division, members = "", set[UUID]()
    for recorded in facts:
        match recorded.fact:
            case HouseholdRecorded() | HouseholdFormed() as fact:
                division, members = fact.division, {m.person_id for m in fact.members}
            case HouseholdMoved(to_division=to_division):
                division = to_division
            case MemberJoined(member=member):
                members.add(member.person_id)
            case MemberLeft(person_id=person) | MemberDied(person_id=person):
                members.discard(person)
            case HouseholdSplit(person_ids=persons):
                members.difference_update(persons)
            case HouseholdExited(household_id=household, effective_on=day):
                found.append(Exit(recorded.id, household, day, division, len(members)))
    return found


def exit_versions(facts: Sequence[Recorded]) -> list[ExitVersion]:
    """Every version of a household's exits, from all its facts."""
    if not any(isinstance(r.fact, HouseholdExited) for r in facts):
        return []
    ordered = sorted(facts, key=lambda r: r.position)
    known_from: dict[Exit, datetime] = {}
    superseded: list[ExitVersion] = []
    for instant in dict.fromkeys(r.recorded_at for r in ordered):
        current = exits(timeline(r for r in ordered if r.recorded_at <= instant))
        for former in [e for e in known_from if e not in current]:
            superseded.append(ExitVersion(former, known_from.pop(former), instant))
        for each in current:
            known_from.setdefault(each, instant)
    return [*superseded, *(ExitVersion(each, since) for each, since in known_from.items())]
