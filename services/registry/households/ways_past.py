"""What may be done where a fact cannot be, by the rule that it breaks: the true thing that is missing before it, or the correction
of what says otherwise."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft
from contracts.registry.merges import PersonsMerged
from contracts.roles import Role
from contracts.selection import surviving
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Rule
from services.registry.households import rules
from services.registry.households.legality import Illegal
from services.registry.households.memberships import begins_period
from services.registry.households.monitoring_status import MONITORING_FORBIDS
from services.registry.households.next_steps import case_about, case_correcting, correction_of, identity_case

CADRE = Office((Role.CADRE,))


@dataclass(frozen=True, slots=True)
class Impossible:
    """``fact`` breaks a rule with what stands of its household, in the order of telling."""

    fact: HouseholdFact
    standing: Sequence[Recorded]

    @property
    def household(self) -> UUID:
        return self.fact.household_id

    @property
    def persons(self) -> tuple[UUID, ...]:
        """Whom the fact is about."""
        if isinstance(self.fact, MemberJoined):
            return (self.fact.member.person_id,)
        one = getattr(self.fact, "person_id", None)
        return getattr(self.fact, "person_ids", ()) if one is None else (one,)

    def act(self, name: str, **form: object) -> NextStep:
        return NextStep(name, CADRE, {"household_id": self.household}, form)

    def correction(self, wrong: Recorded) -> NextStep:
        """Of a recording, which has more in it than what is wrong, another in its place."""
        if isinstance(wrong.fact, HouseholdRecorded):
            return self.act("correct_recording")
        return correction_of(wrong, self.household)


Find = Callable[[Impossible], tuple[NextStep, ...]]


@contextmanager
def saying_what_is_next(known: Sequence[Recorded]) -> Iterator[None]:
    """Where something new about a household cannot be. ``known``: what is recorded of it."""
    try:
        yield
    except Illegal as no:
        if isinstance(no.recorded.fact, HouseholdFact):
            no.advising(*ways_past(no.rule, no.recorded.fact, known))
        raise


def ways_past(broken: Rule, fact: HouseholdFact, known: Sequence[Recorded]) -> tuple[NextStep, ...]:
    """``known``: what is recorded of the fact's household."""
    find = ANSWERED_BY.get(broken)
    return () if find is None else find(Impossible(fact, surviving(known)))


def _procedures(*keys: str) -> Find:
    return lambda at: tuple(case_about(at.household, key) for key in keys)


def _act(name: str) -> Find:
    return lambda at: (at.act(name),)


def _recorded_since_another_day(at: Impossible) -> tuple[NextStep, ...]:
    formed = next((r.fact for r in at.standing if isinstance(r.fact, HouseholdFormed)), None)
    if formed is None:
        return (at.act("correct_recording"),)
    return (NextStep("split_household", CADRE, {"household_id": formed.split_from}, {"corrects": at.household}),)


def _gone_or_not_there_yet(at: Impossible) -> tuple[NextStep, ...]:
    """The joining that is missing; what says that the person left before, or came later."""
    day, persons = at.fact.effective_on, at.persons
    before = [r for r in at.standing if r.fact.effective_on <= day and _takes_away(r, persons)]
    after = [r for r in at.standing if r.fact.effective_on > day and any(begins_period(r.fact, p) for p in persons)]
    wrong = tuple(at.correction(r) for r in (*before[-1:], *after[:1]))
    joining = (at.act("join_member", person_id=persons[0]),) if len(persons) == 1 else ()
    return (*joining, *wrong)


def _there_already(at: Impossible) -> tuple[NextStep, ...]:
    if not at.persons:
        return ()
    person = at.persons[0]
    begun = [r for r in at.standing if begins_period(r.fact, person)]
    leaving = NextStep("record_departure", CADRE, {"household_id": at.household, "person_id": person})
    return (leaving, *(at.correction(r) for r in begun[-1:]))


def _on_the_day_after(at: Impossible) -> tuple[NextStep, ...]:
    day = at.fact.effective_on
    left = [r for r in at.standing if r.fact.effective_on == day and _takes_away(r, at.persons)]
    later = NextStep("join_member", CADRE, {"household_id": at.household}, first_day=day + timedelta(1))
    return (later, *(at.correction(r) for r in left[-1:]))


def _death_in_error(at: Impossible) -> tuple[NextStep, ...]:
    dead = [
        r for r in at.standing if isinstance(r.fact, MemberDied | PersonsMerged) and r.fact.person_id in at.persons
    ]  # fmt: skip
    return tuple(at.correction(r) for r in dead[-1:])


def _year_of_birth(at: Impossible) -> tuple[NextStep, ...]:
    """Of somebody new the form contradicts itself."""
    return (identity_case(at.household),) if isinstance(at.fact, PersonCorrected) else ()


def _status_in_error(at: Impossible) -> tuple[NextStep, ...]:
    decided = [r for r in at.standing if type(r.fact) in rules.DECIDED_BY_PROCEDURE]
    return (case_correcting(at.household, decided[-1:]) if decided else case_about(at.household),)


def _takes_away(recorded: Recorded, persons: Collection[UUID]) -> bool:
    match recorded.fact:
        case MemberLeft(person_id=person) | MemberDied(person_id=person) | PersonsMerged(person_id=person):
            return person in persons
        case HouseholdSplit(person_ids=gone):
            return any(person in persons for person in gone)
    return False


ANSWERED_BY: Mapping[Rule, Find] = {
    rules.ALREADY_RECORDED: _act("correct_recording"),
    rules.NOT_YET_RECORDED: _recorded_since_another_day,
    rules.STATUS_FORBIDS: _status_in_error,
    MONITORING_FORBIDS: _status_in_error,
    rules.HOUSEHOLD_ENDED: _procedures("reinstatement"),
    rules.NO_SUCH_MEMBER: _gone_or_not_there_yet,
    rules.ALREADY_A_MEMBER: _there_already,
    rules.RETURNS_ON_DAY_OF_LEAVING: _on_the_day_after,
    rules.NO_HEAD: _act("change_head"),
    rules.HEAD_NOT_BY_CORRECTION: _act("change_head"),
    rules.PERSON_DIED: _death_in_error,
    rules.NOT_YET_BORN: _year_of_birth,
    rules.WITHOUT_MEMBERS: _procedures("household_end", "household_merge"),
    rules.STILL_MEMBERS: _procedures("household_end", "household_merge"),
    rules.NOBODY_STAYS: _act("move_household"),
}
"""Rule → what answers its refusal."""
