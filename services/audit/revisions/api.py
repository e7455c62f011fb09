"""Over HTTP: how a statement was revised between two days of knowledge, and the households and facts behind each difference."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import BaseModel, Field

from services.audit.areas import DivisionParam, division_in_scope
from services.audit.provenance import Cutoff, KnownAtParam, Provenance, SnapshotReader
from services.audit.revisions.queries import (
    STOCK_COLUMNS,
    MonitoringColumn,
    RevisedHousehold,
    StatementColumn,
    change,
    revised_households,
)
from services.audit.statements import store
from services.audit.statements.answers import (
    FiguresAnswer,
    StatementRowAnswer,
    statement_digest,
)
from services.audit.statements.api import (
    NIL_UUID,
    NUMBERS,
    CountedParam,
    require_division,
    require_line,
    require_periods,
    year_query,
)
from services.chassis.ground.refusals import Refused, rule
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.figure_digests import DIGEST
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

NOT_EARLIER = rule(
    "compared_with_not_earlier",
    zh="“与何时所知比较”须早于“按何时所知”：请对调两个日期。",
    en="``compared_with`` must be before ``known_at``: exchange the two days.",
    source="Lika design: two times",
    status=422,
)

REVISION_ORDER = Keyset("revisions", datetime, datetime, UUID)
# A cursor carries the cutoffs of the first page.

ComparedWithParam = Annotated[
    str,
    Query(
        max_length=40,
        description="与该日结束前所知比较，须较早；也可为时刻 / compared with what was known before the end of that day,"
        " the earlier of both; an instant will do, too",
        examples=["2016-12-31"],
    ),
]


class RevisedRowAnswer(BaseModel):
    """One period as known at two cutoffs; ``change``: later less earlier, figure by figure."""

    period: str
    earlier: StatementRowAnswer
    later: StatementRowAnswer
    change: StatementRowAnswer


class RevisedStatementAnswer(Provenance):
    """``known_at`` is the later cutoff. Both are read from one snapshot."""

    division: str
    compared_with: str = Field(description="与之比较的日期或时刻 / the earlier day or instant")
    compared_before: datetime
    rows: list[RevisedRowAnswer]
    digest: str = DIGEST


class LearnedFactAnswer(BaseModel):
    """``household_id``: of the household, or of one that it split off from."""

    id: str
    type: str
    household_id: UUID
    effective_on: date
    recorded_at: datetime


class RevisionAnswer(BaseModel):
    """A household's part of the figure at both cutoffs. ``facts``: what was learned in between that made the difference."""

    household: UUID
    national_no: str | None
    earlier: FiguresAnswer
    later: FiguresAnswer
    change: FiguresAnswer
    facts: list[LearnedFactAnswer]

    @classmethod
    def of(cls, revised: RevisedHousehold, number: str | None) -> "RevisionAnswer":
        return cls(
            household=revised.household, national_no=number,
            earlier=FiguresAnswer.of(revised.earlier), later=FiguresAnswer.of(revised.later),
            change=FiguresAnswer.of(revised.later - revised.earlier),
            facts=[LearnedFactAnswer(**asdict(fact)) for fact in revised.facts],
        )  # fmt: skip


def revisions_router(service: Service, reader: SnapshotReader) -> DeferredRouter:
    router = DeferredRouter(tags=["statements"])

    def cutoffs(compared_with: str, known_at: str | None) -> tuple[Cutoff, Cutoff]:
        earlier, later = Cutoff.parse(compared_with), reader.cutoff(known_at)
        if earlier.before >= later.before:
            raise Refused(NOT_EARLIER)
        return earlier, later

    @router.get("/statements/revisions")
    async def read_revised_statement(
        actor: CurrentActor,
        after: AskedPositions,
        first: Annotated[int, year_query("from")],
        last: Annotated[int, year_query("to")],
        compared_with: ComparedWithParam,
        division: DivisionParam = None,
        known_at: KnownAtParam = None,
    ) -> RevisedStatementAnswer:
        """A statement as known at two cutoffs, and the difference of each figure."""
        require_periods(first, last)
        scope = division_in_scope(division, actor)
        await service.wait_for_positions(after)
        earlier, later = cutoffs(compared_with, known_at)

        def read() -> RevisedStatementAnswer:
            with reader.snapshot(later) as (conn, provenance):
                require_division(conn, division)
                then, now = (store.statement(conn, scope, first, last, c.before) for c in (earlier, later))
            rows = [
                RevisedRowAnswer(
                    period=b.period, earlier=StatementRowAnswer.of(a), later=StatementRowAnswer.of(b),
                    change=StatementRowAnswer.of(change(a, b)),
                )
                for a, b in zip(then, now, strict=True)
            ]  # fmt: skip
            return RevisedStatementAnswer(
                **dict(provenance), division=scope.code, compared_with=earlier.asked,
                compared_before=earlier.before, rows=rows,
                digest=statement_digest(scope.code, later, [row.later for row in rows]),
            )  # fmt: skip

        return await anyio.to_thread.run_sync(read)

    @router.get("/revisions")
    async def list_revisions(
        actor: CurrentActor,
        after: AskedPositions,
        period: Annotated[int, year_query("period")],
        column: StatementColumn | MonitoringColumn,
        compared_with: ComparedWithParam,
        of: CountedParam,
        division: DivisionParam = None,
        known_at: KnownAtParam = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[RevisionAnswer]:
        """The households by which one figure differs between two cutoffs, and the facts learned in between. They sum to it."""
        if column not in STOCK_COLUMNS:
            require_line(column, of)
        scope, page = division_in_scope(division, actor), REVISION_ORDER.after(cursor)
        await service.wait_for_positions(after)
        earlier, later = cutoffs(compared_with, known_at)
        since, before, start = page or (earlier.before, later.before, NIL_UUID)

        def find() -> list[RevisionAnswer]:
            with service.store.snapshot() as snapshot:
                conn = snapshot.connection
                require_division(conn, division)
                found = revised_households(conn, scope, period, column, (since, before), start, limit + 1, of)
                numbers = NUMBERS(conn, [revised.household for revised in found])
            return [RevisionAnswer.of(revised, numbers.get(revised.household)) for revised in found]

        answers = await anyio.to_thread.run_sync(find)
        return REVISION_ORDER.page(answers, limit, lambda r: (since.isoformat(), before.isoformat(), r.household))

    return router
