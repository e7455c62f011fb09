"""Results taken in: of files, in chunks of runs, and of call-backs. What is known already is no fact, so a file that was broken
off is sent again and goes on; what came between is decided again under the lock."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from contracts.assistance import payments as facts
from contracts.facts import Evidence, Fact
from services.assistance.payments.domain import require_live_list
from services.assistance.payments.domain_results import Outcomes, ResultRow, annul, facts_of, outcomes_of
from services.assistance.payments.store import (
    Known,
    LineAmounts,
    PaymentCommands,
    append,
    paid_again,
    part_of,
    require_year_open,
)
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor

CHUNK = 64 * facts.RUN
"""Rows that are decided in one unit of work."""


@dataclass(slots=True)
class Taken:
    """What came of a file. Rows = settled + returned + known + refused."""

    rows: int = 0
    settled: int = 0
    returned: int = 0
    known: int = 0
    refused: list[tuple[int, Rule, str]] = field(default_factory=list)

    def add(self, found: Outcomes) -> None:
        self.rows += found.rows
        self.settled += sum(map(len, found.settled.values()))
        self.returned += sum(map(len, found.returned.values()))
        self.known += found.known
        self.refused += found.refused


class ResultTaking:
    """Blocking."""

    def __init__(self, store: Store, commands: PaymentCommands) -> None:
        self._store, self._commands = store, commands

    def take(
        self, list_id: UUID, rows: Iterable[ResultRow], file_sha256: str, actor: Actor, command: CommandRef | None
    ) -> Taken:
        """``command``: none for a dry run, which records nothing. Raises ``Refused`` and ``StoreUnavailable``."""
        taken, seen = Taken(), set[int]()
        amounts = self._amounts(list_id, actor)
        for number, chunk in enumerate(_chunks(rows)):
            decide = partial(_decided, amounts=amounts, rows=chunk, seen=seen)
            if command is None:
                found = self._store.on_snapshot(lambda tx, d=decide: d(self._commands.known(tx, list_id, actor)))  # type: ignore[misc]
            else:
                found = self._record(list_id, decide, amounts, file_sha256, actor, _part(command, number))
            taken.add(found)
            seen |= found.named
        return taken

    def _amounts(self, list_id: UUID, actor: Actor) -> Any:
        """Line → yuan, as the list has them for ever."""

        def read(tx: Tx) -> LineAmounts:
            self._commands.known(tx, list_id, actor)
            amounts = LineAmounts(tx.cur, list_id)
            amounts.load()
            return amounts

        return self._store.on_snapshot(read)

    def _record(
        self, list_id: UUID, decide: Callable[[Known], Outcomes], amounts: Any, source: str, actor: Actor,
        command: CommandRef,
    ) -> Outcomes:  # fmt: skip
        """One chunk; where nothing is new, nobody is held up."""
        found: list[Outcomes] = []

        def work(tx: Tx) -> Reply:
            known = self._commands.known(tx, list_id, actor)
            require_year_open(tx.cur, known.programme, known.division, tx.today)
            found[:] = [decide(known)]
            common = {"list_id": list_id, "entered_by": actor.subject}
            append(tx, known.pay_list, facts_of(found[0], known.pay_list, amounts, common, source))
            return Reply()

        unit = Unit(command, work, parts=(part_of(list_id),), remembered=False)
        self._store.submit(unit).result().require_accepted()
        return found[0]

    def completed(
        self, list_id: UUID, taken: Taken, refused: int, file_sha256: str, actor: Actor, command: CommandRef,
        kept: tuple[Evidence, ...],
    ) -> tuple[int, bool]:  # fmt: skip
        """That the file was read to its end, once for each command. ``kept``: the file itself. Returns the position, and whether it was so
        before."""

        def work(tx: Tx) -> Reply:
            known = self._commands.known(tx, list_id, actor)
            fact = facts.ResultFileTaken(
                list_id=list_id, effective_on=tx.today, entered_by=actor.subject, file_sha256=file_sha256, rows=taken.rows,
                settled=taken.settled, returned=taken.returned, known=taken.known, refused=refused, evidence=kept,
            )  # fmt: skip
            append(tx, known.pay_list, [fact])
            return Reply(location=f"/assistance/pay-lists/{list_id}")

        outcome = self._store.submit(Unit(command, work, parts=(part_of(list_id),))).result()
        outcome.require_accepted()
        return outcome.position, outcome.replayed


def _decided(known: Known, *, amounts: LineAmounts, rows: Sequence[ResultRow], seen: set[int]) -> Outcomes:
    require_live_list(known.pay_list)
    return outcomes_of(known.pay_list, amounts, rows, known.tx.today, seen)


def call_back(known: Known, *, by: str, row: ResultRow, source: str) -> list[Fact]:
    """Of one line; what is known already comes to nothing. Raises ``Refused`` by the rule that the row breaks."""
    require_live_list(known.pay_list)
    found = outcomes_of(known.pay_list, known.amounts, [row], known.tx.today)
    if found.refused:
        raise Refused(found.refused[0][1])
    common = {"list_id": known.pay_list.list_id, "entered_by": by}
    return list(facts_of(found, known.pay_list, known.amounts, common, source))


def annulled(known: Known, *, by: str, on: Any, outcome: str, reason: str) -> list[Fact]:
    again = paid_again(known.tx.cur, known.pay_list)
    return [annul(known.recorded, outcome, known.common(by, on), reason, again)]


def _part(command: CommandRef, number: int) -> CommandRef:
    key = uuid5(command.command_id, f"results {number}")
    return CommandRef(key, command.principal, f"{command.route}#results", str(key), command.digest)


def _chunks(rows: Iterable[ResultRow]) -> Iterator[list[ResultRow]]:
    reading = iter(rows)
    while chunk := list(islice(reading, CHUNK)):
        yield chunk
