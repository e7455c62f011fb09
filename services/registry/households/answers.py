"""Response models of a household. Personal fields are masked; a disclosure opens them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.personal import Personal
from contracts.registry.codes import DocumentKind, LabourSkill, NoDocumentReason, PovertyCause, SchoolStage
from contracts.registry.households import Attribute
from contracts.registry.members import Member, Relation, Sex
from contracts.registry.monitoring import EliminationManner, MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.casework.code_lists.repository import CodeLists
from services.registry.households.monitoring_status import Monitoring
from services.registry.households.state import Household


class LabelAnswer(BaseModel):
    zh: str
    en: str


class MemberAnswer(BaseModel):
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
    disability_level: int | None
    labour_skill: LabourSkill

    @classmethod
    def of(cls, member: Member) -> Self:
        return cls(
            person_id=member.person_id, national_no=member.national_no, name=masked(member.name) or "",
            document_kind=member.document_kind, id_number=masked(member.id_number),
            no_document_reason=member.no_document_reason, sex=member.sex, birth_year=member.birth_year,
            relation=member.relation, school_stage=member.school_stage, boarder=member.boarder,
            disability_level=member.disability_level, labour_skill=member.labour_skill,
        )  # fmt: skip


class IncomeAnswer(BaseModel):
    period_from: date
    period_to: date
    net: Decimal
    residents: int
    per_head: Decimal


class ConditionsAnswer(BaseModel):
    """两不愁三保障 and drinking water as surveyed last; true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool


class MonitoringAnswer(BaseModel):
    """``kind``, ``risks``: codes of the document of kinds; ``started_on``: the day on which it was taken in last; ``since``: from
    which it has this status; ``manner``, ``early_reason``: of an elimination."""

    status: MonitoringStatus
    kind: str
    risks: tuple[str, ...]
    started_on: date
    since: date
    manner: EliminationManner | None
    early_reason: str | None

    @classmethod
    def of(cls, monitoring: Monitoring | None) -> Self | None:
        return None if monitoring is None else cls.model_validate(monitoring, from_attributes=True)


class HouseholdAnswer(BaseModel):
    """A household on ``as_of``, as it was known at ``known_at``; personal fields are masked. ``status`` is null for one
    none of whose facts stands: what was annulled is in its facts, and can be restored; ``monitoring`` for one that was never
    monitored."""

    household_id: UUID
    as_of: date
    known_at: datetime
    national_no: str | None
    division: str
    status: PovertyStatus | None
    attribute: Attribute
    main_cause: PovertyCause | None
    other_causes: tuple[PovertyCause, ...]
    address: str | None
    phone: str | None
    account: str | None
    arable_mu: Decimal | None
    forest_mu: Decimal | None
    housing_m2: Decimal | None
    members: list[MemberAnswer]
    incomes: list[IncomeAnswer]
    conditions: ConditionsAnswer | None
    monitoring: MonitoringAnswer | None
    labels: dict[str, dict[str, LabelAnswer]] = Field(description="代码表 → 代码 → 名称 / code list → code → label")

    @classmethod
    def of(cls, household_id: UUID, household: Household, as_of: date, known_at: datetime, lists: CodeLists) -> Self:
        """``lists``: in force on ``as_of``, as known then; they label the codes that occur."""
        labels = lists.labels(_codes_of(household)) if household.status is not None else {}
        return cls(
            labels={
                key: {code: LabelAnswer(zh=label.zh, en=label.en) for code, label in found.items()}
                for key, found in labels.items()
            },
            household_id=household_id,
            as_of=as_of,
            known_at=known_at,
            national_no=household.national_no,
            division=household.division,
            status=household.status,
            attribute=household.attribute,
            main_cause=household.main_cause,
            other_causes=household.other_causes,
            address=masked(household.address),
            phone=masked(household.phone),
            account=masked(household.account),
            members=[MemberAnswer.of(m) for m in household.members.values()],
            arable_mu=household.arable_mu,
            forest_mu=household.forest_mu,
            housing_m2=household.housing_m2,
            incomes=[
                IncomeAnswer.model_validate(i, from_attributes=True)
                for i in sorted(household.incomes, key=lambda i: i.period_from)
            ],
            conditions=household.conditions
            and ConditionsAnswer.model_validate(household.conditions, from_attributes=True),
            monitoring=MonitoringAnswer.of(household.monitoring),
        )


def _codes_of(household: Household) -> dict[str, frozenset[str]]:
    """Code list → the codes of it that occur."""
    members = household.members.values()
    causes = (*household.other_causes, *([household.main_cause] if household.main_cause is not None else []))
    return {
        "household_attribute": frozenset({household.attribute}),
        "poverty_cause": frozenset(causes),
        "sex": frozenset(m.sex for m in members),
        "document_kind": frozenset(m.document_kind for m in members),
        "no_document_reason": frozenset(m.no_document_reason for m in members if m.no_document_reason is not None),
        "relation": frozenset(m.relation for m in members),
        "school_stage": frozenset(m.school_stage for m in members),
        "labour_skill": frozenset(m.labour_skill for m in members),
        "disability_level": frozenset(str(m.disability_level) for m in members if m.disability_level is not None),
    }


def masked(value: Personal[str] | None) -> str | None:
    """The mask of a personal value, or that it was shredded."""
    return None if value is None else value.masked
