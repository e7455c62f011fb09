"""Facts about a household: who lives there, how they live, and its poverty status. Stream ``household-<uuid>``.

``rank``: the order of the facts of one day, whatever the order of entering them. A household is recorded or formed, people
join, it moves, a visit finds out, an office decides (identified, exited, returned, removed), a new head succeeds, a part
splits off, people leave and die, and the household ends. So who is born on the day of a decision is counted by it, who
leaves on that day is counted still, and a household that splits off inherits what was decided on the day.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.facts import HouseholdFact, published
from contracts.personal import Personal
from contracts.quantities import Amount, Yuan
from contracts.registry.codes import DocumentKind, LabourSkill, NoDocumentReason, PovertyCause, SchoolStage
from contracts.registry.reasons import JoinReason, LeaveReason


class Attribute(StrEnum):
    """户属性: the categories partition the registered households (M004)."""

    GENERAL_POOR = "general_poor"
    LOW_INCOME_SECURITY = "low_income_security"
    FIVE_GUARANTEES = "five_guarantees"
    LOW_INCOME_SECURITY_POOR = "low_income_security_poor"
    LOW_INCOME_FARMER = "low_income_farmer"


class Standard(StrEnum):
    """识别标准."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Relation(StrEnum):
    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    CHILD_IN_LAW = "child_in_law"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One person of a household; personal fields are sealed under the person, not the household. ``id_number``: of the document
    of this kind; not known where it is left out, unless the kind is none, which has a reason."""

    sealed_under: ClassVar[str] = "person_id"

    person_id: UUID
    national_no: str | None = None
    name: Personal[str]
    document_kind: DocumentKind = DocumentKind.RESIDENT_ID
    id_number: Personal[str] | None = None
    no_document_reason: NoDocumentReason | None = None
    sex: Sex
    birth_year: int
    relation: Relation
    school_stage: SchoolStage = SchoolStage.NONE
    boarder: bool = False
    school: Personal[str] | None = None
    health: Personal[str] | None = None
    disability_level: int | None = None
    labour_skill: LabourSkill = LabourSkill.NONE
    phone: Personal[str] | None = None


@published("HouseholdRecorded", rank=10)
class HouseholdRecorded(HouseholdFact, frozen=True, kw_only=True):
    """A household was taken down with its members; from here on it is a candidate (no poverty status yet)."""

    national_no: str | None = None
    division: str
    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    account: Personal[str] | None = None
    attribute: Attribute = Attribute.GENERAL_POOR
    main_cause: PovertyCause | None = None
    other_causes: tuple[PovertyCause, ...] = ()
    arable_mu: Amount | None = None
    forest_mu: Amount | None = None
    housing_m2: Amount | None = None
    members: tuple[Member, ...]


@published("HouseholdSurveyed", rank=40)
class HouseholdSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """What a visit found out about the household. ``None`` means "not asked": the former value stands."""

    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    account: Personal[str] | None = None
    attribute: Attribute | None = None
    main_cause: PovertyCause | None = None
    other_causes: tuple[PovertyCause, ...] | None = None
    arable_mu: Amount | None = None
    forest_mu: Amount | None = None
    housing_m2: Amount | None = None


@published("MemberSurveyed", rank=40)
class MemberSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """What a visit found out about a member. ``None`` means "not asked"."""

    sealed_under: ClassVar[str] = "person_id"

    person_id: UUID
    school_stage: SchoolStage | None = None
    boarder: bool | None = None
    school: Personal[str] | None = None
    health: Personal[str] | None = None
    disability_level: int | None = None
    labour_skill: LabourSkill | None = None
    phone: Personal[str] | None = None


@published("IncomeSurveyed", rank=40)
class IncomeSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """Income of one period. Net = wages + business + property + transfers - business costs, per head of residents."""

    period_from: date
    period_to: date
    wages: Yuan
    business: Yuan
    property: Yuan
    transfers: Yuan
    business_costs: Yuan
    residents: int


@published("ConditionsSurveyed", rank=40)
class ConditionsSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """两不愁三保障 and safe drinking water (M010): true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool


@published("MemberJoined", rank=20)
class MemberJoined(HouseholdFact, frozen=True, kw_only=True):
    """``merged_from``: the household that ended by a merge with this one."""

    member: Member
    reason: JoinReason
    merged_from: UUID | None = None


