"""Answers about a target's parts, its path and pace, and the projects that do its lines. Nothing in them is personal."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from contracts.monitoring.targets import Direction, TargetLine
from contracts.quantities import Unit
from services.casework.fact_forms import PlainDecimal
from services.casework.ledgers.money import yuan_of
from services.monitoring.projects.state import ProjectStage
from services.monitoring.targets.cascade_queries import Position, WorkingProject, YearEnd
from services.monitoring.targets.forecasts import FORMULA, Forecast, forecast

SOURCE = "Lika: linear pace; no rule rests on it"


class PartAnswer(BaseModel):
    """A part; without an id it is the remainder, which no part has: below zero where parts come to more than the whole."""

    target_id: UUID | None
    division: str | None
    amount: PlainDecimal
    done: PlainDecimal


class CascadeLineAnswer(BaseModel):
    """``parts`` with the remainder as the last row add up to ``amount`` and ``done`` of the whole."""

    line: int
    unit: Unit
    direction: Direction
    amount: PlainDecimal
    done: PlainDecimal
    parts: list[PartAnswer]


class CascadeAnswer(BaseModel):
    target_id: UUID
    division: str
    part_of: UUID | None
    lines: list[CascadeLineAnswer]
    as_of: date
    known_at: datetime | None

    @classmethod
    def of(cls, whole: Position, parts: Sequence[Position], as_of: date, known_at: datetime | None) -> Self:
        target = whole.target
        lines = [_cascade_line(n, line, whole, parts) for n, line in enumerate(target.lines)]
        return cls(
            target_id=target.target_id, division=target.division, part_of=target.part_of, lines=lines, as_of=as_of,
            known_at=known_at,
        )  # fmt: skip


class ForecastLineAnswer(BaseModel):
    """``at_deadline``: ``None`` on the first day, and of shares and ceilings, which have no pace; ``missing_then``: what would lack."""

    line: int
    unit: Unit
    amount: PlainDecimal
    since: date
    start: PlainDecimal
    done: PlainDecimal
    at_deadline: PlainDecimal | None
    missing_then: PlainDecimal | None
    reached_on: date | None

    @classmethod
    def of(cls, line: TargetLine, found: Forecast) -> Self:
        at = found.at_deadline
        return cls(
            line=line.line, unit=line.quantity.unit, amount=line.quantity.amount, since=found.since, start=found.start,
            done=found.done, at_deadline=at,
            missing_then=None if at is None else max(line.quantity.amount - at, Decimal(0)), reached_on=found.reached_on,
        )  # fmt: skip


class YearEndAnswer(BaseModel):
    """``done``: in all by the end of the year, ``None`` while it runs; ``short``: what was missing then, or beyond the ceiling."""

    line: int
    year: int
    planned: PlainDecimal
    done: PlainDecimal | None
    short: PlainDecimal | None

    @classmethod
    def of(cls, end: YearEnd) -> Self:
        return cls(line=end.line, year=end.year, planned=end.planned, done=end.done, short=end.short)


class ForecastAnswer(BaseModel):
    target_id: UUID
    deadline: date
    formula: str = FORMULA
    formula_source: str = SOURCE
    lines: list[ForecastLineAnswer]
    years: list[YearEndAnswer]
    as_of: date
    known_at: datetime | None

    @classmethod
    def of(cls, position: Position, ends: Sequence[YearEnd], as_of: date, known_at: datetime | None) -> Self:
        target = position.target
        lines = [
            ForecastLineAnswer.of(line, forecast(target, line, done, as_of))
            for line, done in zip(target.lines, position.done, strict=True)
        ]
        return cls(
            target_id=target.target_id, deadline=target.deadline, lines=lines,
            years=[YearEndAnswer.of(end) for end in ends], as_of=as_of, known_at=known_at,
        )  # fmt: skip


class TargetComponentAnswer(BaseModel):
    line: int
    component: int
    content: str
    amount: PlainDecimal | None
    unit: Unit | None
    done: PlainDecimal


class CitedActAnswer(BaseModel):
    """An act of a project that cites evidence, and of which kinds."""

    id: str
    type: str
    effective_on: date
    evidence_kinds: list[str]


class TargetProjectAnswer(BaseModel):
    """A project that does lines of the target. ``allocated`` and ``spent``: yuan, of all funds."""

    project_id: UUID
    title: str
    stage: ProjectStage
    accepted_on: date | None
    cost: PlainDecimal
    allocated: PlainDecimal
    spent: PlainDecimal
    components: list[TargetComponentAnswer]
    cited: list[CitedActAnswer]


class TargetProjectsAnswer(BaseModel):
    target_id: UUID
    projects: list[TargetProjectAnswer]
    as_of: date
    known_at: datetime | None

    @classmethod
    def of(cls, position: Position, found: Sequence[WorkingProject], as_of: date, known_at: datetime | None) -> Self:
        return cls(
            target_id=position.target.target_id, projects=[_project(position, each) for each in found], as_of=as_of,
            known_at=known_at,
        )  # fmt: skip


def _cascade_line(at: int, line: TargetLine, whole: Position, parts: Sequence[Position]) -> CascadeLineAnswer:
    amount, done = line.quantity.amount, whole.done[at]
    rows = [
        PartAnswer(
            target_id=p.target.target_id, division=p.target.division, amount=p.target.lines[at].quantity.amount,
            done=p.done[at],
        )
        for p in parts
    ]  # fmt: skip
    rest = PartAnswer(
        target_id=None, division=None, amount=amount - sum((r.amount for r in rows), Decimal(0)),
        done=done - sum((r.done for r in rows), Decimal(0)),
    )  # fmt: skip
    return CascadeLineAnswer(
        line=line.line, unit=line.quantity.unit, direction=line.direction, amount=amount, done=done, parts=[*rows, rest]
    )


def _project(position: Position, working: WorkingProject) -> TargetProjectAnswer:
    project = working.project
    components = []
    for work in sorted(position.target.works, key=lambda w: (w.line, w.component)):
        component = project.component(work.component)
        if work.project_id != project.project_id or component is None:
            continue
        quantity = component.quantity
        components.append(
            TargetComponentAnswer(
                line=work.line, component=work.component, content=component.content, amount=quantity and quantity.amount,
                unit=quantity and quantity.unit, done=project.done.get(work.component, Decimal(0)),
            )
        )  # fmt: skip
    cited = [
        CitedActAnswer(
            id=r.id, type=r.fact.type_name, effective_on=r.fact.effective_on,
            evidence_kinds=sorted({e.kind for e in r.fact.evidence}),
        )
        for r in working.on_paper
    ]  # fmt: skip
    return TargetProjectAnswer(
        project_id=project.project_id, title=project.title, stage=project.stage, accepted_on=project.accepted_on,
        cost=project.cost, allocated=yuan_of(working.given), spent=yuan_of(working.paid), components=components, cited=cited,
    )  # fmt: skip
