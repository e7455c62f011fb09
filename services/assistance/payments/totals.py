"""What was paid in all: payments, units, households, persons and what a head had of it. Observed totals and averages are figures of what
was done and never a rate (practice, money 8): no document can name one."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, LiteralString

import anyio
from fastapi import Query
from psycopg.rows import dict_row
from pydantic import BaseModel

from services.assistance.payments.ledger import FIRST, LAST, MOVED, Ledger, Scope
from services.assistance.payments.units_api import Asked
from services.casework.asked_days import KnownAt, recorded_before
from services.chassis.log.store import Store
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

FEN = Decimal("0.01")
PERSONS: LiteralString = (
    "coalesce((SELECT coalesce(e.persons, 0) FROM entitlements e WHERE e.unit_id = l.unit AND e.programme = l.programme"
    " ORDER BY e.granted_from DESC LIMIT 1), 1)"
)
"""0: not known. A line without a grant (attendance in a post) is of one person."""
TOTALS = f"""{MOVED}
, paid AS (
    SELECT l.component, l.unit, l.household_id, l.amount, {PERSONS} AS persons
    FROM moved JOIN payment_lines l USING (list_id) WHERE l.number <@ (settled - returned)
), by_unit AS (
    SELECT component, unit, household_id, count(*) AS payments, sum(amount) AS amount, max(persons) AS persons,
        sum(persons) AS person_times, bool_and(persons > 0) AS known
    FROM paid GROUP BY GROUPING SETS ((component, unit, household_id), (unit, household_id))
)
SELECT component, sum(payments)::int AS payments, count(DISTINCT unit)::int AS units,
    count(DISTINCT household_id)::int AS households, (CASE WHEN bool_and(known) THEN sum(persons) END)::int AS persons,
    (CASE WHEN bool_and(known) THEN sum(person_times) END)::int AS person_times, sum(amount) AS amount
FROM by_unit GROUP BY component ORDER BY component NULLS LAST
"""
From = Annotated[Day | None, Query(description="所属期间起始日不早于 / periods that begin on or after")]
To = Annotated[Day | None, Query(description="所属期间截止日不晚于 / periods that end on or before")]


class PaidAnswer(BaseModel):
    """Yuan that were credited and not returned. ``payments``: so many of them; ``person_times``: persons, each counted for every payment;
    ``a_person``, ``a_person_time``: what came to each, on average. Persons are those of the latest grant, as known now; ``None`` where that
    of an earlier release has not been read anew (``lika rebuild assistance``): better unknown than wrong."""

    component: str | None
    payments: int
    units: int
    households: int
    persons: int | None
    person_times: int | None
    amount: Decimal
    a_person: Decimal | None
    a_person_time: Decimal | None


class PaymentTotalsAnswer(BaseModel):
    """``components``: each by itself; ``total``: of all, in which whoever has several is counted once; none where nothing was paid."""

    programme: str
    division: str
    components: list[PaidAnswer]
    total: PaidAnswer | None


def _answer(row: dict[str, Any]) -> PaidAnswer:
    def of(count: int | None) -> Decimal | None:
        amount: Decimal = row["amount"]
        return None if count is None else (amount / count).quantize(FEN, ROUND_HALF_UP)

    return PaidAnswer(**row, a_person=of(row["persons"]), a_person_time=of(row["person_times"]))


def read_totals(store: Store, scope: Scope) -> PaymentTotalsAnswer:
    """Blocking."""
    with store.snapshot() as snapshot, snapshot.connection.cursor(row_factory=dict_row) as cur:
        rows = [_answer(row) for row in cur.execute(TOTALS.encode(), scope.params()).fetchall()]
    return PaymentTotalsAnswer(
        programme=scope.programme, division=scope.division, components=[row for row in rows if row.component is not None],
        total=next((row for row in rows if row.component is None), None),
    )  # fmt: skip


def totals_router(service: Service, ledger: Ledger, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/payments", tags=["payments"])

    @router.get("/totals")
    async def read_payment_totals(
        actor: CurrentActor, after: AskedPositions, programme: Asked, division: Prefix = "", period_from: From = None,
        period_to: To = None, known_at: KnownAt = None,
    ) -> PaymentTotalsAnswer:  # fmt: skip
        """What was paid of a programme in an area, in households and in persons, and what a head had of it, as known on any day."""
        await wait_for_positions(after)
        area = narrowed_to_area(division, actor)

        def read() -> PaymentTotalsAnswer:
            known = recorded_before(known_at) or ledger.now()
            first, last = period_from or FIRST, period_to or LAST
            return read_totals(service.store, Scope(programme, area, first, last, last, known))

        return await anyio.to_thread.run_sync(read)

    return router
