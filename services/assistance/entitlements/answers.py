"""Answers about entitlements. No personal field: a unit is an id."""

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.assistance.programmes import PayeeKind
from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.entitlements.due import DueLine
from services.assistance.programmes.answers import LineAnswer
from services.assistance.programmes.reasons import Reason
from services.chassis.ground.labels import LABELS


class OverpaidLineAnswer(BaseModel):
    component: str
    first: date
    last: date
    amount: Decimal


class ReviewAnswer(BaseModel):
    """What was due after it should have stopped."""

    lines: list[OverpaidLineAnswer]
    amount: Decimal


class BorneAnswer(BaseModel):
    """``level``: as the programme's document names it."""

    level: str
    amount: Decimal


class DueAnswer(BaseModel):
    """``occasion``: ``regular``, or the id of the fact by which more is due for the period; ``borne``: by which level how much, where
    several share it; ``gap``: yuan of the real cost that nobody covers, on record and no error of payment."""

    component: str
    first: date
    last: date
    occasion: str
    amount: Decimal
    payee: PayeeKind
    county: str
    cause: str
    borne: list[BorneAnswer]
    gap: Decimal

    @classmethod
    def of(cls, line: DueLine) -> Self:
        return cls(
            component=line.component, first=line.period.start, last=line.period.end, occasion=line.occasion,
            amount=line.amount, payee=line.payee, county=line.county, cause=line.cause, gap=line.gap,
            borne=[BorneAnswer(level=level, amount=yuan) for level, yuan in line.borne],
        )  # fmt: skip


class UnitAnswer(BaseModel):
    """``unit_no``: the number by which people know the unit; ``national_no``: of its household."""

    unit_id: UUID
    unit_no: str | None = None
    household_id: UUID
    national_no: str | None = None
    division: str
    stage: SchoolStage


class GrantedAmountAnswer(BaseModel):
    """``since``: first day of the rate."""

    component: str
    yuan: Decimal
    since: date


class EntitlementAnswer(UnitAnswer):
    """``case_id``: of the application; ``until``: first day without it; ``suspended_from``: since when it is suspended, where it is.
    ``due``: what has fallen due through today, by component, period and occasion."""

    case_id: UUID
    programme: str
    amounts: list[GrantedAmountAnswer]
    from_: date = Field(serialization_alias="from")
    until: date | None
    ending: str | None
    continued_after_exit_on: date | None
    suspended_from: date | None
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


class OpenComponentAnswer(LineAnswer):
    """A component that is for the unit, with its amount in words."""

    component: str


class EligibilityAnswer(UnitAnswer):
    """``amounts``: of the components that are for the unit. ``open_application`` and ``running_entitlement``: id of the case.
    ``to_apply``: eligible, and neither granted nor applied for. ``priority``: place of its group, from 0. ``status``: none of a unit
    outside of the register, whose ``household_id`` is its own id."""

    programme: str
    status: PovertyStatus | None
    as_of: date
    eligible: bool
    reasons: list[ReasonAnswer]
    priority: int
    amounts: list[OpenComponentAnswer]
    open_application: UUID | None
    running_entitlement: UUID | None
    to_apply: bool
