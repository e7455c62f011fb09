"""Putting a simulated province into the logs, by the path that commands take: units under the append lock, in chunks of
thousands of facts, each with its answer on record; personal values sealed, claims taken, deadlines set.

Started again it goes on where it stopped: the log's own head says how far it came.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import chain

from contracts.civil import SHANGHAI, civil_day, start_of_day
from contracts.clock import ClockStepped, SimulatedClockDeclared
from contracts.facts import Fact
from lika.simulation.claims import Digested, asked_for, digested, take
from lika.simulation.copies import Follows
from lika.simulation.counts import Written
from lika.simulation.deadlines import deadline_of
from lika.simulation.event_buffer import ASSISTANCE, MONITORING, REGISTRY, Act
from lika.simulation.months import Month
from lika.simulation.plan import Plan
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.entries import Payload, encode_fact
from services.chassis.log.store import Store
from services.chassis.log.timers import CLOCK_STREAM
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.sealing import seal, subjects_of
from services.registry.vault.seals import Seals

PRINCIPAL = "lika"
"""Automated commands' answers never expire."""
CHUNK = 5_000
"""Facts in a unit: enough for one statement to be worth its while, few enough for the memory of both sides."""
ENTERED_AT: Mapping[str, time] = {REGISTRY: time(18), ASSISTANCE: time(19), MONITORING: time(20)}
"""On the last day of a month, the register before those who read it: an effect is recorded after its cause."""


class LogTaken(RuntimeError):
    """A log holds something else than this plan. The message says so in both languages."""

    def __init__(self, log: str) -> None:
        super().__init__(
            f"日志 {log} 已有其他内容，不能再写入这次模拟：请换一个空的数据目录（LIKA_DATA_DIR 或 DATABASE_URL）。\n"
            f"The log {log} holds something else than this simulation: use an empty data folder or server."
        )


class WrittenMeanwhile(RuntimeError):
    """Somebody else appended to a log of the simulation."""

    def __init__(self, log: str) -> None:
        super().__init__(
            f"日志 {log} 中有他人接着写入的内容，模拟不能再续写。\n"
            f"Somebody else has written to the log {log} since: the simulation cannot go on in it."
        )


@dataclass
class Log:
    """One log being written. ``written``: its head when the simulation was started (again); ``told``: its head as told
    so far; ``acts``, ``facts``: told and not handed over; ``last``: the chunk under way."""

    store: Store
    clock: SimulatedClock
    written: int
    told: int = 1
    acts: list[Act] = field(default_factory=list)
    facts: int = 0
    last: "Future[Outcome] | None" = None

    def taken(self) -> list[Act]:
        """What waits to be handed over."""
        acts, self.acts, self.facts = self.acts, [], 0
        return acts

    def settle(self) -> None:
        """Wait until what was handed over is durable. Raises what became of it."""
        if self.last is not None:
            last, self.last = self.last, None
            last.result()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Acts as one unit will append them: each with its facts sealed and written down, and its claims digested."""

    acts: Sequence[Act]
    payloads: Sequence[Sequence[Payload]]
    claimed: Sequence[Digested]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What assistance concluded in a month, from the register up to ``through``; entered at ``instant``."""

    chunk: Chunk
    through: int
    instant: datetime


