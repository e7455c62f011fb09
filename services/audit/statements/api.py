"""Statements over HTTP, and the households behind each of their figures."""

from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.quantities import Figures
from services.audit.provenance import (
    AskedDivision,
    AskedKnownAt,
    Basis,
    Connected,
    Prefix,
    Reader,
    Reading,
    within,
)
from services.audit.statements import store
from services.audit.statements.domain import Line, Row
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.service import Service
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

LONGEST = 60
"""Years in one statement."""

BAD_PERIODS = rule(
    "bad_periods",
    zh="起止年份颠倒，或超过 60 年。",
    en="The first year must not be after the last, and at most 60 years are stated at once.",
    source="Lika design: statements",
    status=422,
)

NOBODY = UUID(int=0)
BY_DAY = Keyset("movements", str, date, UUID, str)
BY_PLACE = Keyset("stock", str, str, UUID)
# A cursor carries what was known on the first page, so that the pages of one list belong together.


def year(alias: str, text: str) -> object:
    return Query(alias=alias, ge=1949, le=2200, description=text, examples=[2014])


class FiguresAnswer(BaseModel):
    """户 and 人, always both."""

    households: int
    persons: int

    @classmethod
    def of(cls, figures: Figures) -> "FiguresAnswer":
        return cls(households=figures.households, persons=figures.persons)


class RowAnswer(BaseModel):
    """opening + identified + returned + moved_in + size_change - exited - removed - cancelled - moved_out - closing
    = ``difference``, which is zero when the register's figures add up."""

    period: str
    opening: FiguresAnswer
    identified: FiguresAnswer
    returned: FiguresAnswer
    moved_in: FiguresAnswer
    size_change: FiguresAnswer
    exited: FiguresAnswer
    removed: FiguresAnswer
    cancelled: FiguresAnswer
    moved_out: FiguresAnswer
    closing: FiguresAnswer
    difference: FiguresAnswer

    @classmethod
    def of(cls, row: Row) -> "RowAnswer":
        return cls(
            period=row.period,
            opening=FiguresAnswer.of(row.opening),
            closing=FiguresAnswer.of(row.closing),
            difference=FiguresAnswer.of(row.difference),
            **{line.value: FiguresAnswer.of(figures) for line, figures in row.changes.items()},
        )


class StatementAnswer(Basis):
    """All periods at one ``known_at`` (restated)."""

    division: str
    rows: list[RowAnswer]


class MovedAnswer(BaseModel):
    household: UUID
    fact: str
    effective_on: date
    households: int
    persons: int
    division: str
    counterpart: str | None = Field(description="迁移的另一端 / the other end of a move")


class StockedAnswer(BaseModel):
    household: UUID
    division: str
    persons: int
    since: date


def require_known(conn: Connected, asked: str | None) -> None:
    if asked is not None and not store.is_known(conn, Prefix(asked)):
        raise Refused(NOT_FOUND)


def statements_router(service: Service, reading: Reading) -> APIRouter:
    router = APIRouter(tags=["statements"])

    @router.get("/statements")
    async def read_statement(
        actor: Reader,
        after: AskedPositions,
        first: Annotated[int, year("from", "首个年度 / first year")],
        last: Annotated[int, year("to", "末个年度 / last year")],
        division: AskedDivision = None,
        known_at: AskedKnownAt = None,
    ) -> StatementAnswer:
        """How the stock went from opening to closing, year by year, in households and in persons."""
        if not 0 <= last - first < LONGEST:
            raise Refused(BAD_PERIODS)
        where = within(division, actor)
        await service.caught_up(after)
        known = reading.known_at(known_at)

        def state() -> StatementAnswer:
            with reading.snapshot(known) as (conn, basis):
                require_known(conn, division)
                rows = store.statement(conn, where, first, last, known.before)
            return StatementAnswer(**dict(basis), division=where.code, rows=[RowAnswer.of(r) for r in rows])

        return await anyio.to_thread.run_sync(state)

    @router.get("/movements")
    async def list_movements(
        actor: Reader,
        after: AskedPositions,
        period: Annotated[int, year("period", "年度 / year")],
        column: Line,
        division: AskedDivision = None,
        known_at: AskedKnownAt = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[MovedAnswer]:
        """The households and facts that make up one figure of a statement. Their figures sum to it."""
        where, page = within(division, actor), BY_DAY.after(cursor)
        await service.caught_up(after)
        known, day, household, fact = page or (known_at, date.min, NOBODY, "")
        before = reading.known_at(known).before

        def find() -> list[store.Moved]:
            with service.store.reading() as conn:
                require_known(conn, division)
                return store.moved(conn, where, period, column, before, (day, household, fact), limit + 1)

        found = await anyio.to_thread.run_sync(find)
        answers = [MovedAnswer.model_validate(m, from_attributes=True) for m in found]
        return BY_DAY.page(answers, limit, lambda m: (before.isoformat(), m.effective_on, m.household, m.fact))

    @router.get("/stock")
    async def list_stock(
        actor: Reader,
        after: AskedPositions,
        as_of: Annotated[date, Query(description="该日结束时 / at the end of that day", examples=["2014-12-31"])],
        division: AskedDivision = None,
        known_at: AskedKnownAt = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[StockedAnswer]:
        """The households that make up an opening (the day before the period) or a closing (its last day)."""
        where, page = within(division, actor), BY_PLACE.after(cursor)
        await service.caught_up(after)
        known, code, household = page or (known_at, "", NOBODY)
        before = reading.known_at(known).before

        def find() -> list[store.Stocked]:
            with service.store.reading() as conn:
                require_known(conn, division)
                return store.stocked(conn, where, as_of, before, (code, household), limit + 1)

        found = await anyio.to_thread.run_sync(find)
        answers = [StockedAnswer.model_validate(s, from_attributes=True) for s in found]
        return BY_PLACE.page(answers, limit, lambda s: (before.isoformat(), s.division, s.household))

    return router
