"""Who belongs to which household from when to when: a person's days never overlap, and end with the person's death.

Pure: the periods that a household's timeline makes, and what two households may not both say.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    HouseholdCancelled,
    HouseholdFormed,
    HouseholdRecorded,
    HouseholdSplit,
    MemberDied,
    MemberJoined,
    MemberLeft,
)
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
    {HouseholdRecorded, HouseholdFormed, MemberJoined, MemberLeft, MemberDied, HouseholdSplit, HouseholdCancelled}
)
"""Facts that begin or end memberships."""

Memberships = Mapping[UUID, tuple[Period, ...]]
"""Person → the periods in which the household has them; a death is a final period from its day on."""


def affects_memberships(facts: Sequence[Fact]) -> bool:
    return any(fact.annuls or type(fact) in MEMBERSHIP_TYPES for fact in facts)


def memberships_of(timeline: Sequence[Recorded]) -> Memberships:
    """From the household's own facts, in the order of its timeline."""
    since, periods = dict[UUID, Period](), dict[UUID, tuple[Period, ...]]()

    def begin(person: UUID, period: Period) -> None:
        since[person] = period

    def end(person: UUID, recorded: Recorded) -> None:
        if (begun := since.pop(person, None)) is not None and begun.first < recorded.fact.effective_on:
            periods[person] = (*periods.get(person, ()), Period(begun.first, recorded.fact.effective_on))

    for recorded in timeline:
        day = recorded.fact.effective_on
        match recorded.fact:
            case HouseholdRecorded(members=members):
                for member in members:
                    begin(member.person_id, Period(day))
            case HouseholdFormed(person_ids=persons):
                for person in persons:
                    begin(person, Period(day))
            case MemberJoined(member=member):
                begin(member.person_id, Period(day))
            case MemberLeft(person_id=person):
                end(person, recorded)
            case MemberDied(person_id=person):
                end(person, recorded)
                periods[person] = (*periods.get(person, ()), Period(day, OPEN_END, final=True))
            case HouseholdSplit(person_ids=persons):
                for person in persons:
                    end(person, recorded)
            case HouseholdCancelled():
                for person in list(since):
                    end(person, recorded)
    return {
        person: (*periods.get(person, ()), *((since[person],) if person in since else ()))
        for person in dict.fromkeys((*periods, *since))
    }


def require_no_overlap(person: UUID, ours: Sequence[Period], elsewhere: Periods) -> None:
    """``elsewhere``: the person's periods in other households. Raises ``Refused`` naming the days in question."""
    for theirs in (period for periods in elsewhere.values() for period in periods):
        for period in ours:
            if period.overlaps(theirs):
                died = theirs.final or period.final
                until = None if theirs.end == OPEN_END else theirs.end.isoformat()
                raise Refused(
                    PERSON_DIED if died else IN_ANOTHER_HOUSEHOLD,
                    person=str(person), since=theirs.first.isoformat(), until=until,
                )  # fmt: skip
