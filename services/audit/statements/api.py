"""Statements over HTTP, and the households behind each figure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.quantities import Figures
from services.audit.areas import DivisionParam, DivisionPrefix, division_in_scope
from services.audit.provenance import Cutoff, DatabaseConnection, KnownAtParam, Provenance, SnapshotReader
from services.audit.statements import store
from services.audit.statements.domain import Line, StatementRow
from services.casework.exports.numbers import RegisteredNumbers
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.service import Service
from services.chassis.web.application import Day
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

MAX_YEARS = 60
"""Of one statement."""

BAD_PERIODS = rule(
    "bad_periods",
    zh="起止年份颠倒，或超过 60 年。",
    en="The first year must not be after the last, and at most 60 years are stated at once.",
    source="Lika design: statements",
    status=422,
)

NUMBERS = RegisteredNumbers(copied=True)
NIL_UUID = UUID(int=0)
MOVEMENT_ORDER = Keyset("movements", str, date, UUID, str)
STOCK_ORDER = Keyset("stock", str, str, UUID)
# A cursor carries the cutoff of the first page, so that all pages of one list have the same.


def year_query(alias: str) -> object:
    return Query(alias=alias, ge=1949, le=2200)


class FiguresAnswer(BaseModel):
    """户 and 人, always both."""

    households: int
    persons: int

    @classmethod
    def of(cls, figures: Figures) -> "FiguresAnswer":
        return cls(households=figures.households, persons=figures.persons)


class StatementRowAnswer(BaseModel):
    """opening + identified + returned + moved_in + transferred_in + size_change - exited - removed - cancelled - moved_out
    - transferred_out - closing = ``difference``, which is zero when the register's figures add up."""

    period: str
    opening: FiguresAnswer
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
    closing: FiguresAnswer
    difference: FiguresAnswer

    @classmethod
    def of(cls, row: StatementRow) -> "StatementRowAnswer":
        return cls(
            period=row.period,
            opening=FiguresAnswer.of(row.opening),
            closing=FiguresAnswer.of(row.closing),
            difference=FiguresAnswer.of(row.difference),
            **{line.value: FiguresAnswer.of(figures) for line, figures in row.changes.items()},
        )


DIGEST = Field(
    description="表内数字的摘要，用于比对两份打印件 / digest of the figures, by which two prints are compared"
)


class StatementAnswer(Provenance):
    """All periods at one ``known_at`` (restated)."""

    division: str
    rows: list[StatementRowAnswer]
    digest: str = DIGEST


def digest_of(division: str, cutoff: Cutoff, rows: Sequence[StatementRowAnswer]) -> str:
    """The same for the same question and the same figures, by which two prints are compared."""
    stated = [division, cutoff.before.isoformat(), [row.model_dump() for row in rows]]
    return "sha256:" + hashlib.sha256(json.dumps(stated, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class MovementAnswer(BaseModel):
    household: UUID
    national_no: str | None
    fact: str
    effective_on: date
    households: int
    persons: int
    division: str
    counterpart: str | None


class StockAnswer(BaseModel):
    household: UUID
    national_no: str | None
    division: str
    persons: int
    since: date


def require_periods(first: int, last: int) -> None:
    """Raises ``Refused`` (422)."""
    if not 0 <= last - first < MAX_YEARS:
        raise Refused(BAD_PERIODS)


def require_division(conn: DatabaseConnection, asked: str | None) -> None:
    """Raises ``Refused`` (404) for a division that does not exist."""
    if asked is not None and not store.division_exists(conn, DivisionPrefix(asked)):
        raise Refused(NOT_FOUND)


def statements_router(service: Service, reader: SnapshotReader) -> APIRouter:
    router = APIRouter(tags=["statements"])

    @router.get("/statements")
    async def read_statement(
        actor: CurrentActor,
        after: AskedPositions,
        first: Annotated[int, year_query("from")],
        last: Annotated[int, year_query("to")],
        division: DivisionParam = None,
        known_at: KnownAtParam = None,
    ) -> StatementAnswer:
        """How the stock went from opening to closing, year by year, in households and in persons."""
        require_periods(first, last)
        scope = division_in_scope(division, actor)
        await service.wait_for_positions(after)
        cutoff = reader.cutoff(known_at)

        def read() -> StatementAnswer:
            with reader.snapshot(cutoff) as (conn, provenance):
                require_division(conn, division)
                found = store.statement(conn, scope, first, last, cutoff.before)
            rows = [StatementRowAnswer.of(row) for row in found]
            return StatementAnswer(
                **dict(provenance), division=scope.code, rows=rows, digest=digest_of(scope.code, cutoff, rows)
            )

        return await anyio.to_thread.run_sync(read)

    @router.get("/movements")
    async def list_movements(
        actor: CurrentActor,
        after: AskedPositions,
        period: Annotated[int, year_query("period")],
        column: Line,
        division: DivisionParam = None,
        known_at: KnownAtParam = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[MovementAnswer]:
        """The households and facts that make up one figure of a statement. Their figures sum to it."""
        scope, page = division_in_scope(division, actor), MOVEMENT_ORDER.after(cursor)
        await service.wait_for_positions(after)
        cutoff_asked, day, household, fact = page or (known_at, date.min, NIL_UUID, "")
        before = reader.cutoff(cutoff_asked).before

        def find() -> list[MovementAnswer]:
            with service.store.reading() as conn:
                require_division(conn, division)
                found = store.list_movements(conn, scope, period, column, before, (day, household, fact), limit + 1)
                numbers = NUMBERS(conn, [m.household for m in found])
            return [MovementAnswer(**asdict(m), national_no=numbers.get(m.household)) for m in found]

        answers = await anyio.to_thread.run_sync(find)
        return MOVEMENT_ORDER.page(answers, limit, lambda m: (before.isoformat(), m.effective_on, m.household, m.fact))

    @router.get("/stock")
    async def list_stock(
        actor: CurrentActor,
        after: AskedPositions,
        as_of: Annotated[Day, Query(description="该日结束时 / at the end of that day", examples=["2014-12-31"])],
        division: DivisionParam = None,
        known_at: KnownAtParam = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[StockAnswer]:
        """The households that make up an opening (the day before the period) or a closing (its last day)."""
        scope, page = division_in_scope(division, actor), STOCK_ORDER.after(cursor)
        await service.wait_for_positions(after)
        cutoff_asked, code, household = page or (known_at, "", NIL_UUID)
        before = reader.cutoff(cutoff_asked).before

        def find() -> list[StockAnswer]:
            with service.store.reading() as conn:
                require_division(conn, division)
                found = store.list_stock(conn, scope, as_of, before, (code, household), limit + 1)
                numbers = NUMBERS(conn, [s.household for s in found])
            return [StockAnswer(**asdict(s), national_no=numbers.get(s.household)) for s in found]

        answers = await anyio.to_thread.run_sync(find)
        return STOCK_ORDER.page(answers, limit, lambda s: (before.isoformat(), s.division, s.household))

    return router
