"""Reconciliation of derived facts: what this service recorded because of other services' facts, against what follows
from those facts now.

A reaction keeps no record of what it did: it derives what follows from everything known now, appends what is missing
and annuls by id what no longer follows. Late facts, corrections and corrections of corrections then need no cases of
their own, and reacting twice changes nothing.
"""

from collections.abc import Iterable, Sequence

import msgspec

from contracts.facts import DecidedFrom, Fact, LogPosition, Recorded
from contracts.selection import surviving


def diff(actual: Iterable[Recorded], desired: Iterable[Fact]) -> tuple[list[Recorded], list[Fact]]:
    """The obsolete facts (actual, not desired) and the missing ones (desired, not actual). ``decided_from`` is ignored."""
    missing = list(dict.fromkeys(desired))
    obsolete: list[Recorded] = []
    for recorded in actual:
        comparable = msgspec.structs.replace(recorded.fact, decided_from=None)
        if comparable in missing:
            missing.remove(comparable)
        else:
            obsolete.append(recorded)
    return obsolete, missing


def annulling_fact(fact_id: str | None, facts: Sequence[Recorded]) -> Recorded | None:
    """The surviving fact that annuls this one."""
    return next((r for r in surviving(facts) if fact_id in r.fact.annuls), None)


def last_recorded(facts: Sequence[Recorded]) -> Recorded:
    """The fact with the highest position."""
    return max(facts, key=lambda r: r.position)


def decided_from(log: str, position: int, documents: tuple[str, ...]) -> DecidedFrom:
    """``documents``: ids of the editions that were looked up."""
    return DecidedFrom(logs=(LogPosition(log=log, position=position),), documents=documents)
