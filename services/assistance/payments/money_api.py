"""The identities, the money bench and the year's end over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from contracts.assistance.payments import ReturnCause
from contracts.civil import civil_day
from services.assistance.payments.bench import MoneyBench
from services.assistance.payments.forms import YearForm
from services.assistance.payments.ledger import FIRST, LAST, Figures, Ledger, Scope
from services.assistance.payments.read_api import ProgrammeAsked
from services.assistance.payments.units_api import Asked, AsOf
from services.assistance.payments.years import Blocks, Year, YearCommands, blocks
from services.assistance.programmes.lookup import Programmes
from services.casework.asked_days import KnownAt, recorded_before
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

BY_RETURN = Keyset("money_bench", date, UUID, int)
From = Annotated[Day | None, Query(description="所属期间起始日不早于 / periods that begin on or after")]
To = Annotated[Day | None, Query(description="所属期间起始日不晚于 / periods that begin on or before")]


class ListGrossAnswer(BaseModel):
    list_id: UUID
    instructed: Decimal
    settled: Decimal
    returned: Decimal
    pending: Decimal


class BlocksAnswer(BaseModel):
    """What keeps the year from being closed."""

    unfinished: int
    pending: Decimal
    not_paid_again: int
    owed: Decimal
    unpaid: Decimal
    difference: Decimal


class IdentitiesAnswer(BaseModel):
    """Yuan. Gross: instructed = settled + returned + pending. Net: due + overpaid = settled + pending + unpaid + waived, and
    overpaid = recovered + written off + owed. ``hold``: whether they do; ``lists``: of which the first is summed."""

    programme: str
    division: str
    as_of: date
    hold: bool
    instructed: Decimal
    settled: Decimal
    returned: Decimal
    pending: Decimal
    due_amount: Decimal
    overpaid: Decimal
    unpaid: Decimal
    waived: Decimal
    recovered: Decimal
    written_off: Decimal
    owed: Decimal
    lists: list[ListGrossAnswer]
    blocks: BlocksAnswer


class ReturnedLineAnswer(BaseModel):
    """A returned line that nobody has paid again. ``caller``: the account that compiled the list, which asks for the right account;
    ``cut_off``: the next day by which the platform takes a file; ``act``: by which it is paid again."""

    list_id: UUID
    line: int
    division: str
    unit: UUID
    household_id: UUID | None
    national_no: str | None
    amount: Decimal
    cause: ReturnCause
    returned_on: date
    caller: str
    cut_off: date
    act: str


def money_router(
    service: Service,
    documents: Documents,
    ledger: Ledger,
    years: YearCommands,
    bench: MoneyBench,
    wait_for_positions: Waits,
) -> DeferredRouter:
    router = DeferredRouter(prefix="/payments", tags=["payments"])

    @router.get("/identities")
    async def read_payment_identities(
        actor: CurrentActor, after: AskedPositions, programme: Asked, division: Prefix = "", period_from: From = None,
        period_to: To = None, as_of: AsOf = None, known_at: KnownAt = None,
    ) -> IdentitiesAnswer:  # fmt: skip
        """Both identities of a programme in an area, each term summed from its own facts, as known on any day, with the lists that
        they are of and what keeps the year from being closed."""
        await wait_for_positions(after)
        area = narrowed_to_area(division, actor)
        day = as_of or civil_day(service.store.now())

        def read() -> IdentitiesAnswer:
            Programmes(documents.current()).require_adopted(programme)
            known = recorded_before(known_at) or ledger.now()
            scope = Scope(programme, area, period_from or FIRST, period_to or LAST, day, known)
            with service.store.snapshot() as snapshot:
                figures = ledger.figures(scope)
                of_year = Year(programme, area, day.year)
                return _answer(scope, figures, blocks(snapshot.connection, ledger, of_year, figures, day))

        return await anyio.to_thread.run_sync(read)

    @router.get("/bench")
    async def list_money_bench(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", programme: ProgrammeAsked = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ReturnedLineAnswer]:  # fmt: skip
        """What hurts: every return that is not paid again, oldest first, with its cause, who calls and the next cut-off."""
        await wait_for_positions(after)
        area, start = narrowed_to_area(division, actor), BY_RETURN.after(cursor) or (date.min, UUID(int=0), 0)
        today = civil_day(service.store.now())
        found = await anyio.to_thread.run_sync(bench.returns, area, programme, today, start, limit + 1)
        answers = [ReturnedLineAnswer.model_validate(row) for row in found]
        return BY_RETURN.page(answers, limit, lambda a: (a.returned_on, a.list_id, a.line))

    async def read_year(body: YearForm, command: Command) -> tuple[Year, Blocks, Figures]:
        if not command.actor.covers(body.division):
            raise Refused(NOT_FOUND)
        year = Year(body.programme, body.division, body.year)

        def read() -> tuple[Year, Blocks, Figures]:
            Programmes(documents.current()).require_adopted(body.programme)
            with service.store.snapshot() as snapshot:
                today = civil_day(service.store.now())
                figures = ledger.figures(year.scope(ledger, today))
                return year, blocks(snapshot.connection, ledger, year, figures, today), figures

        return await anyio.to_thread.run_sync(read)

    @router.post("/closing-proposals", status_code=201, responses=ACCEPTED)
    async def propose_year_closing(body: YearForm, command: CurrentCommand) -> JSONResponse:
        """The programme's year in this place reconciles and may be closed: with all figures, for a second person."""
        year, blocked, figures = await read_year(body, command)
        handler = years.propose(year, command.actor, blocked, figures)
        return await execute(service.store, command, handler, year.stream)

    @router.post("/closings", status_code=201, responses=ACCEPTED)
    async def close_payment_year(body: YearForm, command: CurrentCommand) -> JSONResponse:
        """A second person closes the year, while the figures stand as they were proposed."""
        year, blocked, figures = await read_year(body, command)
        handler = years.close(year, command.actor, blocked, figures)
        return await execute(service.store, command, handler, year.stream)

    return router


def _answer(scope: Scope, figures: Figures, blocked: Blocks) -> IdentitiesAnswer:
    gross, net = figures.identities.gross, figures.identities.net
    return IdentitiesAnswer(
        programme=scope.programme, division=scope.division, as_of=scope.as_of, hold=figures.identities.hold,
        instructed=gross.instructed, settled=gross.settled, returned=gross.returned, pending=gross.pending,
        due_amount=net.due, overpaid=net.overpaid, unpaid=net.unpaid, waived=net.waived, recovered=net.recovered,
        written_off=net.written_off, owed=net.owed,
        lists=[
            ListGrossAnswer(
                list_id=each.list_id, instructed=each.gross.instructed, settled=each.gross.settled,
                returned=each.gross.returned, pending=each.gross.pending,
            )
            for each in figures.lists
        ],
        blocks=BlocksAnswer.model_validate(blocked, from_attributes=True),
    )  # fmt: skip
