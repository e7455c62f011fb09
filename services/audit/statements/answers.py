"""Response models of statements, and of the households behind their figures."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from contracts.quantities import Figures
from contracts.registry.opening_balances import KeptIn
from services.audit.provenance import Cutoff, Provenance
from services.audit.statements.domain import StatementRow
from services.audit.statements.openings import AssertedOpening
from services.chassis.web.figure_digests import DIGEST, digest_of


class FiguresAnswer(BaseModel):
    """户 and 人, always both."""

    households: int
    persons: int

    @classmethod
    def of(cls, figures: Figures) -> "FiguresAnswer":
        return cls(households=figures.households, persons=figures.persons)


class RowAnswer(BaseModel):
    """``difference`` is zero when the register's figures add up."""

    period: str
    opening: FiguresAnswer
    closing: FiguresAnswer
    difference: FiguresAnswer

    @classmethod
    def of(cls, row: StatementRow) -> Self:
        return cls(
            period=row.period,
            opening=FiguresAnswer.of(row.opening),
            closing=FiguresAnswer.of(row.closing),
            difference=FiguresAnswer.of(row.difference),
            **{line.value: FiguresAnswer.of(figures) for line, figures in row.changes.items()},
        )


class StatementRowAnswer(RowAnswer):
    """opening + identified + returned + moved_in + transferred_in + size_change - exited - removed - cancelled - moved_out
    - transferred_out - closing = ``difference``."""

    identified: FiguresAnswer
    returned: FiguresAnswer
    moved_in: FiguresAnswer
    transferred_in: FiguresAnswer
    size_change: FiguresAnswer
    exited: FiguresAnswer
    removed: FiguresAnswer
    cancelled: FiguresAnswer
    moved_out: FiguresAnswer
    transferred_out: FiguresAnswer


class MonitoringRowAnswer(RowAnswer):
    """opening + started + withdrawn + moved_in + transferred_in + size_change - eliminated - ended - moved_out
    - transferred_out - closing = ``difference``."""

    started: FiguresAnswer
    withdrawn: FiguresAnswer
    moved_in: FiguresAnswer
    transferred_in: FiguresAnswer
    size_change: FiguresAnswer
    eliminated: FiguresAnswer
    ended: FiguresAnswer
    moved_out: FiguresAnswer
    transferred_out: FiguresAnswer


class AssertedOpeningAnswer(BaseModel):
    """What an older system said (on ``source_recorded_on``) that a county held at the end of ``opening_on``, approved by two persons,
    beside what is counted of that day. ``difference`` = held - asserted; it is in no row of the statement."""

    county: str
    balance_id: UUID
    opening_on: date
    kept_in: KeptIn
    source_recorded_on: date
    asserted: FiguresAnswer
    held: FiguresAnswer
    difference: FiguresAnswer

    @classmethod
    def each(cls, openings: Iterable[AssertedOpening]) -> list[Self]:
        return [cls._of(each) for each in openings]

    @classmethod
    def _of(cls, opening: AssertedOpening) -> Self:
        return cls(
            county=opening.county, balance_id=opening.balance_id, opening_on=opening.opening_on, kept_in=opening.kept_in,
            source_recorded_on=opening.source_recorded_on, asserted=FiguresAnswer.of(opening.asserted),
            held=FiguresAnswer.of(opening.held), difference=FiguresAnswer.of(opening.difference),
        )  # fmt: skip


class StatementAnswer(Provenance):
    """All periods at one ``known_at`` (restated)."""

    division: str
    rows: list[StatementRowAnswer]
    asserted_openings: list[AssertedOpeningAnswer]
    digest: str = DIGEST


class MonitoringStatementAnswer(Provenance):
    """Of the monitored households, or of those of one ``kind``; all periods at one ``known_at``."""

    division: str
    kind: str | None
    rows: list[MonitoringRowAnswer]
    asserted_openings: list[AssertedOpeningAnswer]
    digest: str = DIGEST


def statement_digest(asked: str, cutoff: Cutoff, rows: Sequence[RowAnswer]) -> str:
    return digest_of(asked, cutoff.before.isoformat(), [row.model_dump() for row in rows])


class MovementAnswer(BaseModel):
    household: UUID
    national_no: str | None
    fact: str
    effective_on: date
    households: int
    persons: int
    division: str
    counterpart: str | None
    kind: str | None


class StockAnswer(BaseModel):
    household: UUID
    national_no: str | None
    division: str
    persons: int
    since: date
    kind: str | None
