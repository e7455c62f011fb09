"""Aid that was paid draws on the fund whose document its release named. What no quota covers, or no fund of that document, waits and
is tried again with every act about the fund: money that left cannot be refused, and no account is ever short."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.facts import Fact, Recorded
from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundUse
from contracts.selection import surviving, timeline
from services.casework.ledgers.domain import Book
from services.casework.ledgers.money import yuan_of
from services.casework.normalized_texts import normalized
from services.chassis.ground.refusals import Refused
from services.chassis.log.unit import Tx
from services.monitoring.funds import domain, rules
from services.monitoring.funds.accounting import Account, accounting, name_of
from services.monitoring.funds.programme_payments import TYPES, ProgrammePayment, document_key
from services.monitoring.funds.state import Fund, fold
from services.monitoring.works import digest

DOCUMENT_CLAIM = "fund_document"
"""Kind of claim: which fund of a place is the money of a document."""
DRAWS = (facts.ProgrammePaymentDrawn, facts.ProgrammePaymentRestored)
LEVELS = (2, 4, 6, 9, 12)
"""Digits of a province's, city's, county's, township's and village's division."""
OF_LISTS = (
    b"SELECT list_id, programme, division, fund_document, cause, on_day, fen FROM programme_payments WHERE list_id = ANY(%s)"
    b" ORDER BY on_day, fen DESC, cause"
)
OF_DOCUMENT = (
    b"SELECT list_id, programme, division, fund_document, cause, on_day, fen FROM programme_payments"
    b" WHERE document_key = %s AND starts_with(division, %s) ORDER BY on_day, fen DESC, cause"
)
COMMITTED = (
    b"SELECT division, fund_document, sum(fen) FROM programme_commitments"
    b" WHERE document_key = %s AND starts_with(division, %s) AND programme = %s GROUP BY division, fund_document"
)
LISTS_DRAWN = b"SELECT DISTINCT fund_id FROM fund_draws WHERE list_id = ANY(%s)"


def document_claim(division: str, document_no: str) -> tuple[tuple[int, bytes], ...]:
    return digest(normalized((division, document_no)))


@dataclass
class DrawsOnFunds:
    """Behind the view of what programmes paid."""

    name = "fund_draws"
    types = TYPES
    appends = True

    def apply(self, tx: Tx, recorded: Sequence[Recorded]) -> None:
        lists = [UUID(each) for each in dict.fromkeys(_list_of(r) for r in recorded)]
        found = _payments(tx, OF_LISTS, (lists,))
        funds = dict.fromkeys(_fund_of(tx, p.division, p.fund_document) for p in found)
        # What was annulled altogether is in no row: the funds that these lists had drawn on are looked at as well.
        funds.update(dict.fromkeys(row[0] for row in tx.cur.execute(LISTS_DRAWN, (lists,)).fetchall()))
        for fund_id in funds:
            if fund_id is not None:
                settle(tx, fund_id, recorded[-1].id)


def settle(tx: Tx, fund_id: UUID, cause: str | None = None) -> None:
    """Draw what is paid under the fund's document and not drawn yet, as far as its quota goes; what is paid no longer is void.
    ``cause``: id of the fact that was reacted to."""
    stream = f"fund-{fund_id}"
    of_fund = tx.load(stream)
    fund = fold(timeline(of_fund))
    if fund is None or fund.document_no is None:  # or never promised, as one now knows
        return
    paid = [
        p for p in _payments(tx, OF_DOCUMENT, (document_key(fund.document_no), fund.division))
        if _fund_of(tx, p.division, p.fund_document) == fund_id
    ]  # fmt: skip
    for fact in withdrawn(fund, of_fund, paid, tx.today, cause):
        tx.append(stream, fact)
    known = tx.load(stream)
    drawn = _drawn(known)
    for each in (p for p in paid if p.cause not in drawn):
        try:
            new = draw(each, domain.require_fund(known), known, tx.today)
        except Refused:
            continue
        tx.append(stream, *new)
        known = tx.load(stream)


