"""The facts of a simulation in the order in which they are appended: positions and versions are known at once, before
anything is written."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from contracts.facts import DecidedFrom, Fact, LogPosition

REGISTRY, ASSISTANCE, MONITORING = "registry", "assistance", "monitoring"
LOGS = (REGISTRY, ASSISTANCE, MONITORING)

NO_HOLDER = UUID(int=0)
"""Holder in a change that releases a claim."""


class ClaimChange(NamedTuple):
    """A uniqueness claim taken or released, before its key is digested. ``key``: an ID number, a household number, a
    piece of work, or the id of a person or household. ``holder``: ``NO_HOLDER`` when the claim is released."""

    kind: str
    key: str | UUID
    holder: UUID


class EventBatch(NamedTuple):
    """The facts that one command appends to one stream. ``expected_version``: the stream's version before them;
    ``head``: the log's position before them. Personal values are plain. ``claims``: in order."""

    log: str
    stream: str
    expected_version: int
    head: int
    facts: tuple[Fact, ...]
    claims: Sequence[ClaimChange]


class EventBuffer:
    """Batches in the order of appending. ``heads``: log → its position. The first position of every log is the
    declaration of its clock."""

    def __init__(self) -> None:
        self.heads = dict.fromkeys(LOGS, 1)
        self._pending: list[EventBatch] = []

    def append(
        self,
        log: str,
        stream: str,
        expected_version: int,
        facts: tuple[Fact, ...],
        claims: Sequence[ClaimChange] = (),
    ) -> None:
        """The owner of the stream counts its version."""
        heads = self.heads
        head = heads[log]
        heads[log] = head + len(facts)
        self._pending.append(EventBatch(log, stream, expected_version, head, facts, claims))

    def drain(self) -> list[EventBatch]:
        """What was appended since the last time."""
        batches, self._pending = self._pending, []
        return batches

    def decided_from(self, parameters: str | None = None) -> DecidedFrom:
        """What a decision now is based on: the registry's log so far, and the parameters with this digest."""
        return DecidedFrom(logs=(LogPosition(log=REGISTRY, position=self.heads[REGISTRY]),), parameters=parameters)
