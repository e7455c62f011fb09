"""Exits of one household as its facts tell them, and the bitemporal picture: what was held of each, from when to when."""

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

FACTS = (
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
"""What tells an exit, where the household lived and who lived in it, and whatever may annul such a fact."""


@dataclass(frozen=True, slots=True)
class Exit:
    """``persons``: the household's members when it exited, which is what a statement's exit column counts. A later fall
    back is no undoing of the exit: it has a column of its own."""

    exit_id: str
    household: UUID
    exited_on: date
    division: str
    persons: int


@dataclass(frozen=True, slots=True)
class Held:
    """``exit`` was held by every answer for a ``known_at`` after ``known_from`` up to ``known_to`` (none: still)."""

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
            case HouseholdMoved(to_division=to):
                division = to
            case MemberJoined(member=member):
                members.add(member.person_id)
            case MemberLeft(person_id=gone) | MemberDied(person_id=gone):
                members.discard(gone)
            case HouseholdSplit(person_ids=left):
                members.difference_update(left)
            case HouseholdExited(household_id=household, effective_on=day):
                found.append(Exit(recorded.id, household, day, division, len(members)))
    return found


def held(facts: Sequence[Recorded]) -> list[Held]:
    """Everything that was ever held of a household's exits, from all its facts."""
    if not any(isinstance(r.fact, HouseholdExited) for r in facts):
        return []
    ordered = sorted(facts, key=lambda r: r.position)
    since: dict[Exit, datetime] = {}
    done: list[Held] = []
    for instant in dict.fromkeys(r.recorded_at for r in ordered):
        now = exits(timeline(r for r in ordered if r.recorded_at <= instant))
        for former in [e for e in since if e not in now]:
            done.append(Held(former, since.pop(former), instant))
        for each in now:
            since.setdefault(each, instant)
    return [*done, *(Held(e, known_from) for e, known_from in since.items())]
