"""Reconciliation of derived facts: what this service recorded because of the registry's facts, against what follows
from those facts now.

A reaction keeps no record of what it did: it derives what follows from everything known now, appends what is missing
and annuls by id what no longer follows. Late facts, corrections and corrections of corrections then need no cases of
their own, and reacting twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Self, TypeVar

import msgspec

from contracts.accounts import SYSTEM_ACTOR
from contracts.facts import DecidedFrom, Fact, HouseholdFact, LogPosition, Recorded
from contracts.selection import surviving
from services.casework.documents.lookup import Lookup
from services.casework.people.history import last_recorded
from services.casework.people.queries import registry_position
from services.casework.people.view import REGISTRY
from services.chassis.log.unit import Tx

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Annulment:
    """Facts that are ``void`` because of this ``cause``: it annuls what they were derived from (``cause_annulled``), or they
    are overtaken by it."""

    void: Sequence[Recorded]
    cause: Recorded
    cause_annulled: bool

    @classmethod
    def of(cls, void: Sequence[Recorded], facts: Sequence[Recorded]) -> Self:
        """``facts``: of the registry, all that were derived from."""
        annulling = annulling_fact(void[0].fact.caused_by, facts)
        return cls(void, annulling or last_recorded(facts), annulling is not None)

    def fields(self) -> dict[str, Any]:
        """What the fact that annuls them says of them."""
        return annulment_fields(self.void, SYSTEM_ACTOR, self.cause.id)


def reconcile(
    tx: Tx, stream: str, derived: tuple[type[Fact], ...], desired: Iterable[Fact], facts: Sequence[Recorded],
    lookup: Lookup, annul: Callable[[Annulment], Fact],
) -> None:  # fmt: skip
    """Bring the stream's facts of the ``derived`` kinds, as far as nobody told them, in line with those desired: annul the
    obsolete, append the missing. ``facts``: of the registry, from which they were derived."""
    known = (r for r in surviving(tx.load(stream)) if isinstance(r.fact, derived))
    obsolete, missing = diff((r for r in known if r.fact.entered_by == SYSTEM_ACTOR), desired)
    new = [*(annul(each) for each in annulments_of(obsolete, facts)), *missing]
    if new:
        position = LogPosition(log=REGISTRY, position=last_recorded(facts).position)
        basis = DecidedFrom(logs=(position,), documents=lookup.used)
        tx.append(stream, *(msgspec.structs.replace(fact, decided_from=basis) for fact in new))


def decided(tx: Tx, fact: F, basis: DecidedFrom, lookup: Lookup) -> F:
    """Decided from the case's basis, the registry as far as it was read, and what was looked up besides."""
    read = LogPosition(log=REGISTRY, position=registry_position(tx.cur))
    logs = (*(known for known in basis.logs if known.log != REGISTRY), read)
    documents = tuple(dict.fromkeys((*basis.documents, *lookup.used)))
    return msgspec.structs.replace(fact, decided_from=DecidedFrom(logs=logs, documents=documents))


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


def annulments_of(obsolete: Iterable[Recorded], facts: Sequence[Recorded]) -> Iterator[Annulment]:
    """Obsolete facts by what made them so, in the order in which that was recorded."""

    def recorded_at(annulment: Annulment) -> int:
        return annulment.cause.position

    of_each = sorted((Annulment.of((void,), facts) for void in obsolete), key=recorded_at)
    for _, of_one_cause in groupby(of_each, key=recorded_at):
        first, *others = of_one_cause
        yield replace(first, void=[*first.void, *(void for other in others for void in other.void)])


def annulling_fact(fact_id: str | None, facts: Sequence[Recorded]) -> Recorded | None:
    """The surviving fact that annuls this one."""
    return next((r for r in surviving(facts) if fact_id in r.fact.annuls), None)


def annulment_fields(void: Sequence[Recorded], by: str, caused_by: str) -> dict[str, Any]:
    """What a fact that annuls these says of them, under the household of the first."""
    first = void[0].fact
    assert isinstance(first, HouseholdFact)
    return {
        "household_id": first.household_id, "effective_on": min(r.fact.effective_on for r in void), "entered_by": by,
        "caused_by": caused_by, "annuls": tuple(r.id for r in void),
    }  # fmt: skip
