"""A unit of work in memory: what the services' own functions ask of one, where what they decide rests on what stands beside the
log, claims and periods, as well."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from contracts.facts import Fact, Recorded
from lika.simulation.context import SimulationContext
from lika.simulation.decided_stream import DecidedStream
from lika.simulation.event_buffer import NO_HOLDER, ClaimChange, MembershipChange
from services.chassis.log.periods import Period
from services.chassis.log.unit import Tx

Digest = tuple[int, bytes]


class Memory:
    """Of one service: its streams, as far as something may follow in them, and what stands beside them."""

    def __init__(self, context: SimulationContext, log: str) -> None:
        self.context, self.log = context, log
        self.streams: dict[str, DecidedStream] = {}
        self.claims: dict[tuple[str, Digest], UUID] = {}
        self.periods: dict[UUID, dict[UUID, tuple[Period, ...]]] = {}

    def stream(self, name: str) -> DecidedStream:
        if name not in self.streams:
            self.streams[name] = DecidedStream(self.context, self.log, name)
        return self.streams[name]

    def known(self, name: str) -> Sequence[Recorded]:
        return self.streams[name].known if name in self.streams else ()


class SimulatedUnit:
    """One act. Implements what is asked for of ``Tx``; ``finish`` hands over what it claimed."""

    def __init__(self, memory: Memory) -> None:
        self._memory, self._act = memory, cast("UUID | None", None)
        self._claims: list[ClaimChange] = []
        self._memberships: list[MembershipChange] = []

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
        return tuple(self._memory.known(stream))

    def append(self, stream: str, *facts: Fact) -> tuple[str, ...]:
        of_stream = self._memory.stream(stream)
        ids = of_stream.append(*facts, act=self._act)
        self._act = of_stream.last_act
        return tuple(ids)

    def holders(self, kind: str, digests: Sequence[Digest]) -> dict[Digest, UUID]:
        held = self._memory.claims
        return {digest: held[kind, digest] for digest in digests if (kind, digest) in held}

    def claim(self, kind: str, digests: Sequence[Digest], holder: UUID) -> None:
        self._memory.claims.update({(kind, digest): holder for digest in digests})
        self._claims.append(ClaimChange(kind, tuple(digests), holder))

    def release(self, kind: str, digests: Sequence[Digest]) -> None:
        for digest in digests:
            self._memory.claims.pop((kind, digest), None)
        self._claims.append(ClaimChange(kind, tuple(digests), NO_HOLDER))

    def periods_of(self, subjects: Iterable[UUID]) -> dict[UUID, dict[UUID, tuple[Period, ...]]]:
        return {subject: dict(self._memory.periods.get(subject, {})) for subject in subjects}

    def set_periods(self, subject: UUID, holder: UUID, periods: Sequence[Period]) -> None:
        of_subject = self._memory.periods.setdefault(subject, {})
        if of_subject.get(holder, ()) != tuple(periods):
            of_subject[holder] = tuple(periods)
            self._memberships.append(MembershipChange(subject, holder, tuple(periods)))

    def finish(self) -> None:
        """Claims and periods are changed with what was appended."""
        if self._claims or self._memberships:
            self._memory.context.events.attach(self.log, tuple(self._claims), tuple(self._memberships))
