"""Writes a simulated province into the logs by the path that commands take: units under the append lock, in chunks of
thousands of facts, each with a recorded answer; personal values sealed, claims taken, memberships kept, timers set.

Started again, it resumes at the head of each log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import chain

from contracts.civil import civil_day, start_of_day
from contracts.clock import ClockStepped, SimulatedClockDeclared
from contracts.facts import Fact
from lika.simulation.claims import DigestedChanges, apply_changes, claims_to_fetch, digest_changes
from lika.simulation.consumer_state import ConsumerState
from lika.simulation.counts import FactCounts
from lika.simulation.deadlines import deadline_of
from lika.simulation.entry_times import entered_at
from lika.simulation.event_buffer import ASSISTANCE, MONITORING, REGISTRY, EventBatch
from lika.simulation.kept_views import kept_streams, write_rows
from lika.simulation.messages import say
from lika.simulation.months import Month
from lika.simulation.plan import Plan
from services.chassis.ground.clock import SimulatedClock
from services.chassis.ground.messages import ExplainedError
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.entries import Payload, encode_fact
from services.chassis.log.store import Store
from services.chassis.log.timers import CLOCK_STREAM
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.sealer import Sealer
from services.chassis.security.sealing import seal, subjects_of

PRINCIPAL = "lika"
"""Automated commands' answers never expire."""
CHUNK_SIZE = 5_000
"""Facts in a unit: enough for one statement to be worth its while, few enough for the memory of both sides."""


class ForeignLogContent(ExplainedError):
    """A log holds something else than this plan."""

    def __init__(self, log: str) -> None:
        super().__init__(say("foreign_log_content", log=log))


class ConcurrentWrite(ExplainedError):
    """Somebody else appended to a log of the simulation."""

    def __init__(self, log: str) -> None:
        super().__init__(say("concurrent_write", log=log))


@dataclass
class LogProgress:
    """One log being written. ``initial_head``: its position when the simulation was started (again);
    ``simulated_head``: its position after what was simulated so far; ``pending`` with ``pending_facts``: batches that
    are not submitted yet; ``in_flight``: the chunk submitted last."""

    store: Store
    clock: SimulatedClock
    initial_head: int
    simulated_head: int = 1
    pending: list[EventBatch] = field(default_factory=list)
    pending_facts: int = 0
    in_flight: "Future[Outcome] | None" = None

    def drain(self) -> list[EventBatch]:
        """Take what is pending."""
        batches, self.pending, self.pending_facts = self.pending, [], 0
        return batches

    def wait(self) -> None:
        """Until what was submitted is durable. Raises what it failed with."""
        if self.in_flight is not None:
            in_flight, self.in_flight = self.in_flight, None
            in_flight.result()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Batches as one unit appends them: of each the payloads of its facts, sealed and serialised, and its changes of
    claims, digested."""

    batches: Sequence[EventBatch]
    payloads: Sequence[Sequence[Payload]]
    claims: Sequence[DigestedChanges]


@dataclass(frozen=True, slots=True)
class AssistanceMonth:
    """What assistance concluded in a month from the registry's log up to ``through``; entered at ``instant``."""

    chunk: Chunk
    through: int
    instant: datetime


