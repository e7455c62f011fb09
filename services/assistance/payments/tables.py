"""The tables of payments: rows as facts come to, written by the commands in the transactions that append them, and compared and
replaced by a rebuild. Pure but for ``write``."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from contracts.assistance import payment_accounts as accounts
from contracts.assistance import payments as facts
from contracts.facts import PUBLISHED, Recorded
from contracts.selection import surviving
from services.assistance.payments.domain_lines import (
    LIVE,
    NOTHING,
    STAGE_AFTER,
    LineState,
    PayList,
    PayListStage,
    evolve,
    fold,
    in_order,
)
from services.assistance.payments.fund_quotas import document_key
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

LISTS = Table(
    "pay_lists", "list_id",
    (
        "list_id", "programme", "division", "means", "stage", "since", "compiled_on", "compiled_at",
        "period_from", "period_to", "due_as_of",
        "due_known_at", "lines", "total", "last_day", "quota", "fund_document", "document_key",
        "order_no", "reserved", "instructed",
        "settled", "returned", "pending_lines", "held", "reissues",
    ),
)  # fmt: skip
LINES = Table(
    "payment_lines", "list_id",
    (
        "list_id", "number", "unit", "household_id", "programme", "component", "period_from", "period_to", "occasion",
        "payee_kind", "payee", "amount", "live",
    ),
)  # fmt: skip
LINE_TYPES = (
    "uuid", "int4", "uuid", "uuid", "text", "text", "date", "date", "text", "text", "uuid", "numeric", "bool",
)  # fmt: skip
MOVEMENTS = Table(
    "payment_movements", "list_id",
    (
        "list_id", "position", "fact", "recorded_at", "annulled_at", "made_on", "kind", "lines", "amount", "of_settled",
        "source",
    ),
)  # fmt: skip
RETURNS = Table("payment_returns", "list_id", ("list_id", "number", "returned_on", "cause"))
UNITS = Table(
    "unit_money", "unit",
    (
        "unit", "position", "fact", "recorded_at", "made_on", "division", "programme", "component", "period_from",
        "period_to", "occasion", "kind", "amount", "annulled_at",
    ),
)  # fmt: skip
PAYEES = Table("unit_payees", "unit", ("unit", "payee", "named_on"))
YEARS = Table("payment_years", "key", ("key", "programme", "division", "year", "closed", "since", "by"))
KIND_OF = {
    accounts.DueWaived: "waived",
    accounts.AmountRecovered: "recovered",
    accounts.RecoveryRefunded: "refunded",
    accounts.OverpaymentWrittenOff: "written_off",
    accounts.RecoveryPlanned: "planned",
}


def lists_view() -> View[UUID]:
    """Keeps ``pay_lists``, ``payment_lines``, ``payment_movements`` and ``payment_returns``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, facts.ListFact))
    tables = (LISTS, LINES, MOVEMENTS, RETURNS)
    return view_of_streams("pay_lists", tables, types, "pay-list-", UUID, _rows, appended=True)


def units_view() -> View[UUID]:
    """Keeps ``unit_money`` and ``unit_payees``."""
    types = frozenset(
        name
        for (name, _), kind in PUBLISHED.items()
        if issubclass(kind, accounts.UnitFact | accounts.PayeeNamed | accounts.UnitEntriesAnnulled)
    )
    return view_of_streams("unit_money", (UNITS, PAYEES), types, "payments-of-", UUID, unit_rows, appended=True)


def _rows(_: UUID, recorded: Sequence[Recorded]) -> Sequence[Iterable[Row]]:
    pay_list = fold(recorded)
    if pay_list is None:
        return (), (), (), ()
    runs = (r.fact for r in recorded if isinstance(r.fact, facts.PayLinesListed))
    lines = (row for run in runs for row in line_rows(run, pay_list))
    return [list_row(pay_list, recorded)], lines, list(movement_rows(recorded)), list(return_rows(pay_list))


def list_row(pay_list: PayList, recorded: Iterable[Recorded]) -> Row:
    """``recorded``: of its stream, the runs of lines left out or not."""
    ordered = in_order(recorded)
    compiled = next(r for r in ordered if isinstance(r.fact, facts.PayListCompiled))
    fact, released = pay_list.compiled, pay_list.released
    return (
        pay_list.list_id, fact.programme, fact.division, fact.means, pay_list.stage, _since(pay_list.stage, ordered),
        fact.effective_on, compiled.position,
        fact.period_from, fact.period_to, fact.due_as_of, fact.due_known_at, fact.lines, fact.total, pay_list.last_day,
        released and released.quota, released and released.fund_document,
        released and document_key(released.fund_document), released and released.order_no,
        released and released.reserved, pay_list.instructed, pay_list.settled, pay_list.returned,
        pay_list.count(LineState.PENDING), sorted(pay_list.held), fact.reissues,
    )  # fmt: skip


