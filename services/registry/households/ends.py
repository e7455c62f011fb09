"""Decisions about a household that ends otherwise than by a death, comes back, or turns out to be one with another. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.members import HeadSucceeded, MemberJoined, Relation
from contracts.registry.merges import DuplicatePersonFound, PersonsMerged, RelationAfterMerge
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.reasons import CancelReason, JoinReason
from contracts.selection import surviving
from services.chassis.ground.refusals import Refused, rule
from services.registry.households.domain import SUCCESSOR_NOT_NEEDED, record, record_together
from services.registry.households.lineage import Relatives, household_timeline, no_relatives
from services.registry.households.next_steps import case_about, identity_case
from services.registry.households.rehydration import state_on
from services.registry.households.rules import NO_SUCH_MEMBER
from services.registry.households.state import Household, evolve, fold

SOURCE = "domain reference: the lifecycle (cancelled by nature); forms"

OTHERS_STAY = rule(
    "others_stay",
    zh="该原因只适用于户内最后一名成员：其他成员还在的，请登记此人离开，不办注销。",
    en="This is a reason of the last member's: where others stay, enter that this one left; the household does not end.",
    source=SOURCE,
)
MERGES_WITH_ITSELF = rule(
    "merges_with_itself",
    zh="不能与自己合并：请填写另一户（人）的标识。",
    en="A household or person is not merged with itself: give the id of the other.",
    source=SOURCE,
)
RELATIONS_INCOMPLETE = rule(
    "relations_incomplete",
    zh="并户须逐一填写并入成员与存续户户主的关系（不得为户主），不多不少；missing 为漏填者，extra 为当日不在户者。",
    en="Of each member who joins the household that goes on, and of nobody else, the relation to its head is given, and is not"
    " head; ``missing`` are left out, ``extra`` are no members on that day.",
    source="domain reference: forms",
)
MERGE_STATUSES_DIFFER = rule(
    "merge_statuses_differ",
    zh="两户当日的贫困状态不同，不能直接并户；请先按 procedures 所列程序之一使两户状态一致，再办并户。",
    en="The two households' poverty statuses differ on that day: by one of the procedures listed as ``procedures`` they become alike;"
    " then merge them.",
    source="source facts §5 A rules 2, 3 and 7: a poverty status changes by its procedure alone",
)
MERGE_LEAVES_MONITORING = rule(
    "merge_leaves_monitoring",
    zh="并入的一方正在监测，存续户未纳入监测，并户会使监测中断：请先将存续户纳入监测，或先为并入户办理风险消除，再办并户。",
    en="The household that ends is monitored and the one that goes on is not, so its monitoring would be lost: have the one that"
    " goes on taken in first, or the risk of the other eliminated; then merge them.",
    source="domain reference: the lifecycle (monitoring status ends by an elimination, which a procedure decides)",
)
TWO_ID_NUMBERS = rule(
    "both_have_id_numbers",
    zh="两人各登记有证件号码，不能认定为同一人；其中一个号码有误的，请先更正身份信息。",
    en="Both are on record with an ID number of their own: they are two persons, unless one number is wrong; have the identity"
    " corrected first.",
    source="GB 11643: one number a person",
)
DUPLICATE_HAS_ID_NUMBER = rule(
    "duplicate_has_id_number",
    zh="有证件号码的记录应当保留：请对调“person_id”与“same_as”后重新申请。",
    en="The record that has the ID number goes on: apply with ``person_id`` and ``same_as`` the other way round.",
    source="GB 11643: one number a person",
)

OF_LAST_MEMBER = frozenset(
    {CancelReason.LAST_MEMBER_MARRIED, CancelReason.LAST_MEMBER_IMPRISONED, CancelReason.LAST_MEMBER_ENLISTED}
)
S = PovertyStatus
ALIKE = (frozenset({S.CANDIDATE, S.REMOVED}), frozenset({S.REGISTERED, S.RETURNED}), frozenset({S.EXITED}))
"""Poverty statuses in which households may merge: not registered, in the stock, exited."""
FIRST: Mapping[tuple[int, ...], tuple[str, ...]] = {
    (0, 1): ("identification", "first_entry_removal"),
    (1, 2): ("exit", "return"),
    (0, 2): ("first_entry_removal",),
}
"""Places of two households' statuses in ``ALIKE`` → procedures about either by which they become alike."""


def end_household(
    known: Sequence[Recorded], ended: HouseholdCancelled, today: date, relatives: Relatives = no_relatives
) -> dict[UUID, list[Fact]]:
    """Everybody who is a member on that day leaves with it."""
    members = state_on(known, relatives, as_of=ended.effective_on).members
    decided = record(known, [ended], today, relatives)
    if ended.reason in OF_LAST_MEMBER and len(members) > 1:
        raise Refused(OTHERS_STAY, members=len(members))
    return {ended.household_id: decided}


