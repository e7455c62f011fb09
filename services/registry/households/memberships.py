"""Who belongs to which household from when to when: a person's days never overlap, and end with the person's death.

Pure: the periods that a household's timeline makes, and what two households may not both say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft
from contracts.registry.merges import PersonsMerged
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.periods import OPEN_END, Period, Periods
from services.registry.households.rules import PERSON_DIED

IN_ANOTHER_HOUSEHOLD = rule(
    "member_of_another_household",
    zh="此人在所填日期已是另一户的成员：请先在那一户登记离开，或（补录以前的入户时）同时填写离开日期。",
    en="On those days that person is a member of another household: record the leaving there first, or, for a late entry, "
    "give the day of leaving as well.",
    source="Lika design: any order of telling",
)

MEMBERSHIP_TYPES: frozenset[type[Fact]] = frozenset(
    {
        HouseholdRecorded, HouseholdFormed, HouseholdReinstated, MemberJoined, MemberLeft, MemberDied, PersonsMerged,
        HouseholdSplit, HouseholdCancelled,
    }
)  # fmt: skip
"""Facts that begin or end memberships."""

Memberships = Mapping[UUID, tuple[Period, ...]]
"""Person → the periods in which the household has them; a death, or that the person is a duplicate, is a final period from its
day on."""


def affects_memberships(facts: Sequence[Fact]) -> bool:
    return any(fact.annuls or type(fact) in MEMBERSHIP_TYPES for fact in facts)


def memberships_of(timeline: Sequence[Recorded]) -> Memberships:
    """From the household's own facts, in the order of its timeline."""
    since, periods = dict[UUID, date](), dict[UUID, tuple[Period, ...]]()
    for recorded in timeline:
        day = recorded.fact.effective_on
        for person in _ending(recorded.fact, since):
            if (first := since.pop(person, day)) < day:
                periods[person] = (*periods.get(person, ()), Period(first, day))
        if isinstance(recorded.fact, MemberDied | PersonsMerged):
            person = recorded.fact.person_id
            periods[person] = (*periods.get(person, ()), Period(day, OPEN_END, final=True))
        since.update(dict.fromkeys(_beginning(recorded.fact), day))
    return {
        person: (*periods.get(person, ()), *((Period(since[person]),) if person in since else ()))
        for person in dict.fromkeys((*periods, *since))
    }


def _beginning(fact: Fact) -> Sequence[UUID]:
    match fact:
        case HouseholdRecorded(members=members):
            return [member.person_id for member in members]
        case HouseholdFormed(person_ids=persons) | HouseholdReinstated(person_ids=persons):
            return persons
        case MemberJoined(member=member):
            return [member.person_id]
    return ()


def _ending(fact: Fact, members: Iterable[UUID]) -> Sequence[UUID]:
    match fact:
        case MemberLeft(person_id=person) | MemberDied(person_id=person) | PersonsMerged(person_id=person):
            return [person]
        case HouseholdSplit(person_ids=persons):
            return persons
        case HouseholdCancelled():
            return list(members)
    return ()


def begins_period(fact: Fact, person: UUID) -> bool:
    """Whether the household has the person since this, or has them dead."""
    return person in _beginning(fact) or (isinstance(fact, MemberDied | PersonsMerged) and fact.person_id == person)


class MemberElsewhere(Refused):
    """``household``: the other one, which may lie outside the area of whoever asks; it has the person since the first day of
    ``period``."""

    def __init__(self, person: UUID, household: UUID, period: Period, *, died: bool) -> None:
        until = None if period.end == OPEN_END else period.end.isoformat()
        super().__init__(
            PERSON_DIED if died else IN_ANOTHER_HOUSEHOLD,
            person=str(person), since=period.first.isoformat(), until=until,
        )  # fmt: skip
        self.person, self.household, self.period = person, household, period


def require_no_overlap(person: UUID, ours: Sequence[Period], elsewhere: Periods) -> None:
    """``elsewhere``: the person's periods in other households. Raises ``MemberElsewhere``."""
    for household, periods in elsewhere.items():
        for theirs in periods:
            for period in ours:
                if period.overlaps(theirs):
                    raise MemberElsewhere(person, household, theirs, died=theirs.final or period.final)
