"""Account numbers in plain, for the platform's file: of the lines that were handed over and wait for its answer, run by run, and never
before the reading is on record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from contracts.assistance.payments import RUN, PayMeans
from contracts.assistance.programmes import PayeeKind
from contracts.personal import Personal
from contracts.registry.access import HouseholdRead, PersonalDataRead, Purpose, ReadingOrder
from services.assistance.payments import rules
from services.assistance.payments.accounts import accounts_told, households_of
from services.assistance.payments.domain import next_step
from services.assistance.payments.domain_lines import LineState, PayList, fold
from services.assistance.payments.store import part_of
from services.casework.purposes import access_stream, require_purpose
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import Shredded, key_id, open_box

FIELD = "account"
OWN = frozenset({PayeeKind.PERSON, PayeeKind.HOUSEHOLD})
"""Who is paid to an account that the register knows; a school, a canteen, a hospital or an insurer has its own, which is on paper."""
LINES = (
    "SELECT number, unit, household_id, payee_kind, payee, amount FROM payment_lines WHERE list_id = %s AND number = ANY(%s)"
    " ORDER BY number"
)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """``holder``: person or household whose money it is; ``household_id``: under whose key the account is sealed."""

    line: int
    unit: UUID
    holder: UUID
    payee_kind: PayeeKind
    amount: Decimal
    household_id: UUID | None
    sealed: Personal[str] | None


@dataclass(frozen=True, slots=True)
class AccountRun:
    """``order_no``: of the treasury's order, by which the list is paid; ``next``: last line of the run, where more follow."""

    control: str
    order_no: str
    lines: Sequence[AccountLine]
    next: int | None

    @property
    def households(self) -> list[UUID]:
        """Whose account is opened."""
        return list(
            dict.fromkeys(a.household_id for a in self.lines if a.sealed is not None and a.household_id is not None)
        )


def awaited(pay_list: PayList) -> list[int]:
    """Lines that were handed over and are not answered, but for those that are held."""
    return [line for line in pay_list.lines(LineState.PENDING) if line not in pay_list.held]


def waiting(pay_list: PayList, after: int) -> tuple[list[int], bool]:
    """The next run of lines that the platform has not answered yet, and whether more follow. Raises ``Refused``."""
    pending = awaited(pay_list)
    if not pending or pay_list.compiled.means is not PayMeans.PLATFORM:
        refused = Refused(rules.ACCOUNTS_NOT_NEEDED, status=pay_list.stage)
        if not pay_list.files and (step := next_step(pay_list)) is not None:
            refused.advising(NextStep(step[0], Office((step[1],)), {"list_id": pay_list.list_id}))
        raise refused
    left = [line for line in pending if line > after]
    return left[:RUN], len(left) > RUN


def sealed_run(store: Store, list_id: UUID, after: int, actor: Actor) -> AccountRun:
    """Blocking. Raises ``Refused``."""
    require_purpose(Purpose.PAYMENT, actor.roles)
    with store.snapshot() as snapshot:
        pay_list = fold(store.on_snapshot(lambda tx: tx.part(part_of(list_id))))
        if pay_list is None or not actor.covers(pay_list.compiled.division):
            raise Refused(NOT_FOUND)
        numbers, more = waiting(pay_list, after)
        lines = _sealed(snapshot.connection, list_id, numbers)
    assert pay_list.released is not None
    return AccountRun(pay_list.files[-1].control, pay_list.released.order_no, lines, numbers[-1] if more else None)


def _sealed(conn: Connection, list_id: UUID, numbers: Sequence[int]) -> list[AccountLine]:
    rows = conn.execute(LINES, (list_id, list(numbers))).fetchall()
    homes = households_of(conn, {payee for *_, payee, _ in rows if payee is not None})
    paid_to = {
        number: household if payee is None else homes.get(payee)
        for number, _, household, kind, payee, _ in rows
        if kind in OWN
    }
    told = accounts_told(conn, {household for household in paid_to.values() if household is not None})
    found = []
    for number, unit, _, kind, payee, amount in rows:
        household = paid_to.get(number)
        account = told.get(household) if household is not None else None
        sealed = None if account is None else account.sealed
        found.append(AccountLine(number, unit, payee or unit, PayeeKind(kind), amount, household, sealed))
    return found


def reading_handler(run: AccountRun, organ: str, actor: Actor) -> Callable[[Tx], Reply]:
    """Records whose accounts are opened, by which order, before they are."""

    def work(tx: Tx) -> Reply:
        if run.households:
            tx.append(
                access_stream(actor.subject, tx.today),
                PersonalDataRead(
                    effective_on=tx.today, entered_by=actor.subject, reader=actor.subject, area=actor.division,
                    purpose=Purpose.PAYMENT, order=ReadingOrder(organ=organ, document_no=run.order_no), fields=(FIELD,),
                    households=tuple(HouseholdRead(household_id=each, person_ids=()) for each in run.households),
                ),
            )  # fmt: skip
        return Reply()

    return work


def opened(run: AccountRun, keys: DataKeys) -> Mapping[int, str]:
    """Line → account in plain, or that its key was destroyed. Blocking."""
    boxes = {
        a.line: (a.household_id, a.sealed) for a in run.lines if a.sealed is not None and a.household_id is not None
    }
    named = {(household, needed) for household, sealed in boxes.values() if (needed := key_id(sealed)) is not None}
    found = keys.keys_by_id(named) if named else {}
    plain = {
        line: open_box(sealed, household, FIELD, found.get((household, key_id(sealed) or 0)))
        for line, (household, sealed) in boxes.items()
    }
    return {line: value.value if isinstance(value, Shredded) else value for line, value in plain.items()}