def _since(stage: PayListStage, ordered: Sequence[Recorded]) -> Any:
    """The day of the latest act that brought the list where it is."""
    return next(r.fact.effective_on for r in reversed(ordered) if STAGE_AFTER.get(type(r.fact)) is stage)


def line_rows(run: facts.PayLinesListed, pay_list: PayList) -> Iterator[Row]:
    fact, states = pay_list.compiled, pay_list.states
    for number, line in enumerate(run.lines, start=run.first):
        yield (
            run.list_id, number, line.unit, line.household_id, fact.programme, run.component, run.period_from,
            run.period_to, run.occasion, run.payee_kind, line.payee, line.amount, states[number - 1] in LIVE,
        )  # fmt: skip


def movement_rows(recorded: Iterable[Recorded]) -> Iterator[Row]:
    """Of all facts, annulled ones too: what was known before the annulment is still asked."""
    ordered = sorted(recorded, key=lambda r: r.position)
    annulled = {fact: r.recorded_at for r in ordered for fact in r.fact.annuls}
    pay_list: PayList | None = None
    for r in ordered:
        if isinstance(r.fact, facts.PayListCompiled):
            pay_list = PayList(r.fact.list_id, r.fact, bytearray(r.fact.lines))
            continue
        if pay_list is None or not isinstance(r.fact, facts.ListFact):
            continue
        before = bytes(pay_list.states)
        evolve(pay_list, r.fact)
        found = _movement(r.fact, before, pay_list)
        if found is not None:
            kind, lines, amount, of_settled, source = found
            yield (
                r.fact.list_id, r.position, r.id, r.recorded_at, annulled.get(r.id), r.fact.effective_on, kind, lines, amount,
                of_settled, source,
            )  # fmt: skip


def _movement(fact: facts.ListFact, before: bytes, after: PayList) -> tuple[str, Multirange[int], Any, Any, str] | None:
    zero = after.compiled.total - after.compiled.total
    match fact:
        case facts.PaymentsInstructed():
            left = set(fact.left_out)
            lines = [n for n, state in enumerate(before, start=1) if state == LineState.LISTED and n not in left]
            return "instructed", ranges(lines), fact.total, zero, fact.control
        case facts.PaymentsSettled():
            but = set(fact.but)
            lines = [n for n in range(fact.first, fact.last + 1) if n not in but]
            return "settled", ranges(lines), fact.total, zero, fact.source
        case facts.PaymentsReturned():
            return "returned", ranges(each.line for each in fact.lines), fact.total, fact.of_settled, fact.source
    return None


def ranges(lines: Iterable[int]) -> Multirange[int]:
    """Lines in order as ranges, the upper end excluded."""
    found: list[list[int]] = []
    for line in lines:
        if found and found[-1][1] == line:
            found[-1][1] += 1
        else:
            found.append([line, line + 1])
    return Multirange([Range(first, end) for first, end in found])


def return_rows(pay_list: PayList) -> Iterator[Row]:
    for line in pay_list.lines(LineState.RETURNED):
        cause, day = pay_list.causes[line]
        yield pay_list.list_id, line, day, cause


def unit_rows(unit: UUID, recorded: Sequence[Recorded]) -> Sequence[Iterable[Row]]:
    """Money of all entries, annulled ones too; the payee of those that count, in the order of their days."""
    ordered = sorted(recorded, key=lambda r: r.position)
    annulled = {fact: r.recorded_at for r in ordered for fact in r.fact.annuls}
    money = [unit_row(r, r.fact, annulled.get(r.id)) for r in ordered if isinstance(r.fact, accounts.UnitFact)]
    named = [r.fact for r in surviving(ordered) if isinstance(r.fact, accounts.PayeeNamed)]
    return money, [(unit, last.payee, last.effective_on) for last in named[-1:]]


def unit_row(r: Recorded, fact: accounts.UnitFact, annulled_at: datetime | None = None) -> Row:
    due, kind = fact.due, KIND_OF[type(fact)]
    parts = fact.instalments if isinstance(fact, accounts.RecoveryPlanned) else (fact,)
    amount = sum((getattr(each, "amount") for each in parts), NOTHING)  # noqa: B009 - of several types that have one
    return (
        fact.unit, r.position, r.id, r.recorded_at, fact.effective_on, fact.division, due.programme, due.component,
        due.period_from, due.period_to, due.occasion, kind, amount, annulled_at,
    )  # fmt: skip
