"""Pay-lists made from what is due: read on one snapshot, before the append lock, and appended as a whole or not at all. Under the
lock only one question is left: whether anything came between that could pay the same due."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance import payments as facts
from contracts.assistance.programmes import PayeeKind
from contracts.roles import Role
from services.assistance.entitlements.due import Asked, DueLine, DueSource
from services.assistance.payments import domain, rules, tables
from services.assistance.payments.deaths import lines_of_dead
from services.assistance.payments.domain import hold
from services.assistance.payments.domain_identities import DueAccount
from services.assistance.payments.domain_lines import NOTHING, PayList, fold
from services.assistance.payments.store import append, part_of, require_year_open
from services.assistance.programmes.lookup import Programmes
from services.casework.documents.reading import Documents
from services.chassis.ground.clock import TICK
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.entries import Payload, encode_fact
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

HEAD = "SELECT notification_id, recorded_at FROM log ORDER BY notification_id DESC LIMIT 1"
COVERED = (
    "SELECT unit, component, period_from, period_to, occasion FROM payment_lines WHERE live AND programme = %s"
    " AND unit = ANY(%s)"
)
WAIVED = (
    "SELECT unit, component, period_from, period_to, occasion, sum(amount) FROM unit_money"
    " WHERE kind = 'waived' AND annulled_at IS NULL AND programme = %s AND unit = ANY(%s) GROUP BY 1, 2, 3, 4, 5"
)
NAMED = "SELECT unit, payee FROM unit_payees WHERE unit = ANY(%s) AND payee IS NOT NULL"
OTHERS = (
    b"SELECT (SELECT count(*) FROM pay_lists WHERE programme = %(programme)s AND compiled_at > %(head)s"
    b" AND (starts_with(division, %(division)s) OR starts_with(%(division)s, division)))"
    b" + (SELECT count(*) FROM unit_money WHERE programme = %(programme)s AND kind = 'waived' AND position > %(head)s)"
)
BATCH = 2000
Line = tuple[tuple[str, date, date, str, PayeeKind], facts.PayLine]
"""What a run has in common, and the line."""


@dataclass(frozen=True, slots=True)
class Compile:
    list_id: UUID
    programme: str
    division: str
    period_from: date
    period_to: date
    due_as_of: date
    means: facts.PayMeans
    by: str

    def asked(self, known_at: datetime) -> Asked:
        return Asked(self.programme, self.division, self.period_from, self.period_to, self.due_as_of, known_at)


@dataclass(frozen=True, slots=True)
class Drafted:
    """``head``: of the log that it was read from; ``runs``: with their payloads."""

    compiled: facts.PayListCompiled
    runs: Sequence[tuple[facts.PayLinesListed, Payload]]
    head: int


class Compiler:
    """Blocking."""

    def __init__(self, store: Store, documents: Documents, dues: DueSource) -> None:
        self._store, self._documents, self.dues = store, documents, dues

    def draft(self, command: Compile, today: date) -> Drafted:
        """Raises ``Refused``."""
        Programmes(self._documents.current()).require_adopted(command.programme)
        if command.due_as_of > today:
            raise Refused(rules.DUE_AHEAD, due_as_of=command.due_as_of, today=today)
        with self._store.snapshot() as snapshot:
            head, known_at = head_of(snapshot.connection)
            lines = self._payable(snapshot.connection, command, self.dues.lines(command.asked(known_at)))
            return drafted(command, lines, known_at, head, today)

    def _payable(self, conn: Connection, command: Compile, dues: Iterator[DueLine]) -> Iterator[Line]:
        while batch := list(islice(dues, BATCH)):
            units, programme = list({due.unit for due in batch}), command.programme
            covered = set(conn.execute(COVERED, (programme, units)).fetchall())
            waived = {tuple(row[:5]): row[5] for row in conn.execute(WAIVED, (programme, units))}
            named: dict[UUID, UUID] = dict(conn.execute(NAMED, (units,)).fetchall())
            for due in batch:
                key = (due.unit, due.component, due.period.start, due.period.end, due.occasion)
                if key in covered:
                    continue
                amount = due.amount
                if key in waived:
                    amount = DueAccount(due=amount, waived=waived[key]).payable()
                if amount:
                    yield line_of(due, amount, named.get(due.unit))

    def handler(self, drafted: Drafted) -> Callable[[Tx], Reply]:
        return compiled_handler(drafted)


def head_of(conn: Connection) -> tuple[int, datetime]:
    """The log's head in this snapshot, and the first instant at which nothing of it is unknown."""
    row = conn.execute(HEAD).fetchone()
    assert row is not None, "a log begins with the documents that it takes in"
    return row[0], row[1] + TICK


