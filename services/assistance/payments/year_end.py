"""What keeps a programme's year from being closed, one by one, each with the act that ends it: kept in sight all the year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Annotated, LiteralString
from uuid import UUID

import anyio
from fastapi import Query
from psycopg.rows import dict_row
from pydantic import BaseModel

from contracts.civil import civil_day
from services.assistance.payments.bench import RETURNED, act_of
from services.assistance.payments.domain_lines import NOTHING
from services.assistance.payments.ledger import Ledger
from services.assistance.payments.paying_places import PAGE, Key
from services.assistance.payments.returns import PAID_AGAIN, Outstanding
from services.assistance.payments.units_api import Asked
from services.assistance.payments.years import Year
from services.chassis.log.snapshot import Connection
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

LISTS: LiteralString = (
    "SELECT list_id, stage, reissues IS NOT NULL, total FROM pay_lists WHERE programme = %s AND starts_with(division, %s)"
    " AND compiled_on <= %s AND (stage NOT IN ('instructed', 'withdrawn') OR pending_lines > 0) ORDER BY list_id"
)
RETURNS: LiteralString = (
    "SELECT r.list_id, p.programme, l.unit, l.component, l.period_from, l.period_to, l.occasion, l.amount FROM payment_returns r"
    " JOIN payment_lines l USING (list_id, number) JOIN pay_lists p USING (list_id)"
    f" WHERE p.programme = %s AND starts_with(p.division, %s) AND r.returned_on <= %s AND NOT {PAID_AGAIN}"
    " ORDER BY r.list_id, r.number"
)
NOT_HANDED_OVER: LiteralString = (
    "l.live AND NOT EXISTS (SELECT FROM payment_movements m WHERE m.list_id = l.list_id AND m.kind = 'instructed'"
    " AND m.annulled_at IS NULL AND m.lines @> l.number)"
)
"""On a list that is in the way, or keeps it back: no other list can pay it."""
LISTED: LiteralString = (
    "SELECT l.unit, l.component, l.period_from, l.period_to, l.occasion, l.amount FROM payment_lines l JOIN pay_lists p USING (list_id)"
    f" WHERE p.programme = %s AND starts_with(p.division, %s) AND {NOT_HANDED_OVER} ORDER BY l.unit"
)
KEPT_BACK: LiteralString = (
    "SELECT p.list_id, l.number = ANY(p.held), sum(l.amount) FROM pay_lists p JOIN payment_lines l USING (list_id)"
    " WHERE p.stage = 'instructed' AND p.instructed < p.total AND p.programme = %s AND starts_with(p.division, %s)"
    f" AND p.compiled_on <= %s AND {NOT_HANDED_OVER} GROUP BY 1, 2 ORDER BY 1, 2"
)
"""Of lists that were handed over: what is held, and what was freed since and is to be handed over, too."""
IN_ORDER = Keyset("year_end", int)
YearParam = Annotated[int, Query(ge=1990, le=2200, description="年度 / year that is to be closed")]


class BlockKind(StrEnum):
    """What stands in the way."""

    LIST_UNFINISHED = "list_unfinished"
    LINES_PENDING = "lines_pending"
    LINES_HELD = "lines_held"
    RETURN_NOT_PAID_AGAIN = "return_not_paid_again"
    DUE_UNPAID = "due_unpaid"
    OWED_WITHOUT_PLAN = "owed_without_plan"


@dataclass(frozen=True, slots=True)
class Block:
    """``act``: the operation that ends it, at ``path``."""

    kind: BlockKind
    amount: Decimal
    act: str
    path: str
    list_id: UUID | None = None
    unit: UUID | None = None
    component: str | None = None
    period_from: date | None = None


class BlockAnswer(BaseModel):
    """``amount``: yuan; ``act`` and ``path``: what ends it, and where; ``unit``: the beneficiary, where it is one's."""

    number: int
    kind: BlockKind
    amount: Decimal
    act: str
    path: str
    list_id: UUID | None
    unit: UUID | None
    component: str | None
    period_from: date | None


