"""What one beneficiary is due, was paid, owes or gave up, over HTTP."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, LiteralString
from uuid import UUID

import anyio
from fastapi import Query
from fastapi.responses import JSONResponse
from psycopg.rows import class_row
from pydantic import BaseModel

from contracts.assistance.payment_accounts import DueKey, UnitFact
from contracts.civil import civil_day
from services.assistance.payments import domain_units, forms
from services.assistance.payments.domain_identities import DueAccount, Net
from services.assistance.payments.domain_units import stream_of
from services.assistance.payments.ledger import FIRST, LAST, Ledger, Scope
from services.assistance.payments.paying_places import Key
from services.assistance.payments.units import DecideDue, DueCommand, UnitCommands
from services.casework.asked_days import KnownAt, recorded_before
from services.casework.standing_facts import StandingFactAnswer
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

Asked = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ENTRIES: LiteralString = (
    "SELECT fact, made_on AS on, kind, component, period_from, period_to, occasion, amount,"
    " annulled_at IS NOT NULL AND annulled_at < %(known_at)s AS annulled FROM unit_money"
    " WHERE unit = %(unit)s AND programme = %(programme)s AND recorded_at < %(known_at)s ORDER BY position"
)
AsOf = Annotated[
    Day | None, Query(description="截至该日应发，缺省为今天 / due by the end of that day; today by default")
]


class DueAccountAnswer(BaseModel):
    """One due, in yuan: due + overpaid = settled + pending + unpaid + waived; overpaid = recovered + written off + owed."""

    component: str
    period_from: date
    period_to: date
    occasion: str
    due_amount: Decimal
    overpaid: Decimal
    settled: Decimal
    pending: Decimal
    unpaid: Decimal
    waived: Decimal
    recovered: Decimal
    written_off: Decimal
    owed: Decimal


class UnitEntryAnswer(BaseModel):
    """``fact``: for its annulment; ``kind``: of entry; ``amount``: yuan; ``annulled``: whether it counts no more."""

    fact: str
    on: date
    kind: str
    component: str
    period_from: date
    period_to: date
    occasion: str
    amount: Decimal
    annulled: bool


class UnitPaymentsAnswer(BaseModel):
    """``entries``: what was waived, recovered, refunded, planned and written off, as known then."""

    unit: UUID
    programme: str
    as_of: date
    accounts: list[DueAccountAnswer]
    entries: list[UnitEntryAnswer]


class UnitQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, commands: UnitCommands, ledger: Ledger) -> None:
        self._store, self._commands, self._ledger = store, commands, ledger

    def payments(
        self, unit: UUID, actor: Actor, programme: str, day: date, known_at: datetime | None
    ) -> UnitPaymentsAnswer:
        self._require_covered(unit, actor)
        known = known_at or self._ledger.now()
        scope = Scope(programme, "", FIRST, LAST, day, known, unit)
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(UnitEntryAnswer)) as cur:
            entries = cur.execute(ENTRIES, {"unit": unit, "programme": programme, "known_at": known}).fetchall()
        return UnitPaymentsAnswer(
            unit=unit, programme=programme, as_of=day, entries=entries,
            accounts=[
                _answer(key, account.net()) for key, account in sorted(self._ledger.of_unit(scope).items())
            ],
        )  # fmt: skip

    def facts(self, unit: UUID, actor: Actor) -> list[StandingFactAnswer]:
        self._require_covered(unit, actor)
        return StandingFactAnswer.of_all(domain_units.entries(self._store.stream(stream_of(unit))))

    def _require_covered(self, unit: UUID, actor: Actor) -> None:
        """Raises ``NOT_FOUND``."""
        with self._store.snapshot() as snapshot:
            place = self._commands.place(snapshot.connection, unit)
        if place is None or not actor.covers(place):
            raise Refused(NOT_FOUND)


def unit_payments_router(
    service: Service, commands: UnitCommands, ledger: Ledger, wait_for_positions: Waits
) -> DeferredRouter:
    router = DeferredRouter(prefix="/payments/units", tags=["payments"])
    queries = UnitQueries(service.store, commands, ledger)

    async def decided(unit: UUID, body: forms.DueForm, command: Command, decide: DecideDue) -> JSONResponse:
        due = DueKey(
            programme=body.programme, component=body.component, period_from=body.period_from, period_to=body.period_to,
            occasion=body.occasion,
        )  # fmt: skip
        handler = commands.handler(DueCommand(unit, due, body.on), command.actor, decide)
        return await execute(service.store, command, handler, stream_of(unit))

    @router.get("/{unit}")
    async def read_unit_payments(
        unit: UUID, actor: CurrentActor, after: AskedPositions, programme: Asked, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> UnitPaymentsAnswer:  # fmt: skip
        """Due by due: what is due, paid, under way, unpaid, overpaid and what became of it, as known on any day."""
        await wait_for_positions(after)
        day = as_of or civil_day(service.store.now())
        return await anyio.to_thread.run_sync(queries.payments, unit, actor, programme, day, recorded_before(known_at))

    @router.get("/{unit}/facts")
    async def list_unit_facts(unit: UUID, actor: CurrentActor, after: AskedPositions) -> list[StandingFactAnswer]:
        """What was entered about what a beneficiary is due or owes and stands: any of it may be annulled."""
        await wait_for_positions(after)

        return await anyio.to_thread.run_sync(queries.facts, unit, actor)

    @router.post("/{unit}/waivers", status_code=201, responses=ACCEPTED)
    async def waive_due(unit: UUID, body: forms.DecidedForm, command: CurrentCommand) -> JSONResponse:
        """A due that is neither paid nor listed is given up, by a decision."""
        decide = partial(_decided, domain_units.waive, body=body)
        return await decided(unit, body, command, decide)

    @router.post("/{unit}/recovery-plans", status_code=201, responses=ACCEPTED)
    async def plan_recovery(unit: UUID, body: forms.RecoveryPlanForm, command: CurrentCommand) -> JSONResponse:
        """What was overpaid is to be paid back by instalments, which add up to what is still owed."""
        return await decided(unit, body, command, lambda a, c: domain_units.plan(a, c, body.planned()))

    @router.post("/{unit}/recoveries", status_code=201, responses=ACCEPTED)
    async def record_recovery(unit: UUID, body: forms.RecoveryForm, command: CurrentCommand) -> JSONResponse:
        """Overpayment that was paid back."""
        return await decided(unit, body, command, lambda a, c: domain_units.recover(a, c, body.amount, body.receipt_no))

    @router.post("/{unit}/refunds", status_code=201, responses=ACCEPTED)
    async def refund_recovery(unit: UUID, body: forms.RefundForm, command: CurrentCommand) -> JSONResponse:
        """What was recovered and is due after all is given back."""
        return await decided(unit, body, command, lambda a, c: domain_units.refund(a, c, body.amount, body.voucher_no))

    @router.post("/{unit}/write-offs", status_code=201, responses=ACCEPTED)
    async def write_off_overpayment(unit: UUID, body: forms.DecidedForm, command: CurrentCommand) -> JSONResponse:
        """Overpayment that is given up, by a decision."""
        return await decided(unit, body, command, partial(_decided, domain_units.write_off, body=body))

    @router.post("/{unit}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_unit_entries(unit: UUID, body: forms.UnitAnnulmentForm, command: CurrentCommand) -> JSONResponse:
        """Entries about what a beneficiary is due or owes were wrong: they count as never made, and are entered anew."""
        handler = commands.annul(unit, tuple(body.facts), body.on, body.reason, command.actor)
        return await execute(service.store, command, handler, stream_of(unit))

    @router.post("/{unit}/payees", status_code=201, responses=ACCEPTED)
    async def name_payee(unit: UUID, body: forms.PayeeForm, command: CurrentCommand) -> JSONResponse:
        """Whose account the beneficiary's money goes to from now on."""
        handler = commands.name_payee(unit, body.payee, body.on, body.paper, command.actor)
        return await execute(service.store, command, handler, stream_of(unit))

    return router


def _decided(
    decide: Callable[[DueAccount, dict[str, Any], Decimal], UnitFact], account: DueAccount, common: dict[str, Any], *,
    body: forms.DecidedForm,
) -> UnitFact:  # fmt: skip
    return decide(account, {**common, "decision": body.decision()}, body.amount)


def _answer(key: Key, net: Net) -> DueAccountAnswer:
    component, start, end, occasion = key
    return DueAccountAnswer(
        component=component, period_from=start, period_to=end, occasion=occasion, due_amount=net.due,
        overpaid=net.overpaid, settled=net.settled, pending=net.pending, unpaid=net.unpaid, waived=net.waived,
        recovered=net.recovered, written_off=net.written_off, owed=net.owed,
    )  # fmt: skip