def require_commitments_kept(tx: Tx, fund: Fund, programmes: Iterable[str]) -> None:
    """What released lists are still to pay stays reserved: assistance has promised it on the fund's word. Raises ``Refused``."""
    known = tx.load(f"fund-{fund.fund_id}")
    if fund.document_no is None:
        return
    balances = Book(tuple(accounting(timeline(known)))).balances()
    for programme in programmes:
        rows = tx.cur.execute(COMMITTED, (document_key(fund.document_no), fund.division, programme)).fetchall()
        committed = sum(int(fen) for place, document, fen in rows if _fund_of(tx, place, document) == fund.fund_id)
        reserved = balances.get(name_of(Account.RESERVED, FundUse(programme=programme)), 0)
        if reserved < committed:
            raise Refused(
                rules.HELD_BY_LISTS, programme=programme, reserved=yuan_of(reserved), committed=yuan_of(committed)
            )


def draw(paid: ProgrammePayment, fund: Fund, of_fund: Sequence[Recorded], today: date) -> list[Fact]:
    """What was not drawn yet. Raises ``Refused`` where the earmark is another or the quota does not go so far."""
    use = FundUse(programme=paid.programme)
    domain.require_purpose(use, fund, None)
    common: dict[str, Any] = {
        "fund_id": fund.fund_id, "effective_on": open_day(fund, paid.on), "entered_by": SYSTEM_ACTOR, "use": use,
        "list_id": paid.list_id, "paid_on": paid.on, "caused_by": paid.cause,
    }  # fmt: skip
    if paid.fen > 0:
        fact: facts.FundFact = facts.ProgrammePaymentDrawn(**common, amount=yuan_of(paid.fen))
    else:
        fact = facts.ProgrammePaymentRestored(**common, amount=yuan_of(-paid.fen))
    return domain.record(fact, fund, of_fund, None, today)


def withdrawn(
    fund: Fund, of_fund: Sequence[Recorded], paid: Iterable[ProgrammePayment], today: date, cause: str | None
) -> list[Fact]:
    """Draws whose payment does not stand any more are annulled, where what is left stands without them: in no closed year."""
    standing = {p.cause for p in paid}
    gone = tuple(id_ for cause, id_ in _drawn(of_fund).items() if cause not in standing)
    if not gone:
        return []
    void = facts.FundActsAnnulled(
        fund_id=fund.fund_id,
        effective_on=today,
        entered_by=SYSTEM_ACTOR,
        annuls=gone,
        reason="发放结果已撤销",
        caused_by=cause,
    )
    try:
        return domain.annul(void, fund, of_fund, today)
    except Refused:
        return []


def open_day(fund: Fund, paid_on: date) -> date:
    """The day itself, or the first one of the year behind those that are closed; not before the fund was promised."""
    day = max(paid_on, fund.declared_on)
    while day.year in fund.closed_years:
        day = date(day.year + 1, 1, 1)
    return day


def _drawn(of_fund: Sequence[Recorded]) -> dict[str, str]:
    """Fact of assistance → id of the draw that it caused, of those that stand."""
    drawn = (r for r in surviving(of_fund) if isinstance(r.fact, DRAWS))
    return {r.fact.caused_by: r.id for r in drawn if r.fact.caused_by is not None}


def _fund_of(tx: Tx, division: str, document_no: str) -> UUID | None:
    """The fund of the nearest place above that has this document."""
    keys = [key for n in LEVELS if n <= len(division) for key in document_claim(division[:n], document_no)]
    held = tx.holders(DOCUMENT_CLAIM, keys)
    return next((held[key] for key in reversed(keys) if key in held), None)


def _payments(tx: Tx, sql: bytes, params: tuple[object, ...]) -> list[ProgrammePayment]:
    return [ProgrammePayment(*row) for row in tx.cur.execute(sql, params).fetchall()]


def _list_of(recorded: Recorded) -> str:
    return recorded.stream.removeprefix("pay-list-")
