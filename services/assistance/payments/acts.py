"""What each act on a list decides from what a unit of work knows of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from contracts.assistance import payments as facts
from contracts.assistance.programmes import PayeeKind
from contracts.facts import Fact
from services.assistance.payments import domain, rules
from services.assistance.payments.compiling import Compile, Line, compiled_handler, drafted, head_of
from services.assistance.payments.control import control_of
from services.assistance.payments.domain_lines import NOTHING, LineState, PayListStage, fold
from services.assistance.payments.funds import require_posted
from services.assistance.payments.ledger import Ledger
from services.assistance.payments.quotas import notice_days, quota, quotas
from services.assistance.payments.returns import PAID_AGAIN, Outstanding
from services.assistance.payments.store import Known, part_of
from services.casework.dates import require_not_future
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

Work = Callable[[Tx], Reply]
Drafts = Callable[[], Work]
RETURNED: LiteralString = (
    "SELECT p.programme, l.unit, l.household_id, l.component, l.period_from, l.period_to, l.occasion, l.payee_kind, n.payee, l.amount"
    " FROM payment_returns r JOIN payment_lines l USING (list_id, number) JOIN pay_lists p USING (list_id)"
    f" LEFT JOIN unit_payees n ON n.unit = l.unit WHERE r.list_id = %s AND NOT {PAID_AGAIN} ORDER BY l.number"
)


def post(known: Known, *, by: str, on: date) -> list[Fact]:
    common, days = known.common(by, on), notice_days(known.lookup, on, known.division)
    return [domain.post(known.pay_list, common, days, known.working_days(on))]


def strike(known: Known, *, by: str, on: date, lines: Sequence[int], reason: facts.StrikeReason) -> list[Fact]:
    return [domain.strike(known.pay_list, known.common(by, on), lines, reason, known.amounts)]


def verify(known: Known, *, by: str, on: date) -> list[Fact]:
    return [domain.verify(known.pay_list, known.common(by, on), known.accounts)]


def release(known: Known, *, by: str, on: date, fund_document: str, order_no: str) -> list[Fact]:
    pay_list, common = known.pay_list, known.common(by, on)
    domain.require_step(pay_list, facts.PaymentsReleased, known.accounts)
    require_posted(known.tx, known.lookup, known.programme, known.division, on, fund_document)
    of_place = quotas(known.tx.cur, known.lookup, known.programme, on, known.division, pay_list.list_id)
    of_money = quota(of_place, known.tx.cur, known.division, fund_document)
    amount = sum((known.amounts[line] for line in pay_list.lines(LineState.LISTED)), NOTHING)
    return [domain.release(pay_list, common, known.accounts, of_money, amount, fund_document, order_no)]


def hand_over(known: Known, *, by: str, on: date, voucher_no: str) -> list[Fact]:
    pay_list = known.pay_list
    control = control_of(pay_list.list_id, pay_list.to_hand_over(), known.amounts)
    return [domain.hand_over(pay_list, known.common(by, on), known.amounts, voucher_no, control)]


def free(known: Known, *, by: str, on: date, lines: Sequence[int]) -> list[Fact]:
    return [domain.free(known.pay_list, known.common(by, on), lines)]


def withdraw(known: Known, *, by: str, on: date) -> list[Fact]:
    return [domain.withdraw(known.pay_list, known.common(by, on), known.amounts)]


def decided_later(draft: Drafts) -> Work:
    """A refusal of the draft is the unit's own, so that a command that is repeated gets the answer that it had."""
    try:
        return draft()
    except Refused as no:
        refused = no

    def work(_: Tx) -> Reply:
        raise refused

    return work


@dataclass(frozen=True, slots=True)
class Reissue:
    list_id: UUID
    of: UUID
    on: date
    by: str


def reissued(store: Store, ledger: Ledger, reissue: Reissue, actor: Actor) -> Work:
    """No more than is still due. Blocking. Raises ``Refused``."""
    with store.snapshot() as snapshot:
        head, known_at = head_of(snapshot.connection)
        former = fold(store.on_snapshot(lambda tx: tx.part(part_of(reissue.of))))
        if former is None or not actor.covers(former.compiled.division):
            raise Refused(NOT_FOUND)
        if former.stage is not PayListStage.INSTRUCTED:
            raise Refused(rules.NOTHING_RETURNED)
        returned = snapshot.connection.cursor(row_factory=dict_row).execute(RETURNED, (reissue.of,)).fetchall()
        rows = list(Outstanding(snapshot.connection, ledger, reissue.on).of(returned))
    if not rows:
        raise Refused(rules.NOTHING_RETURNED)
    compiled, today = former.compiled, reissue.on
    command = Compile(
        reissue.list_id,
        compiled.programme,
        compiled.division,
        compiled.period_from,
        compiled.period_to,
        compiled.due_as_of,
        compiled.means,
        reissue.by,
    )
    draft = drafted(command, _lines(reissue.of, rows), known_at, head, today, reissue.of)
    work = compiled_handler(draft)

    def not_ahead(tx: Tx) -> Reply:
        require_not_future(reissue.on, tx.today)
        return work(tx)

    return not_ahead


def _lines(of: UUID, rows: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    because = f"assistance/pay-list-{of}/1"
    for row in rows:
        line = facts.PayLine(
            unit=row["unit"],
            household_id=row["household_id"],
            payee=row["payee"],
            amount=row["amount"],
            because=because,
        )
        yield (
            row["component"], row["period_from"], row["period_to"], row["occasion"], PayeeKind(row["payee_kind"])
        ), line  # fmt: skip
