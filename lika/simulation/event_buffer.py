"""The book of what is written in which order: positions and versions are known as soon as a fact is put down."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from contracts.facts import DecidedFrom, Fact, LogPosition

REGISTRY, ASSISTANCE, MONITORING = "registry", "assistance", "monitoring"
LOGS = (REGISTRY, ASSISTANCE, MONITORING)

FREE = UUID(int=0)
"""Holder of a claim that is given up."""


class Claimed(NamedTuple):
    """What only one may hold, before it is digested: ``key`` is an ID number, a household number, a piece of work, or
    the id of a person or household. ``holder`` is ``FREE`` when it is given up."""

    kind: str
    key: str | UUID
    holder: UUID


class Act(NamedTuple):
    """What one act of somebody leaves in one stream. ``before``: the stream's version, ``position``: the log's head
    until then. Personal values are plain. ``claims``: in order."""

    log: str
    stream: str
    before: int
    position: int
    facts: tuple[Fact, ...]
    claims: Sequence[Claimed]


class Book:
    """Acts in the order of writing. The first position of every log is the declaration of its clock."""

    def __init__(self) -> None:
        self.heads = dict.fromkeys(LOGS, 1)
        self._open: list[Act] = []

    def put(self, log: str, stream: str, before: int, facts: tuple[Fact, ...], claims: Sequence[Claimed] = ()) -> None:
        """``before`` is the stream's version, which whoever owns the stream counts."""
        heads = self.heads
        head = heads[log]
        heads[log] = head + len(facts)
        self._open.append(Act(log, stream, before, head, facts, claims))

    def taken(self) -> list[Act]:
        """What was put down since the last time."""
        found, self._open = self._open, []
        return found

    def known(self, parameters: str | None = None) -> DecidedFrom:
        """What a decision of the register rests on: all that stands in its log so far, and these parameters."""
        return DecidedFrom(logs=(LogPosition(log=REGISTRY, position=self.heads[REGISTRY]),), parameters=parameters)
