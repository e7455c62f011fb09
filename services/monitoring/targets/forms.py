"""Requests of the target API. Nothing in a target is personal."""

from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.monitoring.targets import (
    Basis,
    Direction,
    Owner,
    RateOf,
    TargetKind,
    TargetLine,
    TargetSet,
    TargetSetInCascade,
    YearAmount,
)
from contracts.quantities import Quantity, Unit
from services.casework.fact_forms import (
    Code,
    Day,
    Division,
    FactForm,
    Label,
    LongText,
    PositiveAmount,
    ProgressAmount,
    ShortText,
)
from services.chassis.web.application import Body
from services.chassis.web.form_errors import FormError


class BasisForm(Body):
    """A yearly rate without its base, or without what it is a share of, is refused: it says nothing. ``base``: in the unit of the
    line."""

    base: PositiveAmount
    base_year: int = Field(ge=1990, le=2100)
    rate_percent: Decimal = Field(gt=0, le=1000, max_digits=7, decimal_places=3, examples=["30"])
    rate_of: RateOf


class YearAmountForm(Body):
    """What is to be reached by the end of the year, in all."""

    year: int = Field(ge=1990, le=2100)
    amount: ProgressAmount


class LineForm(Body):
    """``direction``: at least, or at most; it is always said. A ceiling may be none at all. ``yearly``: year by year to that of the
    deadline."""

    amount: ProgressAmount
    unit: Unit
    place: LongText
    direction: Direction
    basis: BasisForm | None = None
    yearly: tuple[YearAmountForm, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _floor_is_something(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if not self.amount and self.direction is Direction.AT_LEAST:
            raise FormError("目标须至少填写一项大于零的数", "at least nothing is no target")
        return self


class OwnerForm(Body):
    """A post or an account. ``owner_note``: why the label is incomplete, where the source document says no more."""

    label: Label
    owner_note: LongText | None = None


class TargetForm(FactForm):
    """An item of a work list; ``exit`` takes one line of households and one of persons. ``part_of``: the target of a place above of
    which this is a part."""

    division: Division
    year: int = Field(ge=1990, le=2100)
    work_list: ShortText
    item: Code
    content: LongText
    content_en: LongText | None = None
    kind: TargetKind = TargetKind.REPORTED
    lines: tuple[LineForm, ...] = Field(default=(), max_length=40)
    deadline: Day
    owners: tuple[OwnerForm, ...] = Field(default=(), max_length=20)
    part_of: UUID | None = None

    def fact(self, target_id: UUID, by: str) -> TargetSet:
        return TargetSetInCascade(
            target_id=target_id, division=self.division, year=self.year, work_list=self.work_list, item=self.item,
            content=self.content, content_en=self.content_en, kind=self.kind, deadline=self.deadline,
            lines=tuple(
                TargetLine(
                    line=number, quantity=Quantity(amount=line.amount, unit=line.unit), place=line.place,
                    direction=line.direction,
                )
                for number, line in enumerate(self.lines, start=1)
            ),
            owners=tuple(Owner(label=o.label, owner_note=o.owner_note) for o in self.owners),
            bases=tuple(
                Basis(
                    line=number, base=line.basis.base, base_year=line.basis.base_year, rate=line.basis.rate_percent,
                    rate_of=line.basis.rate_of,
                )
                for number, line in enumerate(self.lines, start=1)
                if line.basis is not None
            ),
            part_of=self.part_of,
            yearly=tuple(
                YearAmount(line=number, year=each.year, amount=each.amount)
                for number, line in enumerate(self.lines, start=1)
                for each in line.yearly
            ),
            **self.common(by),
        )  # fmt: skip


class ProgressForm(FactForm):
    """How much of a line is done in all, not since the last report. ``correction``: why former reports were wrong."""

    line: int = Field(ge=1, le=40)
    amount: ProgressAmount
    unit: Unit
    correction: LongText | None = None


class MilestoneForm(FactForm):
    content: LongText
    due_on: Day


class WorkForm(FactForm):
    """A component of a project that does a line."""

    line: int = Field(ge=1, le=40)
    project_id: UUID
    component: int = Field(ge=1, le=200)


class WorkRemovalForm(WorkForm):
    reason: LongText


class AccountabilityForm(FactForm):
    """``measure``: how the owner was held to account."""

    owner: Label
    measure: LongText


class WithdrawalForm(FactForm):
    reason: LongText
