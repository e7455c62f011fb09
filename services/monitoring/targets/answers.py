"""Answers of the target API. Nothing in a target is personal."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.monitoring.targets import Basis, Direction, RateOf, TargetKind
from contracts.quantities import Unit
from services.casework.fact_forms import PlainDecimal
from services.monitoring.targets.queries import TargetReadModel
from services.monitoring.targets.state import Target, TargetState
from services.monitoring.targets.yearly_rates import by_year


class FigureProgress(BaseModel):
    """One figure of an exit target."""

    target: int
    done: int
    missing: int


class ExitProgress(BaseModel):
    """Computed from the register, in households and in persons; neither is derived from the other."""

    kind: Literal["exit"] = "exit"
    households: FigureProgress
    persons: FigureProgress


class YearOfPathAnswer(BaseModel):
    """What is to be reached by the end of the year at the rate that is set."""

    year: int
    amount: PlainDecimal


class BasisAnswer(BaseModel):
    """``beyond_rate``: by how much the target exceeds what the rate comes to in its last year; what does not fit is shown."""

    line: int
    base: PlainDecimal
    base_year: int
    rate_percent: PlainDecimal
    rate_of: RateOf
    by_year: list[YearOfPathAnswer]
    beyond_rate: PlainDecimal | None


class LineProgress(BaseModel):
    line: int
    place: str
    unit: Unit
    direction: Direction
    target: PlainDecimal
    done: PlainDecimal
    missing: PlainDecimal


class ReportedProgress(BaseModel):
    """Line by line, each in its own unit; lines are never added up."""

    kind: Literal["reported"] = "reported"
    lines: list[LineProgress]


class LineShortfall(BaseModel):
    line: int
    unit: Unit
    missing: PlainDecimal


class OverdueAnswer(BaseModel):
    """``missing``: the shortfall when the deadline passed, as known at ``positions`` (of an exit target)."""

    since: date
    missing: list[LineShortfall]
    positions: dict[str, int]


class MilestoneAnswer(BaseModel):
    milestone: int
    content: str
    planned_on: date
    due_on: date
    reached_on: date | None


class OwnerAnswer(BaseModel):
    label: str
    owner_note: str | None


class AccountabilityAnswer(BaseModel):
    owner: str
    measure: str
    on: date


class TargetAnswer(BaseModel):
    """``known_at``: null for all that is known now. ``positions``: of the logs that the figures were computed from.
    ``already_done``: a warning, targets under which the same work is done already."""

    target_id: UUID
    division: str
    year: int
    work_list: str
    item: str
    content: str
    content_en: str | None
    kind: TargetKind
    state: TargetState
    set_on: date
    deadline: date
    owners: list[OwnerAnswer]
    progress: Annotated[ExitProgress | ReportedProgress, Field(discriminator="kind")]
    milestones: list[MilestoneAnswer]
    overdue: OverdueAnswer | None
    closed_on: date | None
    already_done: list[UUID]
    bases: list[BasisAnswer]
    part_of: UUID | None
    accountability: list[AccountabilityAnswer]
    known_at: datetime | None
    positions: dict[str, int]

    @classmethod
    def of(cls, model: TargetReadModel) -> Self:
        target = model.target
        overdue = target.overdue
        return cls(
            **{name: getattr(target, name) for name in COPIED_FIELDS},
            state=model.state,
            owners=[OwnerAnswer(label=o.label, owner_note=o.owner_note) for o in target.owners],
            progress=progress_of(model),
            milestones=[MilestoneAnswer.model_validate(m, from_attributes=True) for m in target.milestones],
            overdue=overdue
            and OverdueAnswer(
                since=overdue.since,
                missing=[
                    LineShortfall(line=m.line, unit=m.missing.unit, missing=m.missing.amount) for m in overdue.missing
                ],
                positions={p.log: p.position for p in overdue.decided_from.logs} if overdue.decided_from else {},
            ),
            already_done=list(target.already_done),
            accountability=[
                AccountabilityAnswer.model_validate(each, from_attributes=True) for each in target.accountability
            ],
            bases=[_basis(target, basis) for basis in target.bases],
            known_at=model.known_at,
            positions=model.positions,
        )


COPIED_FIELDS = (
    "target_id", "division", "year", "work_list", "item", "content", "content_en", "kind", "set_on", "deadline",
    "closed_on", "part_of",
)  # fmt: skip


class AssignedItemAnswer(BaseModel):
    target_id: UUID
    item: str
    work_list: str
    deadline: date
    state: TargetState


class WorkloadAnswer(BaseModel):
    """What one owner answers for (M189)."""

    division: str
    owner: str
    duties: list[AssignedItemAnswer]


def progress_of(model: TargetReadModel) -> ExitProgress | ReportedProgress:
    target, missing = model.target, {m.line: m.missing.amount for m in model.target.missing(model.exits)}
    if target.kind is TargetKind.EXIT:
        wanted, done = target.figures(), model.exits
        return ExitProgress(
            households=_figure_progress(wanted.households, done.households),
            persons=_figure_progress(wanted.persons, done.persons),
        )
    return ReportedProgress(
        lines=[
            LineProgress(
                line=line.line, place=line.place, unit=line.quantity.unit, direction=line.direction,
                target=line.quantity.amount, done=done, missing=missing.get(line.line, Decimal(0)),
            )
            for line, done in zip(target.lines, target.reported, strict=True)
        ]
    )  # fmt: skip


def _basis(target: Target, basis: Basis) -> BasisAnswer:
    line = target.line(basis.line)
    assert line is not None
    years = list(by_year(basis, line.quantity.unit, target.deadline.year))
    return BasisAnswer(
        line=basis.line, base=basis.base, base_year=basis.base_year, rate_percent=basis.rate, rate_of=basis.rate_of,
        by_year=[YearOfPathAnswer(year=year, amount=amount) for year, amount in years],
        beyond_rate=line.quantity.amount - years[-1][1] if years else None,
    )  # fmt: skip


def _figure_progress(target: int, done: int) -> FigureProgress:
    return FigureProgress(target=target, done=done, missing=max(target - done, 0))
