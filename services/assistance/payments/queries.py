"""Questions about pay-lists and their lines. Blocking."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from contracts.assistance import payments as facts
from contracts.facts import Recorded
from services.assistance.entitlements.due import Asked, DueLine
from services.assistance.payments import domain
from services.assistance.payments.accounts import masked_accounts
from services.assistance.payments.answers import (
    ChainEntry,
    DifferenceAnswer,
    FullPayListAnswer,
    PayListAnswer,
    PaymentLineAnswer,
    ReproductionAnswer,
)
from services.assistance.payments.compiling import Compiler
from services.assistance.payments.domain_lines import NOTHING, PayList, PayListStage, fold, in_order
from services.assistance.payments.domain_results import Outcome
from services.assistance.payments.store import part_of
from services.casework.exports.numbers import RegisteredNumbers
from services.casework.standing_facts import StandingFactAnswer
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor

NUMBERS = RegisteredNumbers(copied=True)
LISTED = (
    "SELECT *, stage AS status, since AS status_since FROM pay_lists WHERE starts_with(division, %(division)s)"
    " AND programme = coalesce(%(programme)s, programme) AND stage = coalesce(%(status)s, stage)"
    " AND (division, list_id) > (%(place)s, %(after)s) ORDER BY division, list_id LIMIT %(limit)s"
)
ONE = "SELECT *, stage AS status, since AS status_since FROM pay_lists WHERE list_id = %s"
LINES = (
    "SELECT l.*, l.number AS line, r.cause, c.control, CASE"
    " WHEN r.number IS NOT NULL THEN 'returned'"
    " WHEN EXISTS (SELECT FROM payment_movements m WHERE m.list_id = l.list_id AND m.kind = 'settled'"
    "  AND m.annulled_at IS NULL AND m.lines @> l.number) THEN 'settled'"
    " WHEN NOT l.live THEN 'struck' WHEN c.control IS NOT NULL THEN 'pending' ELSE 'listed' END AS line_state"
    " FROM payment_lines l LEFT JOIN payment_returns r USING (list_id, number)"
    " LEFT JOIN LATERAL (SELECT m.source AS control FROM payment_movements m WHERE m.list_id = l.list_id"
    "  AND m.kind = 'instructed' AND m.lines @> l.number) c ON true"
    " WHERE l.list_id = %(list_id)s AND l.number > %(after)s ORDER BY l.number LIMIT %(limit)s"
)
LINE_KEYS = (
    "SELECT unit, component, period_from, period_to, occasion, amount FROM payment_lines WHERE list_id = %s"
    " ORDER BY number"
)
ELSEWHERE = (
    "SELECT FROM payment_lines l JOIN pay_lists p USING (list_id) WHERE l.unit = %s AND l.programme = %s AND l.component = %s"
    " AND l.period_from = %s AND l.period_to = %s AND l.occasion = %s AND (l.live OR p.compiled_at < %s)"
)
MOST_DIFFERENCES = 1000


class PaymentQueries:
    def __init__(self, store: Store, compiler: Compiler) -> None:
        self._store, self._compiler = store, compiler

    def lists(
        self, division: str, programme: str | None, status: PayListStage | None, after: tuple[str, UUID], limit: int
    ) -> list[PayListAnswer]:
        asked = {
            "division": division, "programme": programme, "status": status, "place": after[0], "after": after[1],
            "limit": limit,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return [_answer(row) for row in cur.execute(LISTED, asked)]

    def one(self, list_id: UUID, actor: Actor) -> FullPayListAnswer:
        """Raises ``NOT_FOUND``."""
        row, pay_list, recorded = self.known(list_id, actor)
        control = pay_list.files[-1].control if pay_list.files else None
        outcomes = StandingFactAnswer.of_all(r for r in in_order(recorded) if isinstance(r.fact, Outcome))
        return FullPayListAnswer(
            **_answer(row).model_dump(), control=control, chain=_chain(recorded), outcomes=outcomes
        )

    def known(self, list_id: UUID, actor: Actor) -> tuple[Mapping[str, Any], PayList, Sequence[Recorded]]:
        """Raises ``NOT_FOUND``."""
        with self._store.snapshot() as snapshot:
            row = snapshot.connection.cursor(row_factory=dict_row).execute(ONE, (list_id,)).fetchone()
            if row is None or not actor.covers(row["division"]):
                raise Refused(NOT_FOUND)
            recorded = self._store.on_snapshot(lambda tx: tx.part(part_of(list_id)))
        pay_list = fold(recorded)
        assert pay_list is not None
        return row, pay_list, recorded

    def lines(self, list_id: UUID, actor: Actor, after: int, limit: int) -> list[PaymentLineAnswer]:
        """Raises ``NOT_FOUND``."""
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            row = cur.execute(ONE, (list_id,)).fetchone()
            if row is None or not actor.covers(row["division"]):
                raise Refused(NOT_FOUND)
            found = cur.execute(LINES, {"list_id": list_id, "after": after, "limit": limit}).fetchall()
            ids = {each for line in found for each in (line["household_id"], line["unit"]) if each is not None}
            numbers = NUMBERS(conn, ids)
            accounts = masked_accounts(conn, {h for line in found if (h := line["household_id"]) is not None})
        return [
            PaymentLineAnswer.model_validate(
                {
                    **line, "programme": row["programme"], "person_no": numbers.get(line["unit"]),
                    "national_no": numbers.get(line["household_id"]), "account": accounts.get(line["household_id"]),
                }
            )
            for line in found
        ]  # fmt: skip

    def reproduction(self, list_id: UUID, actor: Actor, asked: Asked, now: Asked) -> ReproductionAnswer:
        """What the question of the list answers as known then, and as known now. Raises ``NOT_FOUND``."""
        row, _, _ = self.known(list_id, actor)
        with self._store.reading() as conn:
            listed = {tuple(line[:5]): line[5] for line in conn.execute(LINE_KEYS, (list_id,))}
        then, found = self._answered(asked, row, listed), self._answered(now, row, listed)
        differing = sorted(key for key in listed.keys() | found.keys() if listed.get(key) != found.get(key))
        return ReproductionAnswer(
            list_id=list_id, due_as_of=row["due_as_of"], due_known_at=row["due_known_at"], same=then == listed,
            lines=len(listed), total=sum(listed.values(), NOTHING), total_now=sum(found.values(), NOTHING),
            differences=[
                DifferenceAnswer(
                    unit=key[0], component=key[1], period_from=key[2], period_to=key[3], occasion=key[4],
                    listed=listed.get(key), found=found.get(key),
                )
                for key in differing[:MOST_DIFFERENCES]
            ],
        )  # fmt: skip

    def _answered(self, asked: Asked, row: Mapping[str, Any], listed: Mapping[Any, Any]) -> dict[Any, Any]:
        """Of what no earlier list had and no other pays the list is the whole: its own keys, and dues that nobody pays."""
        return {
            key: due.amount
            for due in self._compiler.dues.lines(asked)
            if (key := _key(due)) in listed or not self._listed_elsewhere(due, row["compiled_at"])
        }

    def _listed_elsewhere(self, due: DueLine, compiled_at: int) -> bool:
        asked = (
            *(due.unit, due.programme, due.component, due.period.start, due.period.end, due.occasion), compiled_at,
        )  # fmt: skip
        with self._store.reading() as conn:
            return conn.execute(ELSEWHERE, asked).fetchone() is not None


def _key(due: DueLine) -> tuple[UUID, str, date, date, str]:
    return due.unit, due.component, due.period.start, due.period.end, due.occasion


def _answer(row: Mapping[str, Any]) -> PayListAnswer:
    reissue = row["reissues"] is not None and row["stage"] == PayListStage.COMPILED
    step = domain.NEXT_ACT.get(PayListStage.VERIFIED if reissue else PayListStage(row["stage"]))
    return PayListAnswer.model_validate({**row, "next_act": step and step[0]})


def _chain(recorded: Sequence[Recorded]) -> list[ChainEntry]:
    """Fund document, treasury order, voucher, return: each with the fact that says so."""
    found: list[ChainEntry] = []

    def add(r: Recorded, number: str, amount: Any) -> None:
        found.append(ChainEntry(what=r.fact.type_name, number=number, on=r.fact.effective_on, amount=amount, fact=r.id))

    for r in in_order(recorded):
        match r.fact:
            case facts.PaymentsReleased() as fact:
                add(r, fact.fund_document, fact.reserved)
                add(r, fact.order_no, fact.reserved)
            case facts.PaymentsInstructed() as fact:
                add(r, fact.voucher_no, fact.total)
            case facts.PaymentsReturned() as fact:
                add(r, fact.source, fact.total)
    return found
