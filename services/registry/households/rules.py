"""The rules of a household's lifecycle: one named rule per refusal. ``legality`` checks them along the whole timeline."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.facts import Fact
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.households import HouseholdFormed, HouseholdMoved, HouseholdRecorded, HouseholdSplit
from contracts.registry.identities import PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import HeadSucceeded, MemberDied, MemberJoined, MemberLeft, MemberSurveyed, Relation
from contracts.registry.merges import PersonsMerged
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyStatus,
)
from contracts.registry.reasons import CancelReason
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from services.chassis.ground.refusals import Rule, rule
from services.registry.households.monitoring_status import MONITORING_TYPES, monitoring_allows
from services.registry.households.state import Household

MOST_MEMBERS = 40
"""Of a household as it is entered, by form and by workbook alike."""

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
    zh="该户已注销，此后不能再登记变动。该户回来的，请办理恢复；"
    "注销有误的，请作废其登记，由程序决定的，请发起更正程序。",
    en="The household has ended; nothing can happen to it afterwards. If it came back, have it reinstated; if it"
    " never ended, annul what ended it, or open a correction where a procedure decided it.",
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
    zh="此人已是该户成员；如曾离开，请先登记其离开。",
    en="That person is already a member of this household; if they left and came back, record the leaving first.",
    source="domain reference: forms",
)
RETURNS_ON_DAY_OF_LEAVING = rule(
    "returns_on_day_of_leaving",
    zh="此人当日离开该户，当日终了前仍是成员：请从次日起登记回来；如并未离开，请作废离开的登记。",
    en="That person left on this day and is a member until its end: record the return from the next day on, or annul the "
    "leaving if they never left.",
    source="Lika design: any order of telling (order within a day)",
)
NO_HEAD = rule(
    "household_without_head",
    zh="户内必须有且只有一名户主。",
    en="A household has exactly one head.",
    source="domain reference: forms",
)
HEAD_NOT_BY_CORRECTION = rule(
    "head_not_by_correction",
    zh="户主身份不能作为个人信息更正：请办理“变更户主”，其他成员的关系随之变更。",
    en="Who is head is no correction of one person: change the head (``heads``), and the relations of the others follow.",
    source="docs/decisions/0037-identities-are-corrected-by-a-procedure.md",
)
PERSON_DIED = rule(
    "person_died",
    zh="此人已登记去世，或已作为重复登记并入另一人，不能再成为户内成员；如系误登，请先作废该次登记。",
    en="That person's death is on record, or that the record is a duplicate of another person's; annul it first if it was"
    " entered by mistake.",
    source="domain reference: checks the field already uses",
)
NOT_YET_BORN = rule(
    "member_not_yet_born",
    zh="出生年份晚于该日期，此人当时尚未出生。",
    en="By the year of birth that person was not yet born on that day.",
    source="domain reference: checks the field already uses",
)
WITHOUT_MEMBERS = rule(
    "household_without_members",
    zh="户内至少要有一人。最后一名成员去世，请登记去世；因婚嫁、判刑收监、参军、失联等离开或并入他户，请办理注销或并户程序。",
    en="A household that has not ended has at least one member. If the last one died, enter the death; if they married into"
    " another household, went to prison, joined the army, are lost or the like, have the household ended or"
    " merged.",
    source="domain reference: the lifecycle (cancelled by nature)",
)
STILL_MEMBERS = rule(
    "household_still_has_members",
    zh="户内尚有成员，不能以最后一名成员去世为由销户。",
    en="The household still has members: it did not end by the death of the last one.",
    source="domain reference: the lifecycle (cancelled by nature)",
)
NOBODY_STAYS = rule(
    "nobody_stays",
    zh="分户后原户至少要留下一人。",
    en="A split leaves at least one person in the old household.",
    source="domain reference: forms",
)
NOT_IN_THAT_VILLAGE = rule(
    "not_in_that_village",
    zh="按现有登记，该户当日不住在迁出村，请核对。如是先前的迁移尚未登记，请先登记那一次，或注明（earlier_move_missing）后登记本次。",
    en="As far as is on record, the household did not live in the village it is said to leave: check the form. If an earlier "
    "move is not entered yet, enter that one first, or say so (``earlier_move_missing``).",
    source="domain reference: forms",
)
MOVES_TO_SAME_VILLAGE = rule(
    "moves_to_same_village",
    zh="迁入村与迁出村相同，请填写该户迁往的村。",
    en="The household is said to move to the village it leaves: give the village it moves to.",
    source="domain reference: forms",
)
LATER_FACT_IMPOSSIBLE = rule(
    "later_fact_impossible",
    zh="如此追溯更正后，后来的记录将不再成立：请先作废后来那一次登记（“acts”）。后来的是程序决定的，请发起更正程序（procedure 为"
    " correction）；去世、出生、离开属实而与决定抵触的，可先行报告。",
    en="With this change in the past a later fact would be impossible: annul the act that recorded it first (``acts``). Where a"
    " procedure decided it, open a correction; a true death, birth or departure that a decision is"
    " against can be reported meanwhile.",
    source="Lika design: two times",
)
LATER_FACT_OF_RELATED_HOUSEHOLD = rule(
    "later_fact_of_related_household",
    zh="如此追溯更正后，由该户分出（或与该户一同登记）的另一户后来的记录将不再成立；请由其所在地的上级机关先作废后来那一次登记。",
    en="With this change in the past a later fact of a household that split off, or was changed by the same act, would be "
    "impossible; an office whose area covers that household as well annuls the act that recorded it first.",
    source="Lika design: two times; access by area",
)
S = PovertyStatus
STATUS_TRANSITIONS: Mapping[type[Fact], frozenset[PovertyStatus]] = {
    HouseholdEnrolled: frozenset({S.CANDIDATE, S.REMOVED}),
    HouseholdExited: frozenset({S.REGISTERED, S.RETURNED}),
    HouseholdReturned: frozenset({S.EXITED}),
    HouseholdRemoved: frozenset({S.REGISTERED, S.RETURNED, S.EXITED}),
    HouseholdCancelled: frozenset({S.CANDIDATE, S.REGISTERED, S.RETURNED, S.EXITED, S.REMOVED}),
    HouseholdReinstated: frozenset({S.CANCELLED}),
}
"""Status fact type → poverty statuses that it may follow: the transition table of the lifecycle."""


DECIDED_BY_PROCEDURE = frozenset({*STATUS_TRANSITIONS, *MONITORING_TYPES}) - {HouseholdCancelled, HouseholdReinstated}
"""Facts of the poverty and the monitoring status that only a procedure may record or annul. Of ends, which are neither, somebody
else than who entered them decides, and an act that recorded one is annulled as any other is."""


def status_allows(state: Household, fact: Fact) -> Rule | None:
    return None if state.status in STATUS_TRANSITIONS[type(fact)] else STATUS_FORBIDS


def cancellation_allowed(state: Household, fact: HouseholdCancelled) -> Rule | None:
    if fact.reason is CancelReason.LAST_MEMBER_DIED and state.members:
        return STILL_MEMBERS
    return status_allows(state, fact)


def reinstatement_allowed(state: Household, fact: HouseholdReinstated) -> Rule | None:
    if state.ended is None:
        return STATUS_FORBIDS
    return None if {fact.head} <= {*fact.person_ids} <= {*state.ended.members} else NO_SUCH_MEMBER


def person_is_member(state: Household, fact: Any) -> Rule | None:
    """``fact``: about one person."""
    return None if fact.person_id in state.members else NO_SUCH_MEMBER


def person_may_be_corrected(state: Household, fact: PersonCorrected) -> Rule | None:
    member = state.members.get(fact.person_id)
    if member is None:
        return NO_SUCH_MEMBER
    if fact.birth_year is not None and fact.birth_year > fact.effective_on.year:
        return NOT_YET_BORN
    # Who is head is changed for all of the household at once, never for one of it.
    is_head = member.relation is Relation.HEAD
    return (
        HEAD_NOT_BY_CORRECTION
        if fact.relation is not None and is_head is not (fact.relation is Relation.HEAD)
        else None
    )


def person_may_join(state: Household, fact: MemberJoined) -> Rule | None:
    if fact.member.person_id in state.members:
        return ALREADY_A_MEMBER
    if fact.member.person_id in state.deceased:
        return PERSON_DIED
    if fact.member.birth_year > fact.effective_on.year:
        return NOT_YET_BORN
    return NO_HEAD if fact.member.relation is Relation.HEAD else None


def split_allowed(state: Household, fact: HouseholdSplit) -> Rule | None:
    leaving = set(fact.person_ids)
    if not leaving or not leaving <= set(state.members):
        return NO_SUCH_MEMBER
    return NOBODY_STAYS if leaving == set(state.members) else None


def move_leads_elsewhere(_: Household, fact: HouseholdMoved) -> Rule | None:
    # Whether it lived where it came from is asked when the move is entered: an earlier move that is entered, or annulled,
    # later may change that. A move to where the household is known to live tells nothing new meanwhile.
    return None if fact.to_division != fact.from_division else MOVES_TO_SAME_VILLAGE


def always_allowed(_: Household, __: Fact) -> Rule | None:
    return None


RULES_BY_TYPE: Mapping[type[Fact], Callable[[Household, Any], Rule | None]] = {
    **dict.fromkeys(STATUS_TRANSITIONS, status_allows),
    **dict.fromkeys(MONITORING_TYPES, lambda state, fact: monitoring_allows(state.monitoring, fact)),
    **dict.fromkeys(
        (
            MemberLeft,
            MemberDied,
            PersonsMerged,
            MemberSurveyed,
            CommonResidenceRecorded,
            HeadSucceeded,
            PersonDocumentRecorded,
        ),
        person_is_member,
    ),
    PersonCorrected: person_may_be_corrected,
    **dict.fromkeys((HouseholdSurveyed, IncomeSurveyed, ConditionsSurveyed, HouseholdCategoryAssigned), always_allowed),
    HouseholdCancelled: cancellation_allowed,
    HouseholdReinstated: reinstatement_allowed,
    MemberJoined: person_may_join,
    HouseholdSplit: split_allowed,
    HouseholdMoved: move_leads_elsewhere,
}


def violated_rule(state: Household, fact: Fact) -> Rule | None:
    """The rule by which this fact cannot follow this state, or ``None``. Facts that only annul are always legal."""
    if isinstance(fact, HouseholdRecorded):
        return ALREADY_RECORDED if state.status is not None else _first_record_violation(fact)
    if isinstance(fact, HouseholdFormed):
        return _formation_violation(state, fact)
    check = RULES_BY_TYPE.get(type(fact))
    if check is None:
        return None
    # Before a household was formed by a split, the state is its parent's.
    if state.status is None or state.id != getattr(fact, "household_id", None):
        return NOT_YET_RECORDED
    if state.status is S.CANCELLED and not isinstance(fact, HouseholdReinstated):
        return HOUSEHOLD_ENDED
    return check(state, fact)


def _formation_violation(parent: Household, fact: HouseholdFormed) -> Rule | None:
    """``parent``: the state that the new household starts from."""
    if parent.id == fact.household_id:
        return ALREADY_RECORDED
    if parent.status is None:
        return NOT_YET_RECORDED
    if parent.status is S.CANCELLED:
        return HOUSEHOLD_ENDED
    return None if {fact.head, *fact.person_ids} <= set(parent.members) else NO_SUCH_MEMBER


def _first_record_violation(fact: HouseholdRecorded) -> Rule | None:
    if any(m.birth_year > fact.effective_on.year for m in fact.members):
        return NOT_YET_BORN
    return None if sum(m.relation is Relation.HEAD for m in fact.members) == 1 else NO_HEAD


def end_of_day_violation(state: Household) -> Rule | None:
    """The invariant that is broken at the end of a day, or ``None``: a household has members and a head. Between two
    facts of one day it may be without."""
    if state.status is None or state.status is S.CANCELLED:
        return None
    if not state.members:
        return WITHOUT_MEMBERS
    return NO_HEAD if state.head is None else None
