"""A pay-list of many persons, compiled and appended, against INSERT … SELECT of as many lines into the same table with the same
indexes; and its result file read and reconciled, against bulk append of as many facts.

The dues come from memory: what the source of dues costs is its own. Every round pays other persons. Memory and time under the
append lock are told beside.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance import payments as facts
from contracts.assistance.programmes import PayeeKind
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS, FOLLOWED, KINDS
from services.assistance.entitlements.due import REGULAR, Asked, DueLine
from services.assistance.payments.compiling import Compile, Compiler
from services.assistance.payments.control import control_of
from services.assistance.payments.domain_lines import NOTHING, LineState, fold
from services.assistance.payments.result_files import form_in_force, read_result
from services.assistance.payments.results import ResultTaking
from services.assistance.payments.store import LineAmounts, PaymentCommands, append, part_of
from services.casework.calendars.periods import Period
from services.casework.documents.reading import Documents
from services.chassis.ground.clock import SystemClock
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from tests.benchmarks.appends import survey
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment

SMALL, LARGE = 20_000, 500_000
COUNTY = "990001"
TERM = Period(date(2016, 9, 1), date(2017, 1, 31))
FINANCE = Actor("finance-1", frozenset({Role.DECIDER}), COUNTY)
BULK_UNIT = 5_000
"""Facts that bulk append hands over at once."""
COPIED = (
    b"INSERT INTO service.lines_floor SELECT gen_random_uuid(), number, unit, household_id, programme, component, period_from,"
    b" period_to, occasion, payee_kind, payee, amount, live FROM payment_lines WHERE list_id = %s"
)


class Dues:
    """Implements ``DueSource``: so many persons, others in each round."""

    def __init__(self, persons: int) -> None:
        self.persons, self.round = persons, 0

    def lines(self, asked: Asked, after: UUID | None = None) -> Iterator[DueLine]:
        first = self.round * self.persons
        amounts = Decimal("625.00"), Decimal("500.00")
        for number in range(first + 1, first + self.persons + 1):
            yield DueLine(
                UUID(int=number), asked.programme, "living", TERM, REGULAR, amounts[number % 2], PayeeKind.PERSON,
                UUID(int=number + 2**64), COUNTY, COUNTY, "assistance/education-aid/1",
            )  # fmt: skip

    def of_unit(
        self, unit: UUID, *, as_of: date, known_at: datetime | None = None, programme: str | None = None
    ) -> Iterator[DueLine]:
        return iter(())


@contextmanager
def paying_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    persons = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("assistance") as (conninfo,):
        store = Store("assistance", conninfo, SystemClock())
        try:
            FIRST_TEXTS.adopt(store)
            yield variants(store, conninfo, persons)
        finally:
            store.close()


def variants(store: Store, conninfo: str, persons: int) -> Mapping[str, Variant]:
    documents, dues = Documents(store, KINDS, FOLLOWED), Dues(persons)
    compiler = Compiler(store, documents, dues)
    commands = PaymentCommands(documents, lambda _, account: frozenset({account}))
    taking, lists, figures = ResultTaking(store, commands), list[UUID](), dict[str, float]()
    with psycopg.connect(conninfo) as conn:
        conn.execute("CREATE TABLE service.lines_floor (LIKE payment_lines INCLUDING ALL)")

    def compiled() -> float:
        dues.round += 1
        list_id, today = uuid4(), date(2016, 10, 28)
        command = Compile(
            list_id, "education_aid", COUNTY, TERM.start, TERM.end, today, facts.PayMeans.PLATFORM, "township-1"
        )
        began = time.monotonic()
        handler = compiler.handler(compiler.draft(command, store.now().date()))
        drafted = time.monotonic()
        store.submit(
            Unit(CommandRef(uuid4(), "township-1", "", str(list_id), b""), handler)
        ).result().require_accepted()
        ended = time.monotonic()
        figures["under the lock"] = ended - drafted
        lists.append(list_id)
        return ended - began

    def inserted() -> float:
        with psycopg.connect(conninfo) as conn:
            conn.execute(b"TRUNCATE service.lines_floor")
            began = time.monotonic()
            conn.execute(COPIED, (lists[-1],))
            conn.commit()
            return time.monotonic() - began

    def reconciled() -> float:
        content = result_file(store, lists[-1])
        began = time.monotonic()
        form = form_in_force(documents.current(), store.now().date(), COUNTY)
        file = read_result(content, form, store.now().date())
        taken = taking.take(
            lists[-1], file.rows, "0" * 64, FINANCE, CommandRef(uuid4(), "finance-1", "", str(uuid4()), b"")
        )
        seconds = time.monotonic() - began
        assert (taken.settled, taken.returned, file.errors) == (persons - persons // 100, persons // 100, []), (
            file.errors[:2]
        )
        return persons / seconds

    return {
        "ours": compiled,
        "INSERT … SELECT": inserted,
        "result file": reconciled,
        "bulk append": partial(bulk_append, store, persons),
        "under the append lock": lambda: figures["under the lock"],
    }


def bulk_append(store: Store, number: int) -> float:
    """Facts a second, ten to a stream."""
    batches = []
    for _ in range(0, number, BULK_UNIT):
        streams = [uuid4() for _ in range(BULK_UNIT // 10)]
        batches.append([(f"household-{stream}", [survey(stream)] * 10) for stream in streams])
    began = time.monotonic()
    futures = []
    for batch in batches:

        def work(tx: Tx, batch: Any = batch) -> Reply:
            for stream, of_stream in batch:
                tx.append(stream, *of_stream)
            return Reply()

        command = CommandRef(uuid4(), SYSTEM_ACTOR, "", str(uuid4()), b"")
        futures.append(store.submit(Unit(command, work, extends=tuple(s for s, _ in batch), remembered=False)))
    for future in futures:
        future.result()
    return len(batches) * BULK_UNIT / (time.monotonic() - began)


def result_file(store: Store, list_id: UUID) -> bytes:
    """The list handed over yesterday, and what the platform answers: one line of a hundred failed."""
    yesterday = store.now().date() - timedelta(days=1)
    said: list[str] = []

    def work(tx: Tx) -> Reply:
        pay_list = fold(tx.part(part_of(list_id)))
        assert pay_list is not None
        amounts = LineAmounts(tx.cur, list_id)
        lines = list(pay_list.lines(LineState.LISTED))
        control = control_of(list_id, lines, amounts)
        common: dict[str, Any] = {"list_id": list_id, "effective_on": yesterday, "entered_by": "finance-1"}
        instructed = facts.PaymentsInstructed(
            **common, voucher_no="V1", control=control, left_out=(), lines=len(lines),
            total=sum((amounts[line] for line in lines), NOTHING),
        )  # fmt: skip
        append(tx, pay_list, [instructed])
        for line in lines:
            result = f"失败,{yesterday},账户已销户" if line % 100 == 0 else f"成功,{yesterday},"
            said.append(f"{list_id},{control},{line},{amounts[line]},{result}")
        return Reply()

    command = CommandRef(uuid5(list_id, "handed over"), "finance-1", "", str(list_id), b"")
    store.submit(Unit(command, work, parts=(part_of(list_id),))).result().require_accepted()
    text = "\n".join(["名册编号,控制码,行号,金额,结果,入账日期,退票原因", *said, f"合计,{len(said)}"])
    return text.encode()


PAYING = Benchmark("pay-list and its result", paying_variants, rounds=3)
