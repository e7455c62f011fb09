"""A unit of work in memory: what the services' own functions ask of one, where what they decide rests on what stands beside the
log, claims and periods, as well."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from contracts.facts import Fact, Recorded
from lika.simulation.context import SimulationContext
from lika.simulation.decided_stream import DecidedStream
from lika.simulation.entry_times import entered_at
from lika.simulation.event_buffer import NO_HOLDER, ClaimChange, MembershipChange
from services.chassis.log.periods import Period
from services.chassis.log.unit import Tx

Digest = tuple[int, bytes]
Periods = dict[UUID, tuple[Period, ...]]


class Memory:
    """Of one service: its streams, as far as something may follow in them, and what stands beside them. ``waiting``: changes of
    periods that came with no fact, and are handed over with the next one."""

    def __init__(self, context: SimulationContext, log: str) -> None:
        self.context, self.log = context, log
        self.streams: dict[str, DecidedStream] = {}
        self.claims: dict[tuple[str, Digest], UUID] = {}
        self.periods: dict[UUID, Periods] = {}
        self.waiting: list[MembershipChange] = []

    def stream(self, name: str) -> DecidedStream:
        if name not in self.streams:
            self.streams[name] = DecidedStream(self.context, self.log, name)
        return self.streams[name]

    def known(self, name: str) -> Sequence[Recorded]:
        return self.streams[name].known if name in self.streams else ()


class SimulatedUnit:
    """One act. Implements what is asked for of ``Tx``. Of a unit that is refused, and so not finished, nothing is kept."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._appended: list[tuple[str, Sequence[Recorded]]] = []
        self._claims: list[ClaimChange] = []
        self._periods: list[MembershipChange] = []

    @property
    def tx(self) -> Tx:
        return cast(Tx, self)

    @property
    def log(self) -> str:
        return self._memory.log

    @property
    def head(self) -> int:
        return self._memory.context.events.heads[self.log]

    @property
    def today(self) -> date:
        return self._memory.context.recorded_on

    def after(self, _: datetime) -> None:
        """The month's facts of the register are entered before those of who reads it."""

    def load(self, stream: str) -> Sequence[Recorded]:
        own = (r for name, recorded in self._appended if name == stream for r in recorded)
        return (*self._memory.known(stream), *own)

    def append(self, stream: str, *facts: Fact) -> tuple[str, ...]:
        position = self.head + sum(len(recorded) for _, recorded in self._appended)
        version, at = len(self.load(stream)), entered_at(self.log, self.today)
        new = [
            Recorded(self.log, position + n, stream, version + n, at, UUID(int=0), fact.entered_by, fact, b"")
            for n, fact in enumerate(facts, start=1)
        ]
        self._appended.append((stream, new))
        return tuple(recorded.id for recorded in new)

    def holders(self, kind: str, digests: Sequence[Digest]) -> dict[Digest, UUID]:
        held = dict(self._memory.claims)
        for change in self._claims:
            _change(held, change)
        return {digest: held[kind, digest] for digest in digests if (kind, digest) in held}

    def claim(self, kind: str, digests: Sequence[Digest], holder: UUID) -> None:
        self._claims.append(ClaimChange(kind, tuple(digests), holder))

    def release(self, kind: str, digests: Sequence[Digest]) -> None:
        self._claims.append(ClaimChange(kind, tuple(digests), NO_HOLDER))

    def periods_of(self, subjects: Iterable[UUID]) -> dict[UUID, Periods]:
        found = {subject: dict(self._memory.periods.get(subject, {})) for subject in subjects}
        for change in self._periods:
            if change.subject in found:
                found[change.subject][change.holder] = change.periods
        return found

    def set_periods(self, subject: UUID, holder: UUID, periods: Sequence[Period]) -> None:
        if self.periods_of([subject])[subject].get(holder, ()) != tuple(periods):
            self._periods.append(MembershipChange(subject, holder, tuple(periods)))

    def finish(self) -> None:
        """Hand over what was appended, and with it what was claimed and changed of periods."""
        memory, act = self._memory, None
        for stream, recorded in self._appended:
            of_stream = memory.stream(stream)
            of_stream.append(*(r.fact for r in recorded), act=act)
            act = of_stream.last_act
        for claim in self._claims:
            _change(memory.claims, claim)
        for subject, holder, periods in self._periods:
            memory.periods.setdefault(subject, {})[holder] = periods
        memory.waiting += self._periods
        if self._appended:
            memory.context.events.attach(self.log, tuple(self._claims), tuple(memory.waiting))
            memory.waiting.clear()


def _change(held: dict[tuple[str, Digest], UUID], change: ClaimChange) -> None:
    assert isinstance(change.key, tuple)
    for digest in change.key:
        if change.holder == NO_HOLDER:
            held.pop((change.kind, digest), None)
        else:
            held[change.kind, digest] = change.holder
