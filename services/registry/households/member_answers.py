"""The response model of a member. Personal fields are masked; a disclosure opens them."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Self
from uuid import UUID

from msgspec import UNSET
from pydantic import BaseModel, Field

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
from contracts.registry.enrolments import EnrolmentEnd, SchoolTerm
from contracts.registry.members import Member, Relation, Sex


class SchoolingAnswer(BaseModel):
    """What the department of education says: the enrolment that runs, or ran last. ``school_code`` and ``school_name``: of the school
    that the pupil is at, which may have taken over the one they were enrolled at; ``dropped_out``: enrolled, and no longer coming;
    ``school_year``, ``term``, ``missed_days``: as counted last; ``ended_on``: the first day on which the enrolment ran no more."""

    enrolment_id: UUID
    school_code: str
    school_name: str | None
    stage: SchoolStage
    since: date
    boarding: bool
    grade: int | None
    class_no: int | None
    dropped_out: bool
    school_year: int | None
    term: SchoolTerm | None
    missed_days: int | None
    ended_on: date | None
    ended_because: EnrolmentEnd | None


SchoolingOf = Callable[[Collection[UUID], date, datetime], Mapping[UUID, SchoolingAnswer]]
"""Persons, a day and an instant → what education says of them on that day, as known then. Blocking."""


class MemberAnswer(BaseModel):
    """Sealed are names, numbers, phone and addresses, health and kind of disability, nation, political status and military service:
    the mask says that there is a value."""

    person_id: UUID
    national_no: str | None
    name: str
    document_kind: DocumentKind
    id_number: str | None
    no_document_reason: NoDocumentReason | None
    sex: Sex
    birth_year: int
    relation: Relation
    school_stage: SchoolStage
    boarder: bool
    school: str | None
    health: str | None
    disability_level: int | None
    disability_category: str | None
    disability_card: str | None
    labour_skill: LabourSkill | None
    phone: str | None
    nation: str | None
    education_level: EducationLevel | None
    political_status: str | None
    assistance_track: AssistanceTrack | None
    work_place: WorkPlace | None
    work_months: int | None
    medical_insurance: SocialInsurance | None
    medical_contribution: Contribution | None
    serious_illness_insurance: bool | None
    pension_insurance: SocialInsurance | None
    pension_contribution: Contribution | None
    social_assistance: SocialAssistance | None
    military_service: str | None
    hukou_here: bool | None
    hukou_address: str | None
    lives_here: bool | None
    lives_in_common: bool = Field(description="共同生活，在外务工的也算 / lives in common, also while working away")

    @classmethod
    def of(cls, member: Member, *, in_common: bool, **more: SchoolingAnswer | None) -> Self:
        """``more``: fields that are not the member's own."""
        given = {"lives_in_common": in_common, **more}
        said = {name: getattr(member, name) for name in cls.model_fields if name not in given}
        said["labour_skill"] = member.labour_skill or None
        shown = {name: masked(value) if isinstance(value, Personal) else value for name, value in said.items()}
        return cls(**shown, **given)


class MemberWithSchoolingAnswer(MemberAnswer):
    """``schooling``: what education says on that day; null where it said nothing. ``school_stage``, ``boarder`` and ``school`` are what the
    household said."""

    schooling: SchoolingAnswer | None


CODED = {
    "sex": "sex", "document_kind": "document_kind", "no_document_reason": "no_document_reason", "relation": "relation",
    "school_stage": "school_stage", "labour_skill": "labour_skill", "disability_level": "disability_level",
    "education_level": "education", "assistance_track": "assistance_track", "work_place": "work_place",
    "medical_insurance": "social_insurance", "pension_insurance": "social_insurance",
    "medical_contribution": "contribution", "pension_contribution": "contribution", "social_assistance": "social_assistance",
}  # fmt: skip
"""Field of an answer → the code list that labels it."""


def member_codes(members: Collection[Member]) -> dict[str, frozenset[str]]:
    """Code list → the codes of it that occur."""
    found: dict[str, frozenset[str]] = {}
    for field, key in CODED.items():
        codes = frozenset(str(code) for member in members if (code := getattr(member, field)) not in (None, UNSET))
        found[key] = found.get(key, frozenset()) | codes
    return found


def masked(value: Personal[str] | None) -> str | None:
    """The mask of a personal value, or that it was shredded."""
    return None if value is None else value.masked
