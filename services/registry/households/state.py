"""The state of a household on one day, folded from its timeline. Folding is total; legality is checked in ``rules``."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.divisions import HouseholdTransferred, current_code
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.households import Attribute, HouseholdFormed, HouseholdMoved, HouseholdRecorded, HouseholdSplit
from contracts.registry.identities import IdentityFact, PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import (
    HeadSucceeded,
    Member,
    MemberDied,
    MemberJoined,
    MemberLeft,
    MemberSurveyed,
    Relation,
)
from contracts.registry.merges import PersonsMerged
from contracts.registry.poverty_status import (
    STOCK,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyStatus,
)
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from services.registry.households.categories import category_assigned, household_surveyed, lapsed
from services.registry.households.changed_fields import (
    CORRECTED_FIELDS,
    DOCUMENT_FIELDS,
    MEMBER_SURVEY_FIELDS,
)
from services.registry.households.details import INHERITED, SURVEYED_DETAILS
from services.registry.households.exits import DecidedExit, decided_exit
from services.registry.households.head_relations import Members, with_head
from services.registry.households.income import CommonCounts, Income, IncomeFigures, counts_after, figures_of, income_of
from services.registry.households.location import Located, moved, transferred
from services.registry.households.monitoring_status import MONITORING_TYPES, Monitoring, monitoring_after

STATUS_BY_TYPE: Mapping[type[Fact], PovertyStatus] = {
    HouseholdEnrolled: PovertyStatus.REGISTERED,
    HouseholdExited: PovertyStatus.EXITED,
    HouseholdReturned: PovertyStatus.RETURNED,
    HouseholdRemoved: PovertyStatus.REMOVED,
}


class Ended(msgspec.Struct, frozen=True, gc=False):
    """What a household was just before it ended."""

    status: PovertyStatus | None
    members: Members
    monitoring: Monitoring | None = None


class Household(Located, frozen=True, gc=False):
    """``status`` is ``None`` before the household was recorded; ``status_fact`` is the id of the fact that set it. ``apart``: members
    who do not live in common; ``common_counts``: how many do, since when. ``monitoring`` is ``None`` where it never was
    monitored, and of one that has ended."""

    id: UUID | None = None
    national_no: str | None = None
    status: PovertyStatus | None = None
    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    account: Personal[str] | None = None
    members: Members = msgspec.field(default_factory=dict)
    apart: frozenset[UUID] = frozenset()
    common_counts: CommonCounts = ()
    deceased: frozenset[UUID] = frozenset()
    status_since: date | None = None
    status_fact: str = ""
    incomes: tuple[Income, ...] = ()
    conditions: ConditionsSurveyed | None = None
    decided_exit: DecidedExit | None = None
    monitoring: Monitoring | None = None
    ended: Ended | None = None

    @property
    def in_stock(self) -> bool:
        return self.status in STOCK

    @property
    def persons(self) -> int:
        return len(self.members)

    @property
    def head(self) -> Member | None:
        return next((m for m in self.members.values() if m.relation is Relation.HEAD), None)

    @property
    def income_figures(self) -> tuple[IncomeFigures, ...]:
        """By period, for the day whose state this is."""
        return tuple(figures_of(i, self.common_counts) for i in sorted(self.incomes, key=lambda i: i.period_from))

    @property
    def latest_income(self) -> IncomeFigures | None:
        """Of the latest period that was surveyed."""
        return next(reversed(self.income_figures), None)


def evolve(before: Household, recorded: Recorded) -> Household:
    """The household after one more fact; facts that carry no state leave it as it is."""
    before = lapsed(before, recorded.fact.effective_on)
    after = _evolved(before, recorded)
    if after.members is before.members and after.apart is before.apart:
        return after
    return _with_common_count(after, recorded.fact.effective_on)


def _evolved(before: Household, recorded: Recorded) -> Household:
    fact, kind = recorded.fact, type(recorded.fact)
    if (apply := EVOLVE_BY_TYPE.get(kind)) is not None:
        return apply(before, fact)
    if isinstance(fact, HouseholdRecorded):
        return _recorded(before, fact, recorded.id)
    if isinstance(fact, HouseholdFormed):
        return _formed(before, fact, recorded.id)
    if (status := STATUS_BY_TYPE.get(kind)) is not None:
        return _with_status(before, status, recorded)
    if kind in MONITORING_TYPES:
        return replace(before, monitoring=monitoring_after(before.monitoring, recorded))
    if isinstance(fact, HouseholdCancelled):
        ended = Ended(before.status, before.members, before.monitoring)
        left = replace(before, ended=ended, members={}, monitoring=None)
        return _with_status(left, PovertyStatus.CANCELLED, recorded)
    if isinstance(fact, HouseholdReinstated):
        return _with_status(_reinstated(before, fact), _status_after(before, fact), recorded)
    return before


SURVEY_TYPES: frozenset[type[Fact]] = frozenset(
    {
        HouseholdSurveyed, MemberSurveyed, IncomeSurveyed, ConditionsSurveyed, HouseholdCategoryAssigned,
        CommonResidenceRecorded,
    }
)  # fmt: skip


def evolve_without_surveys(before: Household, recorded: Recorded) -> Household:
    """``evolve`` that skips survey facts, nine facts in ten: members, division and status are enough for legality, area
    and claims."""
    return before if type(recorded.fact) in SURVEY_TYPES else evolve(before, recorded)


def fold(timeline: Iterable[Recorded]) -> Household:
    """The household at the end of a timeline (see ``contracts.selection.timeline``)."""
    state = Household()
    for recorded in timeline:
        state = evolve(state, recorded)
    return state


def _recorded(before: Household, fact: HouseholdRecorded, fact_id: str) -> Household:
    return Household(
        id=fact.household_id, national_no=fact.national_no,
        division=current_code(fact.division, before.successors), successors=before.successors,
        address=fact.address, phone=fact.phone, account=fact.account, members=_by_person_id(fact.members),
        status=PovertyStatus.CANDIDATE, status_since=fact.effective_on, status_fact=fact_id,
        attribute_since=None if fact.attribute is Attribute.UNCLASSIFIED else fact.effective_on,
        **{name: getattr(fact, name) for name in SURVEYED_DETAILS},
    )  # fmt: skip


def _formed(parent: Household, fact: HouseholdFormed, fact_id: str) -> Household:
    """What the parent was just before the split, monitored where it was, for those who came along. Land, housing, income,
    conditions and who lives apart are found out anew; address, phone and account are sealed under the parent."""
    members = {p: parent.members[p] for p in fact.person_ids if p in parent.members}
    return Household(
        id=fact.household_id, national_no=fact.national_no, division=parent.division, successors=parent.successors,
        members=with_head(members, fact.head, fact.relations),
        status=parent.status, status_since=fact.effective_on, status_fact=fact_id,
        monitoring=parent.monitoring and replace(parent.monitoring, since=fact.effective_on, fact=fact_id),
        **{name: getattr(parent, name) for name in INHERITED},
    )  # fmt: skip


def _with_status(before: Household, status: PovertyStatus, recorded: Recorded) -> Household:
    left = decided_exit(recorded.fact, before.conditions)
    day, fact_id = recorded.fact.effective_on, recorded.id
    return replace(before, status=status, status_since=day, status_fact=fact_id, decided_exit=left)


def _reinstated(before: Household, fact: HouseholdReinstated) -> Household:
    at_end = before.ended.members if before.ended is not None else {}
    back = {p: at_end[p] for p in fact.person_ids if p in at_end}
    as_before = before.ended is not None and fact.status is ReinstatedAs.FORMER_STATUS
    monitoring = before.ended.monitoring if before.ended is not None and as_before else None
    return replace(before, members=with_head(back, fact.head, ()), monitoring=monitoring, ended=None)


def _status_after(before: Household, fact: HouseholdReinstated) -> PovertyStatus:
    former = before.ended.status if before.ended is not None else None
    return former if former is not None and fact.status is ReinstatedAs.FORMER_STATUS else PovertyStatus.CANDIDATE


def _common_residence_recorded(before: Household, fact: CommonResidenceRecorded) -> Household:
    if fact.person_id not in before.members:
        return before
    apart = before.apart - {fact.person_id} if fact.lives_in_common else before.apart | {fact.person_id}
    return replace(before, apart=apart)


def _with_common_count(state: Household, day: date) -> Household:
    """After who is a member, or lives in common, changed on a day. Where nobody is said to, all members count; of a household that
    has none left, the last count stays."""
    count = len(state.members.keys() - state.apart) or len(state.members)
    return replace(state, common_counts=counts_after(state.common_counts, day, count)) if count else state


def _member_surveyed(before: Household, fact: MemberSurveyed) -> Household:
    if (member := before.members.get(fact.person_id)) is None:
        return before
    member = replace(member, **MEMBER_SURVEY_FIELDS.filled_in(fact))
    return replace(before, members={**before.members, fact.person_id: member})


def _income_surveyed(before: Household, fact: IncomeSurveyed) -> Household:
    others = [i for i in before.incomes if i.period_from != fact.period_from]
    return replace(before, incomes=(*others, income_of(fact)))


def _conditions_surveyed(before: Household, fact: ConditionsSurveyed) -> Household:
    return replace(before, conditions=fact)


def _joined(before: Household, fact: MemberJoined) -> Household:
    return replace(before, members={**before.members, fact.member.person_id: fact.member})


def _left(before: Household, fact: MemberLeft | PersonsMerged) -> Household:
    return replace(before, members=_without(before.members, (fact.person_id,)), apart=before.apart - {fact.person_id})


def _died(before: Household, fact: MemberDied) -> Household:
    members = _without(before.members, (fact.person_id,))
    return replace(before, members=members, deceased=before.deceased | {fact.person_id})


def _split(before: Household, fact: HouseholdSplit) -> Household:
    members = _without(before.members, fact.person_ids)
    return replace(before, members=members, apart=before.apart.difference(fact.person_ids))


def _succeeded(before: Household, fact: HeadSucceeded) -> Household:
    return replace(before, members=with_head(before.members, fact.person_id, fact.relations))


def _identified(before: Household, fact: PersonCorrected | PersonDocumentRecorded) -> Household:
    if (member := before.members.get(fact.person_id)) is None:
        return before
    member = replace(member, **identity_changes(fact))
    return replace(before, members={**before.members, fact.person_id: member})


def identity_changes(fact: IdentityFact) -> dict[str, Any]:
    """Field of a member → what it becomes. The number goes with the kind of document."""
    document = {name: getattr(fact, name) for name in DOCUMENT_FIELDS} if fact.document_kind is not None else {}
    said = CORRECTED_FIELDS.filled_in(fact) if isinstance(fact, PersonCorrected) else {}
    return {**said, **document}


EVOLVE_BY_TYPE: Mapping[type[Fact], Callable[[Household, Any], Household]] = {
    HouseholdSurveyed: household_surveyed,
    MemberSurveyed: _member_surveyed,
    IncomeSurveyed: _income_surveyed,
    ConditionsSurveyed: _conditions_surveyed,
    HouseholdCategoryAssigned: category_assigned,
    CommonResidenceRecorded: _common_residence_recorded,
    MemberJoined: _joined,
    MemberLeft: _left,
    PersonsMerged: _left,
    MemberDied: _died,
    HouseholdSplit: _split,
    HeadSucceeded: _succeeded,
    PersonCorrected: _identified,
    PersonDocumentRecorded: _identified,
    HouseholdMoved: moved,
    HouseholdTransferred: transferred,
}


def _by_person_id(members: Iterable[Member]) -> Members:
    return {m.person_id: m for m in members}


def _without(members: Members, removed: Iterable[UUID]) -> Members:
    excluded = set(removed)
    return {p: m for p, m in members.items() if p not in excluded}