def line_of(due: DueLine, amount: Decimal, holder: UUID | None) -> Line:
    common = (due.component, due.period.start, due.period.end, due.occasion, due.payee)
    payee = holder if due.payee in (PayeeKind.PERSON, PayeeKind.HOUSEHOLD) else None
    return common, facts.PayLine(
        unit=due.unit, household_id=due.household_id, payee=payee, amount=amount, because=due.cause
    )  # fmt: skip


def drafted(
    command: Compile, lines: Iterable[Line], known_at: datetime, head: int, today: date, reissues: UUID | None = None
) -> Drafted:
    """Raises ``Refused`` where there is no line."""
    common: dict[str, Any] = {"list_id": command.list_id, "effective_on": today, "entered_by": command.by}
    runs, first, digest = list[tuple[facts.PayLinesListed, Payload]](), 1, hashlib.sha256()
    by_run: dict[Any, list[facts.PayLine]] = {}
    for key, line in lines:
        by_run.setdefault(key, []).append(line)
    for (component, start, end, occasion, payee_kind), of_key in by_run.items():
        for at in range(0, len(of_key), facts.RUN):
            part = tuple(of_key[at : at + facts.RUN])
            run = facts.PayLinesListed(
                **common, first=first, component=component, period_from=start, period_to=end, occasion=occasion,
                payee_kind=payee_kind, lines=part, total=sum((line.amount for line in part), NOTHING),
            )  # fmt: skip
            payload = encode_fact(run)
            digest.update(payload.state)
            runs.append((run, payload))
            first += len(part)
    if not runs:
        raise Refused(rules.NOTHING_DUE, due_as_of=command.due_as_of)
    compiled = facts.PayListCompiled(
        **common, programme=command.programme, division=command.division, means=command.means,
        period_from=command.period_from, period_to=command.period_to,
        due_as_of=command.due_as_of, due_known_at=known_at, lines=first - 1,
        total=sum((run.total for run, _ in runs), NOTHING), digest=digest.hexdigest(), reissues=reissues,
    )  # fmt: skip
    return Drafted(compiled, runs, head)


def compiled_handler(drafted: Drafted) -> Callable[[Tx], Reply]:
    """What came between is refused as a whole: of two lists that are compiled at once, one wins."""
    compiled = drafted.compiled
    stream, location = domain.stream_of(compiled.list_id), f"/assistance/pay-lists/{compiled.list_id}"

    def work(tx: Tx) -> Reply:
        asked = {"programme": compiled.programme, "division": compiled.division, "head": drafted.head}
        row = tx.cur.execute(OTHERS, asked).fetchone()
        if row is not None and row[0]:
            raise _overtaken()
        require_year_open(tx.cur, compiled.programme, compiled.division, tx.today)
        tx.append(stream, compiled, *(payload for _, payload in drafted.runs), expected=0)
        if not tx.dry_run:
            try:
                with tx.cur.connection.transaction():
                    _write(tx, drafted)
            except UniqueViolation:  # whose due another place listed, for they moved; or whose return was taken back
                raise _overtaken() from None
            _hold(tx, compiled)
        return Reply(location=location)

    return work


def _overtaken() -> Refused:
    return Refused(rules.LIST_OVERTAKEN).advising(NextStep("compile_pay_list", Office((Role.CADRE, Role.REVIEWER))))


def _hold(tx: Tx, compiled: facts.PayListCompiled) -> None:
    """Whoever was reported dead before the list was made is held as whoever is reported after."""
    person_of = dict(lines_of_dead(tx.cur.connection, compiled.list_id))
    if not person_of:
        return
    pay_list = fold(tx.part(part_of(compiled.list_id)))
    assert pay_list is not None
    common = {"list_id": compiled.list_id, "effective_on": compiled.effective_on, "entered_by": SYSTEM_ACTOR}
    of_person: dict[UUID, list[int]] = {}
    for number, person in person_of.items():
        of_person.setdefault(person, []).append(number)
    held = (hold(pay_list, common, lines, person) for person, lines in of_person.items())
    append(tx, pay_list, [each for each in held if each is not None])


def _write(tx: Tx, drafted: Drafted) -> None:
    compiled = drafted.compiled
    pay_list = PayList(compiled.list_id, compiled, bytearray(compiled.lines))
    tables.LISTS.add(tx.cur, [tables.list_row(pay_list, tx.part(part_of(compiled.list_id)))])
    columns = ", ".join(tables.LINES.columns)
    with tx.cur.copy(f"COPY payment_lines ({columns}) FROM STDIN (FORMAT BINARY)".encode()) as copy:
        copy.set_types(tables.LINE_TYPES)
        for run, _ in drafted.runs:
            for row in tables.line_rows(run, pay_list):
                copy.write_row(row)
