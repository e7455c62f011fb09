"""Requests of the target API. Nothing in a target is personal."""

from decimal import Decimal
from uuid import UUID

from pydantic import Field

from contracts.monitoring.targets import (
    Basis,
    Direction,
    Owner,
    RateOf,
    TargetKind,
    TargetLine,
    TargetSet,
    TargetSetOnBasis,
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


class BasisForm(Body):
    """A yearly rate without its base, or without what it is a share of, is refused: it says nothing. ``base``: in the unit of the
    line."""

    base: PositiveAmount
    base_year: int = Field(ge=1990, le=2100)
    rate_percent: Decimal = Field(gt=0, le=1000, max_digits=7, decimal_places=3, examples=["30"])
    rate_of: RateOf


class LineForm(Body):
    amount: PositiveAmount
    unit: Unit
    place: LongText
    direction: Direction = Direction.AT_LEAST
    basis: BasisForm | None = None


class OwnerForm(Body):
    """A post or an account. ``owner_note``: why the label is incomplete, where the source document says no more."""

    label: Label
    owner_note: LongText | None = None


class TargetForm(FactForm):
    """An item of a work list; ``exit`` takes one line of households and one of persons."""

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

    def fact(self, target_id: UUID, by: str) -> TargetSet:
        return TargetSetOnBasis(
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


class WithdrawalForm(FactForm):
    reason: LongText
