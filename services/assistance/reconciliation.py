"""What stands in a stream because of other services' facts, against what should stand there.

A reaction never remembers what it did: it asks what follows from everything known now, appends what is missing and
annuls by id what no longer follows. Late facts, corrections and corrections of corrections then need no cases of
their own, and reacting twice changes nothing.
"""

from collections.abc import Iterable, Sequence

import msgspec

from contracts.facts import DecidedFrom, Fact, LogPosition, Recorded
from contracts.selection import surviving

BY = "lika"
"""``entered_by`` of what nobody typed."""


def difference(standing: Iterable[Recorded], wanted: Iterable[Fact]) -> tuple[list[Recorded], list[Fact]]:
    """What stands and should not, and what should and does not. What it was decided from makes no difference."""
    missing = list(dict.fromkeys(wanted))
    void: list[Recorded] = []
    for recorded in standing:
        bare = msgspec.structs.replace(recorded.fact, decided_from=None)
        if bare in missing:
            missing.remove(bare)
        else:
            void.append(recorded)
    return void, missing


def annuller_of(fact_id: str | None, facts: Sequence[Recorded]) -> Recorded | None:
    """The surviving fact that makes this one void."""
    return next((r for r in surviving(facts) if fact_id in r.fact.annuls), None)


def newest(facts: Sequence[Recorded]) -> Recorded:
    """The fact learned last."""
    return max(facts, key=lambda r: r.position)


def decided_from(log: str, position: int, parameters: str) -> DecidedFrom:
    """``parameters``: digest of the dated parameters."""
    return DecidedFrom(logs=(LogPosition(log=log, position=position),), parameters=parameters)
