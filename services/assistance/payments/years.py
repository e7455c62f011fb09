"""Closing a programme's year in a place: proposed with all figures, and decided by a second person while they still stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, LiteralString

from psycopg.rows import dict_row

from contracts.assistance import payment_years as years
from contracts.facts import PUBLISHED, Recorded
from contracts.roles import Role
from services.assistance.payments import rules, tables
from services.assistance.payments.domain_identities import Gross, Identities, Net
from services.assistance.payments.domain_lines import NOTHING, in_order
from services.assistance.payments.ledger import Figures, Ledger, Scope
from services.assistance.payments.returns import PAID_AGAIN, Outstanding
from services.assistance.payments.store import require_year_open
from services.casework.documents.store import Persons
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.snapshot import Connection
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.table import Row
from services.chassis.views.view import View, view_of_streams

BEGINNING = date(1990, 1, 1)
CHANGED = b"SELECT count(*) FROM log WHERE notification_id > %s AND originator_id LIKE 'pay%%'"
UNFINISHED = (
    "SELECT count(*) FROM pay_lists WHERE programme = %s AND starts_with(division, %s) AND compiled_on <= %s"
    " AND stage NOT IN ('instructed', 'withdrawn')"
)
NOT_PAID_AGAIN: LiteralString = (
    "SELECT p.programme, l.unit, l.component, l.period_from, l.period_to, l.occasion, l.amount FROM payment_returns r"
    " JOIN payment_lines l USING (list_id, number) JOIN pay_lists p USING (list_id)"
    f" WHERE p.programme = %s AND starts_with(p.division, %s) AND r.returned_on <= %s AND NOT {PAID_AGAIN}"
)


@dataclass(frozen=True, slots=True)
class Year:
    programme: str
    division: str
    year: int

    @property
    def stream(self) -> str:
        return f"payment-year-{self.programme}-{self.division}-{self.year}"

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)

    def scope(self, ledger: Ledger, as_of: date) -> Scope:
        return Scope(self.programme, self.division, BEGINNING, date(2200, 12, 31), as_of, ledger.now())


@dataclass(frozen=True, slots=True)
class Blocks:
    """What keeps a year from being closed: lists not handed over, lines without an outcome, returned and not paid again,
    overpayments that are still owed, dues that nobody has paid, and identities that do not hold."""

    unfinished: int
    pending: Decimal
    not_paid_again: int
    owed: Decimal
    unpaid: Decimal
    difference: Decimal

    @property
    def any(self) -> bool:
        return bool(
            self.unfinished or self.pending or self.not_paid_again or self.owed or self.unpaid or self.difference
        )


def blocks(conn: Connection, ledger: Ledger, year: Year, figures: Figures, today: date) -> Blocks:
    asked = (year.programme, year.division, year.last_day)
    unfinished = conn.execute(UNFINISHED, asked).fetchone()
    returned = conn.cursor(row_factory=dict_row).execute(NOT_PAID_AGAIN, asked).fetchall()
    again = sum(1 for _ in Outstanding(conn, ledger, today).of(returned))
    gross, net = figures.identities.gross, figures.identities.net
    difference = abs(gross.difference) + abs(net.difference) + abs(net.difference_of_overpaid)
    return Blocks(
        unfinished[0] if unfinished else 0,
        gross.pending,
        again,
        figures.unplanned,
        net.unpaid,
        difference,
    )


class YearCommands:
    def __init__(self, ledger: Ledger, persons: Persons) -> None:
        self._ledger, self._persons = ledger, persons

    def propose(self, year: Year, actor: Actor, blocked: Blocks, read: Figures) -> Callable[[Tx], Reply]:
        """``read``: the figures, before the lock."""

        def work(tx: Tx) -> Reply:
            self._require(tx, year, actor, blocked, read.head)
            fact = years.PaymentYearClosingProposed(
                effective_on=tx.today, entered_by=actor.subject, programme=year.programme, division=year.division,
                year=year.year, **figures_of(read.identities),
            )  # fmt: skip
            return self._append(tx, year, fact)

        return work

    def close(self, year: Year, actor: Actor, blocked: Blocks, read: Figures) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            self._require(tx, year, actor, blocked, read.head)
            proposed = proposal(tx.load(year.stream))
            if proposed is None or not _same(proposed.fact, figures_of(read.identities)):
                raise Refused(rules.CLOSING_NOT_PROPOSED).advising(
                    NextStep("propose_year_closing", Office((Role.REVIEWER, Role.DECIDER)))
                )
            if proposed.fact.entered_by in self._persons(tx, actor.subject):
                raise Refused(rules.CLOSING_BY_PROPOSER).advising(
                    NextStep("close_payment_year", Office((Role.DECIDER,), another_person=True))
                )
            fact = years.PaymentYearClosed(
                effective_on=tx.today, entered_by=actor.subject, programme=year.programme, division=year.division,
                year=year.year, caused_by=proposed.id,
            )  # fmt: skip
            return self._append(tx, year, fact)

        return work

    def _require(self, tx: Tx, year: Year, actor: Actor, blocked: Blocks, head: int) -> None:
        if not actor.covers(year.division):
            raise Refused(NOT_FOUND)
        if year.year > tx.today.year:
            raise Refused(rules.YEAR_NOT_BEGUN, year=year.year)
        require_year_open(tx.cur, year.programme, year.division, year.last_day)
        row = tx.cur.execute(CHANGED, (head,)).fetchone()
        if row is not None and row[0]:
            raise Refused(rules.FIGURES_CHANGED)
        if blocked.any:
            shown = {f.name: getattr(blocked, f.name) for f in fields(blocked)}
            raise Refused(rules.YEAR_NOT_RECONCILED, **shown).advising(
                NextStep("read_payment_identities", Office((Role.REVIEWER, Role.DECIDER)))
            )

    def _append(self, tx: Tx, year: Year, fact: years.YearFact) -> Reply:
        tx.append(year.stream, fact)
        if not tx.dry_run:
            tables.YEARS.replace(tx.cur, [fact.key], year_rows(tx.load(year.stream)))
        return Reply(location=f"/assistance/payments/identities?programme={year.programme}&division={year.division}")


def proposal(recorded: Sequence[Recorded]) -> Recorded | None:
    return next((r for r in reversed(in_order(recorded)) if isinstance(r.fact, years.PaymentYearClosingProposed)), None)


def figures_of(found: Identities) -> dict[str, Any]:
    gross, net = found.gross, found.net
    named = {f.name: getattr(gross, f.name) for f in fields(Gross)}
    return named | {f.name: getattr(net, f.name) for f in fields(Net) if f.name not in named}


def _same(fact: Any, found: dict[str, Decimal]) -> bool:
    return all(getattr(fact, name, NOTHING) == amount for name, amount in found.items())


def years_view() -> View[str]:
    """Keeps ``payment_years``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, years.YearFact))
    return view_of_streams("payment_years", (tables.YEARS,), types, "payment-year-", str, _rows, appended=True)


def _rows(_: str, recorded: Sequence[Recorded]) -> tuple[list[Row]]:
    return (year_rows(recorded),)


def year_rows(recorded: Sequence[Recorded]) -> list[Row]:
    ordered = [r for r in in_order(recorded) if isinstance(r.fact, years.YearFact)]
    if not ordered:
        return []
    last = ordered[-1].fact
    assert isinstance(last, years.YearFact)
    closed = isinstance(last, years.PaymentYearClosed)
    return [(last.key, last.programme, last.division, last.year, closed, last.effective_on, last.entered_by)]
