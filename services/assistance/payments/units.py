"""Handlers of the commands about what one beneficiary is due or was paid too much."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance import payment_accounts as accounts
from contracts.facts import Evidence
from services.assistance.entitlements.due import DueSource
from services.assistance.payments import tables
from services.assistance.payments.domain_identities import DueAccount
from services.assistance.payments.domain_units import annul, require_new_paper, stream_of
from services.assistance.payments.ledger import FIRST, LAST, Ledger, Scope, key_of, with_listed
from services.assistance.payments.store import require_year_open
from services.casework.dates import require_not_future
from services.chassis.ground.clock import TICK
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

PLACE = b"SELECT division FROM pay_lists JOIN payment_lines USING (list_id) WHERE unit = %s ORDER BY compiled_at DESC LIMIT 1"
PLACE_OF_DUE = (
    b"SELECT p.division FROM pay_lists p JOIN payment_lines l USING (list_id) WHERE l.unit = %s AND l.programme = %s"
    b" AND (l.component, l.period_from, l.period_to, l.occasion) = (%s, %s, %s, %s) AND l.live"
)
UnitEntry = accounts.UnitFact | accounts.PayeeNamed | accounts.UnitEntriesAnnulled
DecideDue = Callable[[DueAccount, dict[str, Any]], accounts.UnitFact]


@dataclass(frozen=True, slots=True)
class DueCommand:
    unit: UUID
    due: accounts.DueKey
    on: date


class UnitCommands:
    def __init__(self, store: Store, dues: DueSource) -> None:
        self._store, self._dues = store, dues
        self._ledger = Ledger(store, dues)

    def place(self, cur: Any, unit: UUID, due: accounts.DueKey | None = None) -> str | None:
        """Where this due was paid, or is due; without one, where the unit was paid last, or is due something."""
        if due is None:
            row = cur.execute(PLACE, (unit,)).fetchone()
            return (
                str(row[0])
                if row is not None
                else next((d.division for d in self._dues.of_unit(unit, as_of=LAST)), None)
            )
        key = due.component, due.period_from, due.period_to, due.occasion
        row = cur.execute(PLACE_OF_DUE, (unit, due.programme, *key)).fetchone()
        if row is not None:
            return str(row[0])
        owed = self._dues.of_unit(unit, as_of=LAST, programme=due.programme)
        there = next((d.division for d in owed if key_of(d) == key), None)
        return there or self.place(cur, unit)

    def handler(self, command: DueCommand, actor: Actor, decide: DecideDue) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            place = self._require_place(tx, command.unit, actor, command.due)
            require_not_future(command.on, tx.today)
            require_year_open(tx.cur, command.due.programme, place, tx.today)
            scope = Scope(command.due.programme, "", FIRST, LAST, tx.today, tx.instant + TICK, command.unit)
            conn = tx.cur.connection
            of_dues = with_listed(conn, scope, self._ledger.of_unit(scope, conn))
            key = command.due
            account = of_dues.get((key.component, key.period_from, key.period_to, key.occasion), DueAccount())
            common = {
                "unit": command.unit, "division": place, "due": key, "effective_on": command.on, "entered_by": actor.subject,
            }  # fmt: skip
            fact = decide(account, common)
            require_new_paper(tx.load(stream_of(command.unit)), fact)
            return self._append(tx, command.unit, fact)

        return work

    def name_payee(self, unit: UUID, payee: UUID | None, on: date, paper: str, actor: Actor) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            self._require_place(tx, unit, actor)
            require_not_future(on, tx.today)
            evidence = (Evidence(kind="payee_paper", archive_no=paper),)
            fact = accounts.PayeeNamed(
                unit=unit, payee=payee, effective_on=on, entered_by=actor.subject, evidence=evidence
            )
            return self._append(tx, unit, fact)

        return work

    def annul(self, unit: UUID, facts: tuple[str, ...], on: date, reason: str, actor: Actor) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            place, told = self._require_place(tx, unit, actor), tx.load(stream_of(unit))
            require_not_future(on, tx.today)
            for programme in sorted(
                {r.fact.due.programme for r in told if r.id in facts and isinstance(r.fact, accounts.UnitFact)}
            ):
                require_year_open(tx.cur, programme, place, tx.today)
            annulled = accounts.UnitEntriesAnnulled(
                unit=unit, division=place, reason=reason, effective_on=on, entered_by=actor.subject, annuls=facts
            )
            return self._append(tx, unit, annul(told, annulled))

        return work

    def _require_place(self, tx: Tx, unit: UUID, actor: Actor, due: accounts.DueKey | None = None) -> str:
        place = self.place(tx.cur, unit, due)
        if place is None or not actor.covers(place):
            raise Refused(NOT_FOUND)
        return place

    def _append(self, tx: Tx, unit: UUID, fact: UnitEntry) -> Reply:
        tx.append(stream_of(unit), fact)
        if not tx.dry_run:
            money, payees = tables.unit_rows(unit, tx.load(stream_of(unit)))
            tables.UNITS.replace(tx.cur, [unit], money)
            tables.PAYEES.replace(tx.cur, [unit], payees)
        return Reply(location=f"/assistance/payments/units/{unit}")