class Writer:
    """Writes one plan into one house."""

    def __init__(self, plan: Plan, stores: Mapping[str, Store], seals: Seals, *, chunk: int = CHUNK) -> None:
        """``stores``: of every log, the audit's included, on fresh databases or on those of an earlier run of this
        plan. Raises ``LogTaken`` and ``WrittenMeanwhile``."""
        self._route, self._digest = f"simulate/{plan.digest}", bytes.fromhex(plan.digest)
        self._starts, self._ends = (start_of_day(date(year, 1, 1)) for year in (plan.first, plan.last + 1))
        self._chunk, self._seals = chunk, seals
        heads = {name: store.position() for name, store in stores.items()}
        for name, store in stores.items():
            self._require_ours(store, heads[name])
        self._logs: dict[str, Log] = {}
        for name, store in stores.items():
            clock = store.clock = SimulatedClock(self._starts)
            self._logs[name] = Log(store, clock, heads[name])
        self._follows = Follows(stores[REGISTRY], stores[ASSISTANCE])
        self._waiting: Consequences | None = None

    @property
    def resumed_from(self) -> int:
        """Facts that an earlier run had written already."""
        return sum(log.written for log in self._logs.values())

    def write(self, months: Iterable[Month]) -> Iterator[Written]:
        """Every month once it is handed over, those of an earlier run included; when they end, all is durable."""
        for name in self._logs:
            declared = SimulatedClockDeclared(
                effective_on=civil_day(self._starts), entered_by=PRINCIPAL, starts_at=self._starts, reason="simulation"
            )
            self._of_the_clock(name, "begin", declared)
        for month in months:
            written = Written(month.recorded_on)
            for act in month.acts:
                written.count(act)
                self._take(act, month.recorded_on)
            self._close_month(month.recorded_on)
            yield written
        self._conclude()
        for name, log in self._logs.items():
            log.settle()
            log.clock.step(self._ends)
            stepped = ClockStepped(effective_on=civil_day(self._ends), entered_by=PRINCIPAL, to=self._ends)
            self._of_the_clock(name, "end", stepped)

    def _take(self, act: Act, day: date) -> None:
        log = self._logs[act.log]
        log.told = act.position + len(act.facts)
        if log.told <= log.written:
            return
        log.acts.append(act)
        log.facts += len(act.facts)
        if log.facts < self._chunk:
            return
        chunk = self._sealed(act.log)
        if act.log == ASSISTANCE:
            # An effect is never on record before its cause, nor before the effects of earlier months.
            causes = self._sealed(REGISTRY)
            self._conclude()
            self._hand_over(REGISTRY, causes, entered_at(REGISTRY, day))
            self._logs[REGISTRY].settle()
        self._hand_over(act.log, chunk, entered_at(act.log, day))

    def _close_month(self, day: date) -> None:
        """The register is handed over. What assistance concluded waits until that is durable, and meanwhile the next
        month is told and sealed."""
        registry, monitoring, assistance = map(self._sealed, (REGISTRY, MONITORING, ASSISTANCE))
        self._conclude()
        self._hand_over(REGISTRY, registry, entered_at(REGISTRY, day))
        self._hand_over(MONITORING, monitoring, entered_at(MONITORING, day))
        self._waiting = Consequences(assistance, self._logs[REGISTRY].told, entered_at(ASSISTANCE, day))

    def _conclude(self) -> None:
        """Hand over what assistance concluded in the month before, together with how far it has read."""
        if self._waiting is None:
            return
        waiting, self._waiting = self._waiting, None
        self._logs[REGISTRY].settle()
        self._follows.keep(waiting.through)
        stands = partial(self._follows.stand, position=waiting.through)
        if waiting.chunk.acts:
            self._hand_over(ASSISTANCE, waiting.chunk, waiting.instant, stands)
        else:
            self._logs[ASSISTANCE].settle()
            self._logs[ASSISTANCE].store.transact(stands, appends=False)

    def _hand_over(
        self, name: str, chunk: Chunk, instant: datetime, beside: Callable[[Tx], None] | None = None
    ) -> None:
        """Submit once the chunk before is durable. ``beside``: what else belongs to the same transaction."""
        if not chunk.acts:
            return
        log = self._logs[name]
        unit = Unit(
            self._command(str(chunk.acts[0].position)),
            lambda tx: self._work(tx, chunk, beside),
            claims=asked_for(chunk.claimed),
            extends=tuple(dict.fromkeys(act.stream for act in chunk.acts)),
        )
        log.settle()
        log.clock.step(instant)
        log.last = log.store.submit(unit)

    def _sealed(self, name: str) -> Chunk:
        """What waits to be handed over, made ready while the chunk before is still being written."""
        acts = self._logs[name].taken()
        subjects = [[subjects_of(fact) for fact in act.facts] for act in acts]
        wanted = set().union(*chain.from_iterable(subjects))
        keys = self._seals.vault.keys_for(wanted) if wanted else {}
        payloads = [
            [encode_fact(seal(fact, keys) if of else fact) for fact, of in zip(act.facts, of_act, strict=True)]
            for act, of_act in zip(acts, subjects, strict=True)
        ]
        return Chunk(acts, payloads, [digested(act, self._seals.digest) if act.claims else () for act in acts])

    def _work(self, tx: Tx, chunk: Chunk, beside: Callable[[Tx], None] | None) -> Reply:
        if tx.head != chunk.acts[0].position:
            raise WrittenMeanwhile(tx.log)
        for act, payloads, digests in zip(chunk.acts, chunk.payloads, chunk.claimed, strict=True):
            if digests:
                take(tx, act, digests)
            ids = tx.append(act.stream, *payloads, expected=act.before)
            for fact, fact_id in zip(act.facts, ids, strict=True):
                if (deadline := deadline_of(fact)) is not None and deadline[1] >= self._ends:
                    tx.set_timer(deadline[0], act.stream, deadline[1], fact_id)
        if beside is not None:
            beside(tx)
        return Reply()

    def _of_the_clock(self, name: str, key: str, fact: Fact) -> None:
        def work(tx: Tx) -> Reply:
            tx.append(CLOCK_STREAM, fact)
            return Reply()

        self._logs[name].store.submit(Unit(self._command(key), work, extends=(CLOCK_STREAM,))).result()

    def _command(self, key: str) -> CommandRef:
        return CommandRef.of(PRINCIPAL, self._route, key, self._digest)

    def _require_ours(self, store: Store, head: int) -> None:
        """Whatever stands in the log was written by earlier runs of this plan, up to its last fact."""
        asked = "SELECT max(position) FROM commands WHERE principal = %s AND route = %s"
        with store.reading() as conn:
            row = conn.execute(asked, (PRINCIPAL, self._route)).fetchone()
        ours = row[0] if row and row[0] is not None else 0
        if ours != head:
            raise WrittenMeanwhile(store.name) if ours else LogTaken(store.name)


def entered_at(log: str, day: date) -> datetime:
    """When a log's facts of a month are entered."""
    return datetime.combine(day, ENTERED_AT[log], SHANGHAI).astimezone(UTC)
