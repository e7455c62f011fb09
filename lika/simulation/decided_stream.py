"""A stream whose next facts the service's own pure decisions give, from what the stream holds."""

from uuid import UUID

from contracts.facts import Fact, Recorded
from lika.simulation.context import SimulationContext
from lika.simulation.entry_times import entered_at
from lika.simulation.event_buffer import ClaimChange


class DecidedStream:
    """``known``: its facts, as a unit of work would load them. Kept only as long as something may follow in the stream."""

    __slots__ = ("_context", "known", "last_act", "log", "name")

    def __init__(self, context: SimulationContext, log: str, name: str) -> None:
        self._context, self.log, self.name = context, log, name
        self.known: list[Recorded] = []
        self.last_act = UUID(int=0)

    def append(self, *new: Fact, claims: tuple[ClaimChange, ...] = (), act: UUID | None = None) -> list[str]:
        """Append facts of one command; ``act``: of a command that has appended to another stream. Returns their ids."""
        context, version = self._context, len(self.known)
        head, at = context.events.heads[self.log], entered_at(self.log, context.recorded_on)
        self.last_act = context.events.append(self.log, self.name, version, new, claims, act=act)
        self.known += [
            Recorded(
                self.log, head + number, self.name, version + number, at, self.last_act, fact.entered_by, fact, b""
            )
            for number, fact in enumerate(new, start=1)
        ]
        return [recorded.id for recorded in self.known[version:]]
