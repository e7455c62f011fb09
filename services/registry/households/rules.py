"""What may happen to a household when: one named rule per refusal, checked along the whole timeline.

A command effective in the past must leave every later day legal; so the whole timeline is walked again with the new
facts in it, and the first impossible fact refuses the command.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    ConditionsSurveyed,
    HeadSucceeded,
    HouseholdCancelled,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdRemoved,
    HouseholdReturned,
    HouseholdSplit,
    HouseholdSurveyed,
    IncomeSurveyed,
    MemberDied,
    MemberJoined,
    MemberLeft,
    MemberSurveyed,
    PovertyStatus,
    Relation,
)
from services.chassis.refusals import Refused, Rule, rule
from services.registry.households.state import Household, evolve

ALREADY_RECORDED = rule(
    "household_already_recorded",
    zh="该户已经建档。",
    en="This household is already on record.",
    source="M001",
)
NOT_YET_RECORDED = rule(
    "household_not_yet_recorded",
    zh="在该日期，该户尚未建档。",
    en="The household was not yet on record on that day.",
    source="M001",
)
STATUS_FORBIDS = rule(
    "poverty_status_forbids",
    zh="按该户当日的贫困状态，不能作此变更。",
    en="The household's poverty status on that day does not allow this.",
    source="M001, M003, M005, M007; source facts §5 rules 2, 3, 7",
)
HOUSEHOLD_ENDED = rule(
    "household_ended",
    zh="该户已销户，此后不能再登记变动。",
    en="The household has ended; nothing can happen to it afterwards.",
    source="domain reference: the lifecycle (cancelled by nature)",
)
NO_SUCH_MEMBER = rule(
    "no_such_member",
    zh="在该日期，此人不是该户成员。",
    en="That person was not a member of the household on that day.",
    source="domain reference: forms",
)
ALREADY_A_MEMBER = rule(
    "already_a_member",
    zh="此人已是该户成员。",
    en="That person is already a member of this household.",
    source="domain reference: forms",
)
NO_HEAD = rule(
    "household_without_head",
    zh="户内必须有且只有一名户主。",
    en="A household has exactly one head.",
    source="domain reference: forms",
)
NOBODY_STAYS = rule(
    "nobody_stays",
    zh="分户后原户至少要留下一人。",
    en="A split leaves at least one person in the old household.",
    source="domain reference: forms",
)
NOT_IN_THAT_VILLAGE = rule(
    "not_in_that_village",
    zh="迁出村与该户当日所在村不符，或迁入村与迁出村相同。",
    en="The household did not live in the village it is said to leave, or it moves to where it is.",
    source="domain reference: forms",
)
LATER_FACT_IMPOSSIBLE = rule(
    "later_fact_impossible",
    zh="如此追溯更正后，后来的记录将不再成立；请同时作废这些记录。",
    en="With this change in the past a later fact would be impossible; annul that fact by its id as well.",
    source="Lika design: two times",
)
FUTURE_DAY = rule(
    "future_day",
    zh="日期不能晚于今天。",
    en="The day may not lie in the future.",
    source="Lika design: two times",
)

S = PovertyStatus
STATUS_TRANSITIONS: Mapping[type[Fact], frozenset[PovertyStatus]] = {
    HouseholdEnrolled: frozenset({S.CANDIDATE}),
    HouseholdExited: frozenset({S.REGISTERED, S.RETURNED}),
    HouseholdReturned: frozenset({S.EXITED}),
    HouseholdRemoved: frozenset({S.REGISTERED, S.RETURNED, S.EXITED}),
    HouseholdCancelled: frozenset({S.CANDIDATE, S.REGISTERED, S.RETURNED, S.EXITED, S.REMOVED}),
}
"""From which poverty statuses each status fact may follow; the table of the lifecycle."""


def status_allows(state: Household, fact: Fact) -> Rule | None:
    return None if state.status in STATUS_TRANSITIONS[type(fact)] else STATUS_FORBIDS


def person_is_member(state: Household, fact: MemberLeft | MemberDied | MemberSurveyed | HeadSucceeded) -> Rule | None:
    return None if fact.person_id in state.members else NO_SUCH_MEMBER


def person_is_new(state: Household, fact: MemberJoined) -> Rule | None:
    if fact.member.person_id in state.members:
        return ALREADY_A_MEMBER
    return NO_HEAD if fact.member.relation is Relation.HEAD else None


def split_is_possible(state: Household, fact: HouseholdSplit) -> Rule | None:
    leaving = set(fact.person_ids)
    if not leaving or not leaving <= set(state.members):
        return NO_SUCH_MEMBER
    return NOBODY_STAYS if leaving == set(state.members) else None


def move_starts_here(state: Household, fact: HouseholdMoved) -> Rule | None:
    here = fact.from_division == state.division and fact.to_division != state.division
    return None if here else NOT_IN_THAT_VILLAGE


def anything_goes(_: Household, __: Fact) -> Rule | None:
    return None


CHECKS: Mapping[type[Fact], Callable[[Household, Any], Rule | None]] = {
    **dict.fromkeys(STATUS_TRANSITIONS, status_allows),
    **dict.fromkeys((MemberLeft, MemberDied, MemberSurveyed, HeadSucceeded), person_is_member),
    **dict.fromkeys((HouseholdSurveyed, IncomeSurveyed, ConditionsSurveyed), anything_goes),
    MemberJoined: person_is_new,
    HouseholdSplit: split_is_possible,
    HouseholdMoved: move_starts_here,
}


def impossible(state: Household, fact: Fact) -> Rule | None:
    """Why this fact cannot follow this state, or ``None``. Facts that only annul are always possible."""
    if isinstance(fact, HouseholdRecorded | HouseholdFormed):
        return ALREADY_RECORDED if state.status is not None else _one_head(fact)
    check = CHECKS.get(type(fact))
    if check is None:
        return None
    if state.status is None:
        return NOT_YET_RECORDED
    return HOUSEHOLD_ENDED if state.status is S.CANCELLED else check(state, fact)


def _one_head(fact: HouseholdRecorded | HouseholdFormed) -> Rule | None:
    return None if sum(m.relation is Relation.HEAD for m in fact.members) == 1 else NO_HEAD


def require_legal(timeline: Sequence[Recorded], new: Iterable[str]) -> None:
    """Walk the timeline; refuse with the rule a new fact breaks, or name the older fact it would make impossible."""
    ours = set(new)
    state = Household()
    for position, recorded in enumerate(timeline):
        if (broken := impossible(state, recorded.fact)) is not None:
            if recorded.id in ours:
                raise Refused(broken)
            raise Refused(LATER_FACT_IMPOSSIBLE, fact=recorded.id, effective_on=recorded.fact.effective_on.isoformat())
        state = evolve(state, recorded)
        last_of_day = (
            position + 1 == len(timeline) or timeline[position + 1].fact.effective_on > recorded.fact.effective_on
        )
        # Within a day a head may die before the successor is named; at its end there must be one.
        if last_of_day and state.members and state.status is not S.CANCELLED and state.head is None:
            raise Refused(NO_HEAD)


def require_not_future(day: date, today: date) -> None:
    if day > today:
        raise Refused(FUTURE_DAY, day=day.isoformat(), today=today.isoformat())
