"""Statements over HTTP, and the households behind each figure."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Depends, Query

from services.audit.areas import DivisionParam, DivisionPrefix, division_in_scope
from services.audit.provenance import DatabaseConnection, KnownAtParam, SnapshotReader
from services.audit.statements import store
from services.audit.statements.answers import (
    AssertedOpeningAnswer,
    MonitoringRowAnswer,
    MonitoringStatementAnswer,
    MovementAnswer,
    StatementAnswer,
    StatementRowAnswer,
    StockAnswer,
    statement_digest,
)
from services.audit.statements.domain import STOCKS, AnyLine, Line, MonitoringLine, StockOf
from services.audit.statements.openings import asserted_openings
from services.casework.exports.numbers import RegisteredNumbers
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.application import Day
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

MAX_YEARS = 60
"""Of one statement."""

BAD_PERIODS = rule(
    "bad_periods",
    zh="起止年份颠倒，或超过 60 年。",
    en="The first year must not be after the last, and at most 60 years are stated at once.",
    source="Lika design: statements",
    status=422,
)

LINE_OF_OTHER_STATEMENT = rule(
    "line_of_other_statement",
    zh="该统计表没有这一栏，请从 lines 中选填，或改选 stock。",
    en="The statement of this ``stock`` has no such column: take one of ``lines``, or the other ``stock``.",
    source="Lika design: statements",
    status=422,
)

KindParam = Annotated[
    str | None,
    Query(
        pattern=rf"^{KEY_PATTERN}$", description="监测对象类型，缺省为全部 / kind of monitored object, all by default"
    ),
]
NUMBERS = RegisteredNumbers(copied=True)
NIL_UUID = UUID(int=0)
MOVEMENT_ORDER = Keyset("movements", str, date, UUID, str)
STOCK_ORDER = Keyset("stock", str, str, UUID)
# A cursor carries the cutoff of the first page, so that all pages of one list have the same.


def year_query(alias: str) -> object:
    return Query(alias=alias, ge=1949, le=2200)


def counted(
    stock: Annotated[
        StockOf, Query(description="贫困户或监测对象 / of the poor households, or of those that are monitored")
    ] = StockOf.POVERTY,
    kind: KindParam = None,
) -> store.Counted:
    """What figures are asked of."""
    return store.Counted(stock, kind)


CountedParam = Annotated[store.Counted, Depends(counted)]


def require_line(line: str, of: store.Counted) -> AnyLine:
    """As the statement of this stock has it. Raises ``Refused`` (422) for a line that it does not have."""
    lines = STOCKS[of.stock].lines
    if line not in lines:
        raise Refused(LINE_OF_OTHER_STATEMENT, lines=list(lines))
    return STOCKS[of.stock].line(line)


def require_periods(first: int, last: int) -> None:
    """Raises ``Refused`` (422)."""
    if not 0 <= last - first < MAX_YEARS:
        raise Refused(BAD_PERIODS)


def require_division(conn: DatabaseConnection, asked: str | None) -> None:
    """Raises ``Refused`` (404) for a division that does not exist."""
    if asked is not None and not store.division_exists(conn, DivisionPrefix(asked)):
        raise Refused(NOT_FOUND)


def statements_router(service: Service, reader: SnapshotReader) -> DeferredRouter:
    router = DeferredRouter(tags=["statements"])

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
                asserted = AssertedOpeningAnswer.each(asserted_openings(conn, scope, first, last, cutoff.before))
            rows = [StatementRowAnswer.of(row) for row in found]
            return StatementAnswer(
                **dict(provenance), division=scope.code, rows=rows, asserted_openings=asserted,
                digest=statement_digest(scope.code, cutoff, rows),
            )  # fmt: skip

        return await anyio.to_thread.run_sync(read)

    @router.get("/monitoring-statements")
    async def read_monitoring_statement(
        actor: CurrentActor,
        after: AskedPositions,
        first: Annotated[int, year_query("from")],
        last: Annotated[int, year_query("to")],
        kind: KindParam = None,
        division: DivisionParam = None,
        known_at: KnownAtParam = None,
    ) -> MonitoringStatementAnswer:
        """How the monitored households went from opening to closing, year by year, in households and in persons; of all, or of
        one kind."""
        require_periods(first, last)
        scope = division_in_scope(division, actor)
        await service.wait_for_positions(after)
        cutoff, of = reader.cutoff(known_at), store.Counted(StockOf.MONITORING, kind)

        def read() -> MonitoringStatementAnswer:
            with reader.snapshot(cutoff) as (conn, provenance):
                require_division(conn, division)
                found = store.statement(conn, scope, first, last, cutoff.before, of)
                asserted = AssertedOpeningAnswer.each(asserted_openings(conn, scope, first, last, cutoff.before, of))
            rows = [MonitoringRowAnswer.of(row) for row in found]
            return MonitoringStatementAnswer(
                **dict(provenance), division=scope.code, kind=kind, rows=rows, asserted_openings=asserted,
                digest=statement_digest(f"{scope.code} {of.stock} {kind or ''}", cutoff, rows),
            )  # fmt: skip

        return await anyio.to_thread.run_sync(read)

    @router.get("/movements")
    async def list_movements(
        actor: CurrentActor,
        after: AskedPositions,
        period: Annotated[int, year_query("period")],
        column: Line | MonitoringLine,
        of: CountedParam,
        division: DivisionParam = None,
        known_at: KnownAtParam = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[MovementAnswer]:
        """The households and facts that make up one figure of a statement. Their figures sum to it."""
        line = require_line(column, of)
        scope, page = division_in_scope(division, actor), MOVEMENT_ORDER.after(cursor)
        await service.wait_for_positions(after)
        cutoff_asked, day, household, fact = page or (known_at, date.min, NIL_UUID, "")
        before = reader.cutoff(cutoff_asked).before

        def find() -> list[MovementAnswer]:
            with service.store.reading() as conn:
                require_division(conn, division)
                found = store.list_movements(conn, scope, period, line, before, (day, household, fact), limit + 1, of)
                numbers = NUMBERS(conn, [m.household for m in found])
            return [MovementAnswer(**asdict(m), national_no=numbers.get(m.household)) for m in found]

        answers = await anyio.to_thread.run_sync(find)
        return MOVEMENT_ORDER.page(answers, limit, lambda m: (before.isoformat(), m.effective_on, m.household, m.fact))

    @router.get("/stock")
    async def list_stock(
        actor: CurrentActor,
        after: AskedPositions,
        as_of: Annotated[Day, Query(description="该日结束时 / at the end of that day", examples=["2014-12-31"])],
        of: CountedParam,
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
                found = store.list_stock(conn, scope, as_of, before, (code, household), limit + 1, of)
                numbers = NUMBERS(conn, [s.household for s in found])
            return [StockAnswer(**asdict(s), national_no=numbers.get(s.household)) for s in found]

        answers = await anyio.to_thread.run_sync(find)
        return STOCK_ORDER.page(answers, limit, lambda s: (before.isoformat(), s.division, s.household))

    return router
