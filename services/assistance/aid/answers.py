"""Answers about education aid. No personal field: a pupil is an id."""

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.programmes.reasons import Reason
from services.chassis.ground.labels import LABELS


class ReviewAnswer(BaseModel):
    """Aid that was due after it should have stopped. ``school_years``: by the year in which each begins."""

    school_years: list[int]
    amount: Decimal


class DueAnswer(BaseModel):
    school_year: int
    amount: Decimal


class PupilAnswer(BaseModel):
    """``national_no``: of the household; ``person_no``: of the pupil."""

    person_id: UUID
    person_no: str | None = None
    household_id: UUID
    national_no: str | None = None
    division: str
    stage: SchoolStage


class EntitlementAnswer(PupilAnswer):
    """``case_id``: of the application; ``until``: first day without aid. ``due``: yuan by school year, in full years,
    through today."""

    case_id: UUID
    amount_per_year: Decimal
    from_: date = Field(serialization_alias="from")
    until: date | None
    ending: str | None
    continued_after_exit_on: date | None
    due: list[DueAnswer]
    review: ReviewAnswer | None


class ReasonAnswer(BaseModel):
    code: Reason
    zh: str
    en: str

    @classmethod
    def of(cls, reason: Reason) -> Self:
        label = LABELS.code(reason)
        return cls(code=reason, zh=label.zh, en=label.en)


class EligibilityAnswer(PupilAnswer):
    """``amount_per_year``: the standard in yuan, before other grants where it is a ceiling. ``open_application`` and
    ``running_entitlement``: id of the case. ``to_apply``: eligible, and neither aided nor applied for."""

    status: PovertyStatus
    boarder: bool
    as_of: date
    eligible: bool
    reasons: list[ReasonAnswer]
    amount_per_year: Decimal | None
    is_ceiling: bool | None
    open_application: UUID | None
    running_entitlement: UUID | None
    to_apply: bool
