"""A reaction that writes a row for each fact, and fails where it is told to."""

from collections.abc import Callable, Sequence

from contracts.facts import Recorded
from services.chassis.log.unit import Tx
from tests.chassis.sample import FOLLOWED


class Indigestible(Exception):
    """What a reaction with a defect raises; its text quotes the payload."""


class Writes:
    """Reaction: one row per fact, so that a fact digested twice shows. ``breaks`` decides when it fails halfway."""

    name = "writes"
    appends = False

    def __init__(self, breaks: Callable[[Recorded], Exception | None] = lambda _: None) -> None:
        self.types = FOLLOWED
        self.breaks = breaks

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            tx.cur.execute("INSERT INTO digested VALUES (%s, %s)", (fact.position, fact.stream))
            if (broken := self.breaks(fact)) is not None:
                raise broken