def merge_households(
    ended: HouseholdCancelled, relations: Sequence[RelationAfterMerge], today: date, relatives: Relatives
) -> dict[UUID, list[Fact]]:
    """One household ends, and its members join the other: two streams, one act. ``relatives``: of both."""
    assert ended.merged_into is not None
    if ended.merged_into == ended.household_id:
        raise Refused(MERGES_WITH_ITSELF)
    known, known_there = relatives(ended.household_id), relatives(ended.merged_into)
    here = state_on(known, relatives, as_of=ended.effective_on)
    joining = _joining(ended, here.members, relations)
    decided = record_together(
        {ended.household_id: (known, [ended]), ended.merged_into: (known_there, joining)}, today, relatives
    )
    there = _states_on(ended.effective_on, known_there, relatives)
    _require_alike(ended.household_id, here.status, [state.status for state in there])
    monitored = [state.monitoring is not None and state.monitoring.counted for state in (here, there[-1])]
    if monitored == [True, False]:
        raise Refused(MERGE_LEAVES_MONITORING).advising(
            case_about(ended.merged_into, "monitoring_inclusion"), case_about(ended.household_id, "risk_elimination")
        )
    return decided


def _states_on(day: date, known: Sequence[Recorded], relatives: Relatives) -> list[Household]:
    """When the day began, and after each fact of it, the last one last. Whoever joins on a day is counted by what is decided on
    it, so what they join is what the household was at any of these."""
    line = household_timeline(known, relatives, as_of=day)
    before = [r for r in line if r.fact.effective_on < day]
    return [*accumulate(line[len(before) :], evolve, initial=fold(before))]


def _joining(
    ended: HouseholdCancelled, members: Mapping[UUID, Any], relations: Sequence[RelationAfterMerge]
) -> list[HouseholdFact]:
    """Each member as on record on that day, but for the relation."""
    given = {each.person_id: each.relation for each in relations}
    missing, extra = sorted(members.keys() - given.keys()), sorted(given.keys() - members.keys())
    if missing or extra or len(given) < len(relations) or Relation.HEAD in given.values():
        raise Refused(RELATIONS_INCOMPLETE, missing=[*map(str, missing)], extra=[*map(str, extra)])
    assert ended.merged_into is not None
    common: dict[str, Any] = _common_fields(ended, ended.merged_into)
    return [
        MemberJoined(
            **common, member=msgspec.structs.replace(members[person], relation=relation), reason=JoinReason.MERGED,
            merged_from=ended.household_id,
        )
        for person, relation in given.items()
    ]  # fmt: skip


def _require_alike(household: UUID, here: PovertyStatus | None, there: Sequence[PovertyStatus | None]) -> None:
    if not any({here, status} <= alike for status in there for alike in ALIKE):
        places = sorted(n for n, alike in enumerate(ALIKE) for status in (here, there[-1]) if status in alike)
        first = FIRST.get((*places,), ())
        raise Refused(MERGE_STATUSES_DIFFER, status=here, other_status=there[-1], procedures=list(first)).advising(
            *(case_about(household, procedure) for procedure in first)
        )


def merge_persons(
    merged: PersonsMerged, successor: UUID | None, today: date, relatives: Relatives
) -> dict[UUID, list[Fact]]:
    """From that day on the duplicate is nobody's member; where it was the only one of its household, that ends as a duplicate,
    too. ``successor``: becomes head where the duplicate was."""
    if merged.person_id == merged.same_as:
        raise Refused(MERGES_WITH_ITSELF)
    there = merged.same_as_household_id
    here = state_on(relatives(merged.household_id), relatives, as_of=merged.effective_on)
    duplicate = here.members.get(merged.person_id)
    goes_on = state_on(relatives(there), relatives, as_of=merged.effective_on).members.get(merged.same_as)
    common = _common_fields(merged, merged.household_id)
    facts: list[HouseholdFact] = [merged]
    if len(here.members) == 1:
        facts.append(HouseholdCancelled(**common, reason=CancelReason.DUPLICATE, case_id=merged.case_id))
    elif successor is not None and duplicate is not None and duplicate.relation is Relation.HEAD:
        facts.append(HeadSucceeded(**common, person_id=successor))
    elif successor is not None:
        raise Refused(SUCCESSOR_NOT_NEEDED)
    found = DuplicatePersonFound(
        **_common_fields(merged, there), person_id=merged.same_as, duplicate=merged.person_id,
        duplicate_household_id=merged.household_id, case_id=merged.case_id,
    )  # fmt: skip
    changes: dict[UUID, list[HouseholdFact]] = {merged.household_id: facts}
    changes.setdefault(there, []).append(found)
    decided = record_together({h: (relatives(h), new) for h, new in changes.items()}, today, relatives)
    is_duplicate = any(
        isinstance(r.fact, PersonsMerged) and r.fact.person_id == merged.same_as for r in surviving(relatives(there))
    )
    if goes_on is None or duplicate is None or is_duplicate:
        raise Refused(NO_SUCH_MEMBER)
    if duplicate.id_number is not None:
        both = goes_on.id_number is not None
        wrong = (identity_case(merged.household_id), identity_case(there)) if both else ()
        raise Refused(TWO_ID_NUMBERS if both else DUPLICATE_HAS_ID_NUMBER).advising(*wrong)
    return decided


def _common_fields(fact: HouseholdFact, household: UUID) -> dict[str, Any]:
    """Of another fact of the same act."""
    return {
        "household_id": household, "effective_on": fact.effective_on, "precision": fact.precision,
        "entered_by": fact.entered_by, "decision": fact.decision, "caused_by": fact.caused_by,
        "decided_from": fact.decided_from,
    }  # fmt: skip