def blocks_of(conn: Connection, ledger: Ledger, year: Year, today: date) -> Iterator[Block]:
    """Lists first, then lines that are held, returns, and dues unit by unit. In the reader's transaction."""
    asked = (year.programme, year.division, year.last_day)
    for list_id, stage, is_reissue, total in conn.execute(LISTS, asked).fetchall():
        act = act_of(stage, f"/assistance/pay-lists/{list_id}", is_reissue=is_reissue)
        pending = act.operation == "import_payment_results"
        kind = BlockKind.LINES_PENDING if pending else BlockKind.LIST_UNFINISHED
        yield Block(kind, total, act.operation, act.path, list_id)
    for list_id, held, amount in conn.execute(KEPT_BACK, asked).fetchall():
        operation, part = ("free_payment_lines", "frees") if held else ("hand_over_payments", "handovers")
        kind = BlockKind.LINES_HELD if held else BlockKind.LIST_UNFINISHED
        yield Block(kind, amount, operation, f"/assistance/pay-lists/{list_id}/{part}", list_id)
    returned = conn.cursor(row_factory=dict_row).execute(RETURNS, asked).fetchall()
    for row in Outstanding(conn, ledger, today).of(returned):
        again = act_of(RETURNED, f"/assistance/pay-lists/{row['list_id']}", is_reissue=False)
        where = (row["list_id"], row["unit"], row["component"], row["period_from"])
        yield Block(BlockKind.RETURN_NOT_PAID_AGAIN, row["amount"], again.operation, again.path, *where)
    listed = _Listed(conn, year)
    for unit, accounts in ledger.accounts(conn, year.scope(ledger, today)):
        on_lists = listed.of(unit)
        for key, account in sorted(accounts.items()):
            component, period_from, *_ = key
            net, of_unit = account.net(), f"/assistance/payments/units/{unit}"
            unpaid = net.unpaid - on_lists.get(key, NOTHING)
            if unpaid > NOTHING:
                where = (None, unit, component, period_from)
                yield Block(BlockKind.DUE_UNPAID, unpaid, "compile_pay_list", "/assistance/pay-lists", *where)
            if net.owed > NOTHING and not account.planned:
                where = (None, unit, component, period_from)
                yield Block(BlockKind.OWED_WITHOUT_PLAN, net.owed, "plan_recovery", f"{of_unit}/recovery-plans", *where)


class _Listed:
    """What of each unit's dues is on a list and was not handed over, asked unit by unit in their order."""

    def __init__(self, conn: Connection, year: Year) -> None:
        cur = conn.cursor(name="listed")
        cur.itersize = PAGE
        cur.execute(LISTED, (year.programme, year.division))
        self._units = groupby(cur, key=itemgetter(0))
        self._next = next(self._units, None)

    def of(self, unit: UUID) -> dict[Key, Decimal]:
        while self._next is not None and self._next[0] < unit:
            self._next = next(self._units, None)
        if self._next is None or self._next[0] != unit:
            return {}
        return {tuple(row[1:5]): row[5] for row in self._next[1]}


def year_end_router(service: Service, ledger: Ledger, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/payments", tags=["payments"])

    @router.get("/year-end-blocks")
    async def list_year_end_blocks(
        actor: CurrentActor, after: AskedPositions, programme: Asked, year: YearParam, division: Prefix = "",
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[BlockAnswer]:  # fmt: skip
        """What keeps the year from being closed, one by one, each with the act that ends it."""
        await wait_for_positions(after)
        area, (last,) = narrowed_to_area(division, actor), IN_ORDER.after(cursor) or (0,)
        today = civil_day(service.store.now())

        def read() -> list[BlockAnswer]:
            found: list[BlockAnswer] = []
            with service.store.snapshot() as snapshot:
                of = blocks_of(snapshot.connection, ledger, Year(programme, area, year), today)
                for number, block in enumerate(of, 1):
                    if number > last:
                        found.append(BlockAnswer(number=number, **_fields(block)))
                    if len(found) > limit:
                        break
            return found

        return IN_ORDER.page(await anyio.to_thread.run_sync(read), limit, lambda answer: (answer.number,))

    return router


def _fields(block: Block) -> dict[str, object]:
    return {name: getattr(block, name) for name in Block.__slots__}
