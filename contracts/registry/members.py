"""Facts about the members of a household: who they are, how they live, how they come and go. Stream ``household-<uuid>``; what
``rank`` says stands in ``households``."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.facts import HouseholdFact, published
from contracts.personal import Personal
from contracts.registry.codes import (
    AssistanceTrack,
    Contribution,
    DocumentKind,
    EducationLevel,
    LabourSkill,
    NoDocumentReason,
    SchoolStage,
    SocialAssistance,
    SocialInsurance,
    WorkPlace,
)
from contracts.registry.reasons import JoinReason, LeaveReason


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
    of this kind; not known where it is left out, unless the kind is none, which has a reason. Sealed are codes, too: ``nation``,
    ``political_status``, ``health``, ``disability_category`` and ``military_service``, by the enumerations of those names.
    ``disability_card``: its 20 or 22 characters. ``work_months``: in the year of the visit. ``hukou_here``: registered in this
    village (户籍), else at ``hukou_address``; ``lives_here``: usually (常住). None: not known. ``labour_skill``: left out where nobody
    asked, which is not ``none``."""

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
    labour_skill: LabourSkill | msgspec.UnsetType = msgspec.UNSET
    phone: Personal[str] | None = None
    nation: Personal[str] | None = None
    education_level: EducationLevel | None = None
    political_status: Personal[str] | None = None
    disability_category: Personal[str] | None = None
    disability_card: Personal[str] | None = None
    assistance_track: AssistanceTrack | None = None
    work_place: WorkPlace | None = None
    work_months: int | None = None
    medical_insurance: SocialInsurance | None = None
    medical_contribution: Contribution | None = None
    serious_illness_insurance: bool | None = None
    pension_insurance: SocialInsurance | None = None
    pension_contribution: Contribution | None = None
    social_assistance: SocialAssistance | None = None
    military_service: Personal[str] | None = None
    hukou_here: bool | None = None
    hukou_address: Personal[str] | None = None
    lives_here: bool | None = None


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
    nation: Personal[str] | None = None
    education_level: EducationLevel | None = None
    political_status: Personal[str] | None = None
    disability_category: Personal[str] | None = None
    disability_card: Personal[str] | None = None
    assistance_track: AssistanceTrack | None = None
    work_place: WorkPlace | None = None
    work_months: int | None = None
    medical_insurance: SocialInsurance | None = None
    medical_contribution: Contribution | None = None
    serious_illness_insurance: bool | None = None
    pension_insurance: SocialInsurance | None = None
    pension_contribution: Contribution | None = None
    social_assistance: SocialAssistance | None = None
    military_service: Personal[str] | None = None
    hukou_here: bool | None = None
    hukou_address: Personal[str] | None = None
    lives_here: bool | None = None


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
