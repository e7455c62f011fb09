"""The facts of a simulation in the order in which they are appended: positions and versions are known at once, before
anything is written."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from contracts.facts import DecidedFrom, Fact, LogPosition
from lika.simulation.ids import command_id
from services.chassis.log.periods import Period

REGISTRY, ASSISTANCE, MONITORING = "registry", "assistance", "monitoring"
LOGS = (REGISTRY, ASSISTANCE, MONITORING)

NO_HOLDER = UUID(int=0)
"""Holder in a change that releases a claim."""


class ClaimChange(NamedTuple):
    """A uniqueness claim taken or released. ``key``: an ID number, a household number, a piece of work, or the id of a household,
    before it is digested; or the digests of what no key is needed for. ``holder``: ``NO_HOLDER`` when the claim is released."""

    kind: str
    key: str | UUID | tuple[tuple[int, bytes], ...]
    holder: UUID


class MembershipChange(NamedTuple):
    """The exclusive periods in which a household (``holder``) has a person (``subject``), from now on these."""

    subject: UUID
    holder: UUID
    periods: tuple[Period, ...]


class EventBatch(NamedTuple):
    """The facts that one command appends to one stream. ``expected_version``: the stream's version before them;
    ``head``: the log's position before them; ``act``: the command's id, which a split's two batches share. Personal
    values are plain. ``claims`` and ``memberships``: in order."""

    log: str
    stream: str
    expected_version: int
    head: int
    facts: tuple[Fact, ...]
    claims: Sequence[ClaimChange]
    memberships: Sequence[MembershipChange]
    act: UUID


class EventBuffer:
    """Batches in the order of appending. ``heads``: log → its position. The first position of every log is the
    declaration of its clock."""

    def __init__(self, plan: str) -> None:
        """``plan``: digest of the plan."""
        self._plan = plan
        self.heads = dict.fromkeys(LOGS, 1)
        self._pending: list[EventBatch] = []

    def append(
        self,
        log: str,
        stream: str,
        expected_version: int,
        facts: tuple[Fact, ...],
        claims: Sequence[ClaimChange] = (),
        memberships: Sequence[MembershipChange] = (),
        act: UUID | None = None,
    ) -> UUID:
        """The owner of the stream counts its version. ``act``: of the command that appended to another stream before;
        without it this is a command of its own. Returns the act."""
        heads = self.heads
        head = heads[log]
        heads[log] = head + len(facts)
        act = act or command_id(self._plan, log, head)
        self._pending.append(EventBatch(log, stream, expected_version, head, facts, claims, memberships, act))
        return act

    def attach(self, log: str, claims: Sequence[ClaimChange], memberships: Sequence[MembershipChange]) -> None:
        """To what was appended last to this log in this month. Raises ``LookupError`` where that is nothing."""
        place = next((n for n in reversed(range(len(self._pending))) if self._pending[n].log == log), None)
        if place is None:
            raise LookupError("nothing was appended that claims could stand with")
        batch = self._pending[place]
        self._pending[place] = batch._replace(
            claims=(*batch.claims, *claims), memberships=(*batch.memberships, *memberships)
        )

    def drain(self) -> list[EventBatch]:
        """What was appended since the last time."""
        batches, self._pending = self._pending, []
        return batches

    def decided_from(self, *logs: str, documents: tuple[str, ...] = ()) -> DecidedFrom:
        """What a decision now is based on: these logs so far (the registry's where none is named), and these editions."""
        read = tuple(LogPosition(log=log, position=self.heads[log]) for log in logs or (REGISTRY,))
        return DecidedFrom(logs=read, documents=documents)