@published("MemberLeft", rank=80)
class MemberLeft(HouseholdFact, frozen=True, kw_only=True):
    person_id: UUID
    reason: LeaveReason


@published("MemberDied", rank=81)
class MemberDied(HouseholdFact, frozen=True, kw_only=True):
    person_id: UUID


class RelationToHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    person_id: UUID
    relation: Relation


@published("HeadSucceeded", rank=60)
class HeadSucceeded(HouseholdFact, frozen=True, kw_only=True):
    """Another member became head of household. ``relations``: of others to the new head, where they do not follow from what
    they and the new head were to the former one."""

    person_id: UUID
    relations: tuple[RelationToHead, ...] = ()


class PovertyStatus(StrEnum):
    CANDIDATE = "candidate"
    REGISTERED = "registered"
    EXITED = "exited"
    RETURNED = "returned"
    REMOVED = "removed"
    CANCELLED = "cancelled"


STOCK = frozenset({PovertyStatus.REGISTERED, PovertyStatus.RETURNED})
"""Registered and not exited: what every published stock counts."""


class SplitReason(StrEnum):
    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    OTHER = "other"


@published("HouseholdSplit", rank=70)
class HouseholdSplit(HouseholdFact, frozen=True, kw_only=True):
    """Members left to form a household of their own; the other half is ``HouseholdFormed`` in the new stream."""

    begets: ClassVar[str] = "new_household_id"

    new_household_id: UUID
    person_ids: tuple[UUID, ...]
    reason: SplitReason | None = None


@published("HouseholdFormed", rank=11)
class HouseholdFormed(HouseholdFact, frozen=True, kw_only=True):
    """The new household of a split. It starts as what its parent was just before the split, as known then: village,
    poverty status, attribute, causes, and the persons who came along; nothing of that is copied here, and what happens to
    the parent afterwards never touches it. ``head``: who of them is head; ``relations`` as in ``HeadSucceeded``."""

    descends_from: ClassVar[str] = "split_from"

    split_from: UUID
    national_no: str | None = None
    person_ids: tuple[UUID, ...]
    head: UUID
    relations: tuple[RelationToHead, ...] = ()


@published("HouseholdMoved", rank=30)
class HouseholdMoved(HouseholdFact, frozen=True, kw_only=True):
    """``from_division``: where it lived as the paper says. Moves of earlier days may be entered, or annulled, later: from
    where it really moved is where the facts before lead, and where that is ``to_division`` it did not."""

    from_division: str
    to_division: str


@published("HouseholdEnrolled", rank=50)
class HouseholdEnrolled(HouseholdFact, frozen=True, kw_only=True):
    """Identified and registered as poor (M001, M002)."""

    standard: Standard
    case_id: UUID | None = None


@published("HouseholdExited", rank=51)
class HouseholdExited(HouseholdFact, frozen=True, kw_only=True):
    """Left poverty (M005). ``enjoys_policies``: still entitled under the grace rules."""

    enjoys_policies: bool
    case_id: UUID | None = None


@published("HouseholdReturned", rank=52)
class HouseholdReturned(HouseholdFact, frozen=True, kw_only=True):
    """Fell back and was taken in again by the regular procedure (M007); ``former_exit`` is the exit it undoes."""

    cause: PovertyCause
    former_exit: str
    case_id: UUID | None = None


@published("HouseholdRemoved", rank=53)
class HouseholdRemoved(HouseholdFact, frozen=True, kw_only=True):
    """A re-verification found it never qualified (M003); not an exit (source facts §5 rule 7). Effective from the wrongful
    entry, it annuls the household's exits, returns and removals since."""

    reason: str
    case_id: UUID | None = None


@published("FactsAnnulled", rank=99)
class FactsAnnulled(HouseholdFact, frozen=True, kw_only=True):
    """A correction: the acts named were wrong, and their facts in this household (``annuls``) are void; nothing is
    rewritten. An act is all that one command recorded, in whatever households; it is annulled, and restored, as one.
    ``reason`` stands in the household at which it was annulled. Where a removal reaches back to before a split, it is the
    cause, no act is named, and what was decided since about who split off is void. ``case_id``: of the correction (更正) that
    decided it, which alone annuls what a procedure decided."""

    acts: tuple[UUID, ...] = ()
    reason: Personal[str] | None = None
    case_id: UUID | None = None
