"""A target's state, folded from its timeline. The exits that an exit target counts are no part of it: they are passed in
as figures."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom, Recorded
from contracts.monitoring.targets import (
    AccountabilityRaised,
    Basis,
    Direction,
    MilestonePlanned,
    MilestoneReached,
    Owner,
    ProgressReported,
    Shortfall,
    TargetKind,
    TargetLine,
    TargetOverdue,
    TargetSet,
    TargetStruckOff,
    TargetWithdrawn,
    TargetWorkNamed,
    TargetWorkRemoved,
    YearAmount,
)
from contracts.quantities import Figures, Quantity, Unit

NO_FIGURES = Figures()


class TargetState(StrEnum):
    """``met``: every quantity is met, in time or late, and the item is not struck off yet."""

    OPEN = "open"
    MET = "met"
    OVERDUE = "overdue"
    STRUCK_OFF = "struck_off"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Milestone:
    milestone: int
    content: str
    planned_on: date
    due_on: date
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """``missing``: the shortfall when the deadline passed, not the current one."""

    since: date
    missing: tuple[Shortfall, ...]
    decided_from: DecidedFrom | None


@dataclass(frozen=True, slots=True)
class Accountability:
    """An owner was held to account for what was overdue."""

    owner: str
    measure: str
    on: date


@dataclass(frozen=True, slots=True)
class Work:
    """A component of a project that does a line."""

    line: int
    project_id: UUID
    component: int


@dataclass(frozen=True, slots=True)
class Target:
    """``reported``: what is reported done, line by line. ``told``: lines of which anything was;
    ``closed``: struck off or withdrawn."""

    target_id: UUID
    division: str
    year: int
    work_list: str
    item: str
    content: str
    content_en: str | None
    kind: TargetKind
    lines: tuple[TargetLine, ...]
    deadline: date
    owners: tuple[Owner, ...]
    already_done: tuple[UUID, ...]
    set_on: date
    reported: tuple[Decimal, ...]
    bases: tuple[Basis, ...] = ()
    part_of: UUID | None = None
    yearly: tuple[YearAmount, ...] = ()
    works: tuple[Work, ...] = ()
    accountability: tuple[Accountability, ...] = ()
    told: tuple[int, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    overdue: Overdue | None = None
    closed: TargetState | None = None
    closed_on: date | None = None

    @classmethod
    def from_fact(cls, fact: TargetSet) -> Self:
        """The target on the day it is set: nothing is done yet."""
        copied = {f.name: getattr(fact, f.name) for f in fields(cls) if f.name in fact.__struct_fields__}
        return cls(**copied, set_on=fact.effective_on, reported=(Decimal(0),) * len(fact.lines))

    def line(self, number: int) -> TargetLine | None:
        return next((each for each in self.lines if each.line == number), None)

    @property
    def is_typed(self) -> bool:
        """Whether people report what is done of any line."""
        return self.kind is TargetKind.REPORTED and any(not self.works_of(line.line) for line in self.lines)

    def works_of(self, number: int) -> tuple[Work, ...]:
        return tuple(work for work in self.works if work.line == number)

    def figures(self) -> Figures:
        """The households and persons of an exit target."""
        wanted = {line.quantity.unit: int(line.quantity.amount) for line in self.lines}
        return Figures(wanted[Unit.HOUSEHOLD], wanted[Unit.PERSON])

    def done(self, exits: Figures = NO_FIGURES) -> tuple[Decimal, ...]:
        """What is done, line by line: the exits for an exit target, else what was reported."""
        if self.kind is TargetKind.REPORTED:
            return self.reported
        by_unit = {Unit.HOUSEHOLD: Decimal(exits.households), Unit.PERSON: Decimal(exits.persons)}
        return tuple(by_unit[line.quantity.unit] for line in self.lines)

    def missing(self, exits: Figures = NO_FIGURES) -> tuple[Shortfall, ...]:
        """The shortfall, line by line, each in its own unit; empty when every quantity is met."""
        return tuple(
            Shortfall(line=line.line, missing=Quantity(amount=missing, unit=line.quantity.unit))
            for line, done in zip(self.lines, self.done(exits), strict=True)
            if (missing := self._lacks(line, done)) is not None
        )

    def _lacks(self, line: TargetLine, done: Decimal) -> Decimal | None:
        """By how much a floor is not reached, or a ceiling exceeded; a ceiling of which nobody said anything is not kept yet."""
        if line.direction is Direction.AT_MOST:
            over = max(done - line.quantity.amount, Decimal(0))
            return None if line.line in self.told and not over else over
        return line.quantity.amount - done if done < line.quantity.amount else None

    def state(self, *, met: bool) -> TargetState:
        """An item that is done late is met; ``overdue`` still holds since when it was overdue."""
        if self.closed is not None:
            return self.closed
        if met:
            return TargetState.MET
        return TargetState.OPEN if self.overdue is None else TargetState.OVERDUE


def fold(timeline: Iterable[Recorded]) -> Target | None:
    """The target at the end of a timeline, or ``None`` where it was not yet set or known."""
    target: Target | None = None
    for recorded in timeline:
        if isinstance(recorded.fact, TargetSet):
            target = Target.from_fact(recorded.fact)
        elif target is not None:
            target = evolve(target, recorded)
    return target


def evolve(target: Target, recorded: Recorded) -> Target:
    """The target after one more fact."""
    match recorded.fact:
        case ProgressReported() as fact:
            done = zip(target.lines, target.reported, strict=True)
            amounts = tuple(fact.quantity.amount if line.line == fact.line else before for line, before in done)
            return replace(target, reported=amounts, told=tuple(sorted({*target.told, fact.line})))
        case TargetWorkNamed(line=line, project_id=project, component=component):
            return replace(target, works=(*target.works, Work(line, project, component)))
        case TargetWorkRemoved(line=line, project_id=project, component=component):
            return replace(target, works=tuple(w for w in target.works if w != Work(line, project, component)))
        case AccountabilityRaised(owner=owner, measure=measure):
            raised = Accountability(owner, measure, recorded.fact.effective_on)
            return replace(target, accountability=(*target.accountability, raised))
        case MilestonePlanned() as fact:
            planned = Milestone(fact.milestone, fact.content, fact.effective_on, fact.due_on)
            return replace(target, milestones=(*target.milestones, planned))
        case MilestoneReached() as fact:
            reached = (
                replace(m, reached_on=fact.effective_on) if m.milestone == fact.milestone else m
                for m in target.milestones
            )
            return replace(target, milestones=tuple(reached))
        case TargetOverdue() as fact:
            return replace(target, overdue=Overdue(fact.effective_on, fact.missing, fact.decided_from))
        case TargetStruckOff() as fact:
            return replace(target, closed=TargetState.STRUCK_OFF, closed_on=fact.effective_on)
        case TargetWithdrawn() as fact:
            return replace(target, closed=TargetState.WITHDRAWN, closed_on=fact.effective_on)
    return target


def is_level(line: TargetLine) -> bool:
    """What is measured and goes up and down, rather than works that only grow."""
    return line.direction is Direction.AT_MOST or line.quantity.unit is Unit.PERCENT


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(Target)


TOLD_SINCE = ("bases", "part_of", "yearly", "works", "accountability", "told")
"""What a former release knows nothing of."""


def target_to_json(target: Target) -> str:
    """The target as its view stores it. Of what it has none of since is nothing said: so a row that a former release wrote, whose
    replicas serve beside these, is the one that is rebuilt."""
    told = msgspec.to_builtins(target, builtin_types=(Decimal,))
    return _encoder.encode({n: v for n, v in told.items() if n not in TOLD_SINCE or v}).decode()


def target_from_json(target_json: str) -> Target:
    """Reads what ``target_to_json`` wrote."""
    return _decoder.decode(target_json)
