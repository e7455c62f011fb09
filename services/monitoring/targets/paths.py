"""The answer about how a target came to its progress. Nothing in it is personal."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from contracts.monitoring.targets import ProgressReported
from contracts.quantities import Unit
from services.casework.fact_forms import PlainDecimal
from services.chassis.web.figure_digests import DIGEST, digest_of
from services.monitoring.targets.answers import TargetAnswer
from services.monitoring.targets.queries import ExitsToDate, TargetPath


class ReportAnswer(BaseModel):
    """So much of a line was done in all on that day. ``correction``: why former reports were wrong."""

    id: str
    line: int
    on: date
    recorded_at: datetime
    done: PlainDecimal
    unit: Unit
    correction: str | None


class ExitsToDateAnswer(BaseModel):
    """How many had exited by the end of that day, households and persons."""

    on: date
    households: int
    persons: int

    @classmethod
    def of(cls, exits: ExitsToDate) -> Self:
        return cls(on=exits.on, households=exits.figures.households, persons=exits.figures.persons)


class TargetPathAnswer(TargetAnswer):
    """``reports``: those that stand, of a target whose progress is reported; ``exits``: of an exit target."""

    reports: list[ReportAnswer]
    exits: list[ExitsToDateAnswer]
    digest: str = DIGEST

    @classmethod
    def of_path(cls, path: TargetPath) -> Self:
        reports = [
            ReportAnswer(
                id=r.id, line=r.fact.line, on=r.fact.effective_on, recorded_at=r.recorded_at,
                done=r.fact.quantity.amount, unit=r.fact.quantity.unit, correction=r.fact.correction,
            )
            for r in path.reports if isinstance(r.fact, ProgressReported)
        ]  # fmt: skip
        exits = [ExitsToDateAnswer.of(each) for each in path.exits]
        target = TargetAnswer.of(path.model)
        stated = [
            target.model_dump(mode="json", exclude={"positions"}),
            *(each.model_dump(mode="json") for each in (*reports, *exits)),
        ]
        return cls(**dict(target), reports=reports, exits=exits, digest=digest_of(stated))
