"""Handlers of the commands about pay-lists, and what they write beside the facts. Everything is decided under the append lock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Cursor

from contracts.assistance import payments as facts
from contracts.facts import Fact, Recorded
from services.assistance.payments import domain, rules, tables
from services.assistance.payments.domain_lines import LIVE, NOTHING, LineState, PayList, fold
from services.casework.calendars import day_count
from services.casework.calendars.day_count import Calendar, DayCount, Holidays, holidays_from
from services.casework.dates import require_not_future
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.documents.store import Persons
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.command_record import Reply
from services.chassis.log.entries import Payload, topic_of
from services.chassis.log.needs import Part
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

RUNS = frozenset({topic_of(facts.PayLinesListed)})


def part_of(list_id: UUID) -> Part:
    """The stream of a list without its runs of lines, which are large and in the table."""
    return domain.stream_of(list_id), RUNS


class LineAmounts:
    """Line → yuan, read when the first is asked for."""

    def __init__(self, cur: Cursor[Any], list_id: UUID) -> None:
        self._cur, self._list_id = cur, list_id
        self._amounts: list[Decimal] | None = None

    def load(self) -> list[Decimal]:
        rows = self._cur.execute(
            b"SELECT amount FROM payment_lines WHERE list_id = %s ORDER BY number", (self._list_id,)
        )
        self._amounts = [NOTHING, *(amount for (amount,) in rows)]
        return self._amounts

    def __getitem__(self, line: int) -> Decimal:
        return (self._amounts or self.load())[line]


class Known(NamedTuple):
    """A list as a unit of work knows it. ``accounts``: of the person who acts."""

    tx: Tx
    pay_list: PayList
    recorded: Sequence[Recorded]
    amounts: LineAmounts
    lookup: Lookup
    accounts: frozenset[str]

    def common(self, by: str, on: date) -> dict[str, Any]:
        require_not_future(on, self.tx.today)
        require_year_open(self.tx.cur, self.programme, self.division, on)
        return {"list_id": self.pay_list.list_id, "effective_on": on, "entered_by": by}

    @property
    def division(self) -> str:
        return self.pay_list.compiled.division

    @property
    def programme(self) -> str:
        return self.pay_list.compiled.programme

    def working_days(self, on: date) -> DayCount:
        """Raises ``Refused`` where working days cannot be counted."""
        holidays: Holidays | None = None
        with suppress(NotInForce, UnknownName):
            holidays = self.lookup.in_force(day_count.KIND, day_count.NATIONAL, on, self.division).typed(holidays_from)
        return DayCount(Calendar.WORKING_DAYS, holidays)


Decide = Callable[[Known], Iterable[Fact]]


class PaymentCommands:
    def __init__(self, documents: Documents, persons: Persons) -> None:
        self._documents, self._persons = documents, persons

    def handler(self, list_id: UUID, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
        """Of an act on a list in the actor's area."""

        def work(tx: Tx) -> Reply:
            known = self.known(tx, list_id, actor)
            require_year_open(tx.cur, known.programme, known.division, tx.today)
            append(tx, known.pay_list, decide(known))
            return Reply(location=f"/assistance/pay-lists/{list_id}")

        return work

    def known(self, tx: Tx, list_id: UUID, actor: Actor) -> Known:
        """Raises ``NOT_FOUND``."""
        recorded = tx.part(part_of(list_id))
        pay_list = fold(recorded)
        if pay_list is None or not actor.covers(pay_list.compiled.division):
            raise Refused(NOT_FOUND)
        accounts = self._persons(tx, actor.subject)
        lookup = self._documents.in_unit(tx)
        return Known(tx, pay_list, recorded, LineAmounts(tx.cur, list_id), lookup, frozenset(accounts))


def require_year_open(cur: Cursor[Any], programme: str, division: str, on: date) -> None:
    """Raises ``Refused`` for a year that was closed for a place that holds this one, or that lies before one: what closed the later one was
    reckoned of all before it."""
    row = cur.execute(
        b"SELECT year, division FROM payment_years WHERE programme = %s AND year >= %s AND closed"
        b" AND starts_with(%s, division) ORDER BY year, division LIMIT 1",
        (programme, on.year, division),
    ).fetchone()
    if row is not None:
        raise Refused(rules.YEAR_CLOSED, year=row[0], division=row[1])


def append(tx: Tx, pay_list: PayList, new: Iterable[Fact | Payload]) -> None:
    """Append, and write the rows that follow. ``pay_list``: before."""
    appended = tuple(new)
    if not appended:
        return
    before = bytes(pay_list.states)
    tx.append(domain.stream_of(pay_list.list_id), *appended)
    if not tx.dry_run:
        _write(tx, pay_list.list_id, before)


def _write(tx: Tx, list_id: UUID, before: bytes) -> None:
    recorded = tx.part(part_of(list_id))
    after = fold(recorded)
    assert after is not None
    tables.LISTS.replace(tx.cur, [list_id], [tables.list_row(after, recorded)])
    tables.MOVEMENTS.replace(tx.cur, [list_id], tables.movement_rows(recorded))
    tables.RETURNS.replace(tx.cur, [list_id], tables.return_rows(after))
    changed = _changed_liveness(before, bytes(after.states))
    for live, lines in changed.items():
        if lines:
            tx.cur.execute(
                b"UPDATE payment_lines SET live = %s WHERE list_id = %s AND number = ANY(%s)", (live, list_id, lines)
            )


def _changed_liveness(before: bytes, after: bytes) -> Mapping[bool, list[int]]:
    """Lines that keep their due from another payment now and did not, or the other way round."""
    found: dict[bool, list[int]] = {True: [], False: []}
    if before == after:
        return found
    for number, (was, is_) in enumerate(zip(before, after, strict=True), start=1):
        if was != is_ and (was in LIVE) is not (is_ in LIVE):
            found[is_ in LIVE].append(number)
    return found


def paid_again(cur: Cursor[Any], pay_list: PayList) -> set[int]:
    """Lines of the list that are not live and whose due has a live line elsewhere."""
    ended = list(pay_list.lines(LineState.RETURNED, LineState.STRUCK))
    if not ended:
        return set()
    rows = cur.execute(
        b"SELECT l.number FROM payment_lines l JOIN payment_lines o USING"
        b" (unit, programme, component, period_from, period_to, occasion)"
        b" WHERE l.list_id = %s AND l.number = ANY(%s) AND o.live",
        (pay_list.list_id, ended),
    )
    return {number for (number,) in rows}