class Writer:
    """Writes one plan into the databases of one installation."""

    def __init__(self, plan: Plan, stores: Mapping[str, Store], seals: Sealer, *, chunk_size: int = CHUNK_SIZE) -> None:
        """``stores``: of every log, the audit's included, on fresh databases or on those of an earlier run of this
        plan. Raises ``ForeignLogContent`` and ``ConcurrentWrite``."""
        self._route, self._digest = f"simulate/{plan.digest}", bytes.fromhex(plan.digest)
        self._starts, self._ends = (start_of_day(date(year, 1, 1)) for year in (plan.first, plan.last + 1))
        self._chunk_size, self._seals = chunk_size, seals
        heads = {name: store.position() for name, store in stores.items()}
        for name, store in stores.items():
            self._require_own_log(store, heads[name])
        self._logs: dict[str, LogProgress] = {}
        for name, store in stores.items():
            clock = store.clock = SimulatedClock(self._starts)
            self._logs[name] = LogProgress(store, clock, heads[name])
        self._consumer_state = ConsumerState(stores[REGISTRY], stores[ASSISTANCE])
        self._assistance_month: AssistanceMonth | None = None

    @property
    def resumed_from(self) -> int:
        """Facts that an earlier run had written already."""
        return sum(log.initial_head for log in self._logs.values())

    def write(self, months: Iterable[Month]) -> Iterator[FactCounts]:
        """The counts of every month once it is submitted, those of an earlier run included; all is durable when the
        iterator is exhausted."""
        for name in self._logs:
            declared = SimulatedClockDeclared(
                effective_on=civil_day(self._starts), entered_by=PRINCIPAL, starts_at=self._starts, reason="simulation"
            )
            self._append_clock_fact(name, "begin", declared)
        for month in months:
            counts = FactCounts(month.recorded_on)
            for batch in month.batches:
                counts.count(batch)
                self._add(batch, month.recorded_on)
            self._close_month(month.recorded_on)
            yield counts
        self._submit_assistance_month()
        for name, log in self._logs.items():
            log.wait()
            log.clock.step(self._ends)
            stepped = ClockStepped(effective_on=civil_day(self._ends), entered_by=PRINCIPAL, to=self._ends)
            self._append_clock_fact(name, "end", stepped)

    def _add(self, batch: EventBatch, day: date) -> None:
        log = self._logs[batch.log]
        log.simulated_head = batch.head + len(batch.facts)
        if log.simulated_head <= log.initial_head:
            return
        log.pending.append(batch)
        log.pending_facts += len(batch.facts)
        if log.pending_facts < self._chunk_size:
            return
        chunk = self._seal_pending(batch.log)
        if batch.log == ASSISTANCE:
            # An effect is never recorded before its cause, nor before the effects of earlier months.
            causes = self._seal_pending(REGISTRY)
            self._submit_assistance_month()
            self._submit(REGISTRY, causes, entered_at(REGISTRY, day))
            self._logs[REGISTRY].wait()
        self._submit(batch.log, chunk, entered_at(batch.log, day))

    def _close_month(self, day: date) -> None:
        """Submit the register's facts. What assistance concluded from them is submitted once they are durable;
        meanwhile the next month is simulated and sealed."""
        registry, monitoring, assistance = map(self._seal_pending, (REGISTRY, MONITORING, ASSISTANCE))
        self._submit_assistance_month()
        self._submit(REGISTRY, registry, entered_at(REGISTRY, day))
        self._submit(MONITORING, monitoring, entered_at(MONITORING, day))
        through = self._logs[REGISTRY].simulated_head
        self._assistance_month = AssistanceMonth(assistance, through, entered_at(ASSISTANCE, day))

    def _submit_assistance_month(self) -> None:
        """Submit what assistance concluded in the month before, together with its cursor."""
        if self._assistance_month is None:
            return
        month, self._assistance_month = self._assistance_month, None
        self._logs[REGISTRY].wait()
        self._consumer_state.copy_facts(month.through)
        advance_cursor = partial(self._consumer_state.advance_cursor, position=month.through)
        if month.chunk.batches:
            self._submit(ASSISTANCE, month.chunk, month.instant, advance_cursor)
        else:
            self._logs[ASSISTANCE].wait()
            self._logs[ASSISTANCE].store.transact(advance_cursor, appends=False)

    def _submit(self, name: str, chunk: Chunk, instant: datetime, also: Callable[[Tx], None] | None = None) -> None:
        """Submit a chunk once the one before is durable. ``also``: further work of the same transaction."""
        if not chunk.batches:
            return
        log = self._logs[name]
        unit = Unit(
            self._command(str(chunk.batches[0].head)),
            lambda tx: self._append_chunk(tx, chunk, also),
            streams=kept_streams(batch.stream for batch in chunk.batches),
            claims=claims_to_fetch(chunk.claims),
            extends=tuple(dict.fromkeys(batch.stream for batch in chunk.batches)),
        )
        log.wait()
        log.clock.step(instant)
        log.in_flight = log.store.submit(unit)

    def _seal_pending(self, name: str) -> Chunk:
        """What is pending, prepared while the chunk before is still being written."""
        batches = self._logs[name].drain()
        subjects = [[subjects_of(fact) for fact in batch.facts] for batch in batches]
        all_subjects = set().union(*chain.from_iterable(subjects))
        keys = self._seals.data_keys.keys_for(all_subjects) if all_subjects else {}
        payloads = [
            [
                encode_fact(seal(fact, keys) if of_fact else fact)
                for fact, of_fact in zip(batch.facts, of_batch, strict=True)
            ]
            for batch, of_batch in zip(batches, subjects, strict=True)
        ]
        claims = [digest_changes(batch, self._seals.digest) if batch.claims else () for batch in batches]
        return Chunk(batches, payloads, claims)

    def _append_chunk(self, tx: Tx, chunk: Chunk, also: Callable[[Tx], None] | None) -> Reply:
        if tx.head != chunk.batches[0].head:
            raise ConcurrentWrite(tx.log)
        for batch, payloads, claims in zip(chunk.batches, chunk.payloads, chunk.claims, strict=True):
            # A unit holds many commands: each is an act of its own, with claims of its own.
            tx.command_id = batch.act
            apply_changes(tx, claims)
            for membership in batch.memberships:
                tx.set_periods(*membership)
            ids = tx.append(batch.stream, *payloads, expected=batch.expected_version)
            for fact, fact_id in zip(batch.facts, ids, strict=True):
                if (deadline := deadline_of(fact)) is not None and deadline[1] >= self._ends:
                    tx.set_timer(deadline[0], batch.stream, deadline[1], fact_id)
        write_rows(tx, (batch.stream for batch in chunk.batches))
        if also is not None:
            also(tx)
        return Reply()

    def _append_clock_fact(self, name: str, key: str, fact: Fact) -> None:
        def work(tx: Tx) -> Reply:
            tx.append(CLOCK_STREAM, fact)
            return Reply()

        self._logs[name].store.submit(Unit(self._command(key), work, extends=(CLOCK_STREAM,))).result()

    def _command(self, key: str) -> CommandRef:
        return CommandRef.of(PRINCIPAL, self._route, key, self._digest)

    def _require_own_log(self, store: Store, head: int) -> None:
        """Everything in the log must have been written by earlier runs of this plan, up to its last fact."""
        query = "SELECT max(position) FROM commands WHERE principal = %s AND route = %s"
        with store.reading() as conn:
            row = conn.execute(query, (PRINCIPAL, self._route)).fetchone()
        own = row[0] if row and row[0] is not None else 0
        if own != head:
            raise ConcurrentWrite(store.name) if own else ForeignLogContent(store.name)
