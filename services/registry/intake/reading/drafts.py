"""What the rows of a workbook say when they have no error.

Personal values are ``Personal`` and never print themselves. ``None`` means a blank cell: "unchanged".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.facts import Decision
from contracts.personal import Personal
from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.common_residence import ResidenceReason
from contracts.registry.members import Relation, Sex
from contracts.registry.surveys import IncomePeriod
from services.casework.workbooks.values import PartialDate
from services.registry.households.identity_documents import IdentityDocument
from services.registry.intake.codes import StatusEvent


@dataclass(frozen=True, slots=True)
class IncomeDraft:
    """Yuan in one period, of the household as a whole. ``year``: of a statistical year; none of the twelve months before the
    survey, or before ``surveyed`` where the income was asked on another day."""

    period: IncomePeriod
    year: int | None
    wages: Decimal
    business: Decimal
    property: Decimal
    transfers: Decimal
    business_costs: Decimal
    insurance_payouts: Decimal | None
    compliant_spending: Decimal | None
    surveyed: date | None = None


@dataclass(frozen=True, slots=True)
class ConditionsDraft:
    """两不愁三保障 and safe drinking water (M010): true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """``national_no`` is blank for a person who is not on the register yet; then ``document`` is given.

    ``sex`` and ``birth_year`` come from the citizen's number where the document has it. ``profile``: field of a fact → what the row
    says of it, where it is not blank; a ``disability_level`` of 0 says "none".
    """

    row: int
    national_no: str | None
    name: Personal[str]
    sex: Sex | None
    birth_year: int | None
    document: IdentityDocument | None
    relation: Relation
    school_stage: SchoolStage | None
    boarder: bool | None
    labour_skill: LabourSkill | None
    phone: Personal[str] | None
    profile: Mapping[str, Any]
    lives_in_common: bool | None
    residence_reason: ResidenceReason | None


@dataclass(frozen=True, slots=True)
class HistoryDraft:
    """A status event that the old system recorded. ``source_recorded_on`` is asserted, never proved."""

    row: int
    event: StatusEvent
    effective: PartialDate
    source_recorded_on: date | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """A household free of errors, with its members in the order of the sheet and its history by effective day. ``details``: what is not
    blank of ``HouseholdDetails``."""

    row: int
    national_no: str
    division: str
    surveyed: PartialDate
    address: Personal[str] | None
    phone: Personal[str] | None
    account: Personal[str] | None
    details: Mapping[str, Any]
    income: IncomeDraft | None
    conditions: ConditionsDraft | None
    members: tuple[MemberDraft, ...]
    history: tuple[HistoryDraft, ...]
