"""The state of a household on one day, folded from its timeline. Folding is total; legality is checked in ``rules``."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause
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
from services.registry.households.changed_fields import (
    CORRECTED_FIELDS,
    DOCUMENT_FIELDS,
    HOUSEHOLD_SURVEY_FIELDS,
    MEMBER_SURVEY_FIELDS,
)
from services.registry.households.head_relations import Members, with_head

STATUS_BY_TYPE: Mapping[type[Fact], PovertyStatus] = {
    HouseholdEnrolled: PovertyStatus.REGISTERED,
    HouseholdExited: PovertyStatus.EXITED,
    HouseholdReturned: PovertyStatus.RETURNED,
    HouseholdRemoved: PovertyStatus.REMOVED,
}


class Income(msgspec.Struct, frozen=True, gc=False):
    """One surveyed period, in yuan. ``per_head`` is net income by resident, rounded down to the fen."""

    period_from: date
    period_to: date
    net: Decimal
    residents: int

    @property
    def per_head(self) -> Decimal:
        return (self.net / self.residents).quantize(Decimal("0.01"), rounding="ROUND_FLOOR")


class Ended(msgspec.Struct, frozen=True, gc=False):
    """What a household was just before it ended."""

    status: PovertyStatus | None
    members: Members


class Household(msgspec.Struct, frozen=True, gc=False):
    """``status`` is ``None`` before the household was recorded; ``status_fact`` is the id of the fact that set it.
    ``successors``: of divisions that ended, as far as they concern it."""

    id: UUID | None = None
    national_no: str | None = None
    division: str = ""
    status: PovertyStatus | None = None
    attribute: Attribute = Attribute.GENERAL_POOR
    main_cause: PovertyCause | None = None
    other_causes: tuple[PovertyCause, ...] = ()
    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    account: Personal[str] | None = None
    arable_mu: Decimal | None = None
    forest_mu: Decimal | None = None
    housing_m2: Decimal | None = None
    members: Members = msgspec.field(default_factory=dict)
    deceased: frozenset[UUID] = frozenset()
    status_since: date | None = None
    status_fact: str = ""
    incomes: tuple[Income, ...] = ()
    conditions: ConditionsSurveyed | None = None
    ended: Ended | None = None
    successors: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def in_stock(self) -> bool:
        return self.status in STOCK

    @property
    def persons(self) -> int:
        return len(self.members)

    @property
    def head(self) -> Member | None:
        return next((m for m in self.members.values() if m.relation is Relation.HEAD), None)


def evolve(before: Household, recorded: Recorded) -> Household:
    """The household after one more fact; facts that carry no state leave it as it is."""
    fact, kind = recorded.fact, type(recorded.fact)
    if (apply := EVOLVE_BY_TYPE.get(kind)) is not None:
        return apply(before, fact)
    if isinstance(fact, HouseholdRecorded):
        return _recorded(before, fact, recorded.id)
    if isinstance(fact, HouseholdFormed):
        return _formed(before, fact, recorded.id)
    if (status := STATUS_BY_TYPE.get(kind)) is not None:
        return _with_status(before, status, recorded)
    if isinstance(fact, HouseholdCancelled):
        left = replace(before, ended=Ended(before.status, before.members), members={})
        return _with_status(left, PovertyStatus.CANCELLED, recorded)
    if isinstance(fact, HouseholdReinstated):
        return _with_status(_reinstated(before, fact), _status_after(before, fact), recorded)
    return before


SURVEY_TYPES: frozenset[type[Fact]] = frozenset({HouseholdSurveyed, MemberSurveyed, IncomeSurveyed, ConditionsSurveyed})


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
        id=fact.household_id,
        national_no=fact.national_no,
        division=current_code(fact.division, before.successors),
        successors=before.successors,
        attribute=fact.attribute,
        main_cause=fact.main_cause,
        other_causes=fact.other_causes,
        address=fact.address,
        phone=fact.phone,
        account=fact.account,
        arable_mu=fact.arable_mu,
        forest_mu=fact.forest_mu,
        housing_m2=fact.housing_m2,
        members=_by_person_id(fact.members),
        status=PovertyStatus.CANDIDATE,
        status_since=fact.effective_on,
        status_fact=fact_id,
    )


def _formed(parent: Household, fact: HouseholdFormed, fact_id: str) -> Household:
    """What the parent was just before the split, for those who came along. Land, housing, income and conditions are found
    out anew; address, phone and account are sealed under the parent."""
    members = {p: parent.members[p] for p in fact.person_ids if p in parent.members}
    return Household(
        id=fact.household_id,
        national_no=fact.national_no,
        division=parent.division,
        successors=parent.successors,
        attribute=parent.attribute,
        main_cause=parent.main_cause,
        other_causes=parent.other_causes,
        members=with_head(members, fact.head, fact.relations),
        status=parent.status,
        status_since=fact.effective_on,
        status_fact=fact_id,
    )


def _with_status(before: Household, status: PovertyStatus, recorded: Recorded) -> Household:
    return replace(before, status=status, status_since=recorded.fact.effective_on, status_fact=recorded.id)


def _reinstated(before: Household, fact: HouseholdReinstated) -> Household:
    at_end = before.ended.members if before.ended is not None else {}
    back = {p: at_end[p] for p in fact.person_ids if p in at_end}
    return replace(before, members=with_head(back, fact.head, ()), ended=None)


def _status_after(before: Household, fact: HouseholdReinstated) -> PovertyStatus:
    former = before.ended.status if before.ended is not None else None
    return former if former is not None and fact.status is ReinstatedAs.FORMER_STATUS else PovertyStatus.CANDIDATE


def _household_surveyed(before: Household, fact: HouseholdSurveyed) -> Household:
    return replace(before, **HOUSEHOLD_SURVEY_FIELDS.filled_in(fact))


def _member_surveyed(before: Household, fact: MemberSurveyed) -> Household:
    if (member := before.members.get(fact.person_id)) is None:
        return before
    member = replace(member, **MEMBER_SURVEY_FIELDS.filled_in(fact))
    return replace(before, members={**before.members, fact.person_id: member})


def _income_surveyed(before: Household, fact: IncomeSurveyed) -> Household:
    net = fact.wages + fact.business + fact.property + fact.transfers - fact.business_costs
    income = Income(fact.period_from, fact.period_to, net, fact.residents)
    others = [i for i in before.incomes if i.period_from != fact.period_from]
    return replace(before, incomes=(*others, income))


def _conditions_surveyed(before: Household, fact: ConditionsSurveyed) -> Household:
    return replace(before, conditions=fact)


def _joined(before: Household, fact: MemberJoined) -> Household:
    return replace(before, members={**before.members, fact.member.person_id: fact.member})


def _left(before: Household, fact: MemberLeft | PersonsMerged) -> Household:
    return replace(before, members=_without(before.members, (fact.person_id,)))


def _died(before: Household, fact: MemberDied) -> Household:
    members = _without(before.members, (fact.person_id,))
    return replace(before, members=members, deceased=before.deceased | {fact.person_id})


def _split(before: Household, fact: HouseholdSplit) -> Household:
    return replace(before, members=_without(before.members, fact.person_ids))


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


def _moved(before: Household, fact: HouseholdMoved) -> Household:
    return replace(before, division=current_code(fact.to_division, before.successors))


def _transferred(before: Household, fact: HouseholdTransferred) -> Household:
    to = current_code(fact.to_division, before.successors)
    successors = {**before.successors, fact.from_division: fact.to_division} if fact.ended else before.successors
    here = to if before.division == fact.from_division else before.division
    return replace(before, division=here, successors=successors)


EVOLVE_BY_TYPE: Mapping[type[Fact], Callable[[Household, Any], Household]] = {
    HouseholdSurveyed: _household_surveyed,
    MemberSurveyed: _member_surveyed,
    IncomeSurveyed: _income_surveyed,
    ConditionsSurveyed: _conditions_surveyed,
    MemberJoined: _joined,
    MemberLeft: _left,
    PersonsMerged: _left,
    MemberDied: _died,
    HouseholdSplit: _split,
    HeadSucceeded: _succeeded,
    PersonCorrected: _identified,
    PersonDocumentRecorded: _identified,
    HouseholdMoved: _moved,
    HouseholdTransferred: _transferred,
}


def _by_person_id(members: Iterable[Member]) -> Members:
    return {m.person_id: m for m in members}


def _without(members: Members, removed: Iterable[UUID]) -> Members:
    excluded = set(removed)
    return {p: m for p, m in members.items() if p not in excluded}
