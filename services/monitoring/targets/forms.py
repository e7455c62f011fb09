"""The forms of the target API: what is typed in, and what is shown. Nothing personal stands in a target."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, PlainSerializer, StringConstraints

from contracts.facts import Decision
from contracts.monitoring.targets import Direction, Owner, TargetKind, TargetLine, TargetSet
from contracts.quantities import Quantity, Unit
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.monitoring.targets.queries import Standing
from services.monitoring.targets.state import TargetState

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z\u4e00-\u9fff（）()._-]{1,40}$", examples=["W1"])]
Label = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff（）()·、/@:_ .…?？*＊×□-]{0,79}$", examples=["R1"]
    ),
]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31), examples=["2016-12-31"])]
Wanted = Annotated[Decimal, Field(gt=0, le=Decimal("999999999999"), decimal_places=3, examples=["105"])]
Done = Annotated[Decimal, Field(ge=0, le=Decimal("999999999999"), decimal_places=3, examples=["97"])]
Division = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", examples=["990001101"])]

Shown = Annotated[Decimal, PlainSerializer(lambda d: f"{d.normalize():f}", return_type=str)]
"""An exact amount in plain notation without needless zeros."""


class DecisionForm(Body):
    """Who decided, as opposed to who types: organ, day, document number and the signing post."""

    organ: Line
    decided_on: Day
    document_no: Short
    signer: Line


class FactForm(Body):
    """What every form says: since when it is true, on whose decision, and on what paper."""

    effective_on: Day
    decision: DecisionForm | None = None
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def common(self, by: str) -> dict[str, Any]:
        """The common fields of the fact."""
        return {
            "effective_on": self.effective_on,
            "entered_by": by,
            "decision": self.decision and Decision(**self.decision.model_dump()),
            "evidence": papers(self.evidence),
        }


class LineForm(Body):
    amount: Wanted
    unit: Unit
    place: Line
    direction: Direction = Direction.AT_LEAST


class OwnerForm(Body):
    """A post or an account. ``owner_note``: why the label is not whole, where the paper says no more."""

    label: Label
    owner_note: Line | None = None


class TargetForm(FactForm):
    """An item of a work list; ``exit`` takes one line of households and one of persons."""

    division: Division
    year: int = Field(ge=1990, le=2100)
    work_list: Short
    item: Code
    content: Line
    content_en: Line | None = None
    kind: TargetKind = TargetKind.REPORTED
    lines: tuple[LineForm, ...] = Field(default=(), max_length=40)
    deadline: Day
    owners: tuple[OwnerForm, ...] = Field(default=(), max_length=20)

    def fact(self, target_id: UUID, by: str) -> TargetSet:
        return TargetSet(
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
            **self.common(by),
        )  # fmt: skip


class ProgressForm(FactForm):
    """What is done of a line in all, not since the last report. ``correction``: why former reports were wrong."""

    line: int = Field(ge=1, le=40)
    amount: Done
    unit: Unit
    correction: Line | None = None


class MilestoneForm(FactForm):
    content: Line
    due_on: Day


class WithdrawalForm(FactForm):
    reason: Line


class Share(BaseModel):
    """Of one figure: what was set, what is done, what lacks."""

    target: int
    done: int
    missing: int


class ExitProgress(BaseModel):
    """Computed from the register, in households and in persons; neither is derived from the other."""

    kind: Literal["exit"] = "exit"
    households: Share
    persons: Share


class LineProgress(BaseModel):
    line: int
    place: str
    unit: Unit
    direction: Direction
    target: Shown
    done: Shown
    missing: Shown


class ReportedProgress(BaseModel):
    """Line by line, each in its own unit; lines are never added up."""

    kind: Literal["reported"] = "reported"
    lines: list[LineProgress]


class LineShortfall(BaseModel):
    line: int
    unit: Unit
    missing: Shown


class OverdueAnswer(BaseModel):
    """``missing``: what lacked when the deadline passed, as known at ``positions`` (of an exit target)."""

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


class TargetAnswer(BaseModel):
    """``known_at``: null for all that is known now. ``positions``: the logs' positions that the figures rest on.
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
    known_at: datetime | None
    positions: dict[str, int]

    @classmethod
    def of(cls, standing: Standing) -> Self:
        target = standing.target
        late = target.overdue
        return cls(
            **{name: getattr(target, name) for name in PLAIN},
            state=standing.state,
            owners=[OwnerAnswer(label=o.label, owner_note=o.owner_note) for o in target.owners],
            progress=progress(standing),
            milestones=[MilestoneAnswer.model_validate(m, from_attributes=True) for m in target.milestones],
            overdue=late
            and OverdueAnswer(
                since=late.since,
                missing=[
                    LineShortfall(line=m.line, unit=m.missing.unit, missing=m.missing.amount) for m in late.missing
                ],
                positions={p.log: p.position for p in late.decided_from.logs} if late.decided_from else {},
            ),
            already_done=list(target.already_done),
            known_at=standing.known_at,
            positions=standing.positions,
        )


PLAIN = (
    "target_id", "division", "year", "work_list", "item", "content", "content_en", "kind", "set_on", "deadline",
    "closed_on",
)  # fmt: skip


class DutyAnswer(BaseModel):
    target_id: UUID
    item: str
    work_list: str
    deadline: date
    state: TargetState


class LoadAnswer(BaseModel):
    """What one owner answers for (M189)."""

    division: str
    owner: str
    duties: list[DutyAnswer]


def progress(standing: Standing) -> ExitProgress | ReportedProgress:
    target, lacking = standing.target, {m.line: m.missing.amount for m in standing.target.missing(standing.exited)}
    if target.kind is TargetKind.EXIT:
        wanted, done = target.figures(), standing.exited
        return ExitProgress(
            households=_share(wanted.households, done.households), persons=_share(wanted.persons, done.persons)
        )
    return ReportedProgress(
        lines=[
            LineProgress(
                line=line.line, place=line.place, unit=line.quantity.unit, direction=line.direction,
                target=line.quantity.amount, done=done, missing=lacking.get(line.line, Decimal(0)),
            )
            for line, done in zip(target.lines, target.reported, strict=True)
        ]
    )  # fmt: skip


def _share(target: int, done: int) -> Share:
    return Share(target=target, done=done, missing=max(target - done, 0))
