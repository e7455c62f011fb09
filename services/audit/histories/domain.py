"""The history of a household: its facts from all services, in order of effect, annulled ones included."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.selection import known, parent_of, timeline
from services.audit.statements.state import REGISTRY, HouseholdState, fold, is_about

COMMON_FIELDS = frozenset(Fact.__struct_fields__)
"""Fields that every fact has."""


class TimeBasis(StrEnum):
    """What the time at which a fact was learned rests on."""

    PROVED = "proved"  # by the recorded_at that our own log assigned under the append lock
    ASSERTED = "asserted"  # by the source_recorded_on of an old system, in migrated history


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One fact as known at that time. ``annulled_by``: id of the fact that annuls it, if any; ``void``: on which days it was
    known to be void."""

    recorded: Recorded
    annulled_by: str | None
    void: tuple["VoidPeriod", ...] = ()

    @property
    def basis(self) -> TimeBasis:
        return TimeBasis.PROVED if self.recorded.fact.source_recorded_on is None else TimeBasis.ASSERTED


@dataclass(frozen=True, slots=True)
class VoidPeriod:
    """A fact was void as known at the end of the days from ``since`` to before ``until`` (``None``: still is), by the fact
    ``by``."""

    since: date
    until: date | None
    by: str


def history(facts: Iterable[Recorded], as_of: date | None, known_before: datetime) -> list[HistoryEntry]:
    """Facts true by ``as_of`` (all, when ``None``), learned before ``known_before``."""
    known_facts = known(facts, known_before)
    annulled_by, void = annulments(known_facts), void_periods(known_facts)
    entries = [
        HistoryEntry(r, annulled_by.get(r.id), void.get(r.id, ()))
        for r in known_facts
        if as_of is None or r.fact.effective_on <= as_of
    ]
    return sorted(entries, key=_chronological)


def annulments(facts: Sequence[Recorded]) -> dict[str, str]:
    """Annulled fact → the fact that annuls it. A log annuls its own facts only; an annulled fact annuls nothing."""
    annulled_by: dict[str, str] = {}
    for r in sorted(facts, key=lambda r: (r.recorded_at, r.position), reverse=True):
        if r.id not in annulled_by:
            annulled_by.update({fact: r.id for fact in r.fact.annuls if fact.startswith(f"{r.log}/")})
    return annulled_by


def void_periods(facts: Sequence[Recorded]) -> dict[str, tuple[VoidPeriod, ...]]:
    """Fact → when it was known to be void, oldest first. An annulment ends where it is annulled itself."""
    found: dict[str, tuple[VoidPeriod, ...]] = {}
    for day in sorted({civil_day(r.recorded_at) for r in facts if r.fact.annuls}):
        void = annulments([r for r in facts if civil_day(r.recorded_at) <= day])
        for fact in found.keys() | void.keys():
            *before, last = found.get(fact, (None,))
            by = void.get(fact)
            if last is not None and last.until is None and last.by != by:
                found[fact] = tuple(filter(None, (*before, replace(last, until=day))))
            if by is not None and (last is None or last.until is not None or last.by != by):
                found[fact] = (*found.get(fact, ()), VoidPeriod(day, None, by))
    return found


def state(
    facts: Iterable[Recorded], household: UUID, as_of: date | None, known_before: datetime | None
) -> HouseholdState:
    """The household's state on a day, from its facts and its ancestors'; only the register's own facts decide it."""
    registered = (r for r in facts if r.log == REGISTRY)
    return fold(timeline(registered, of=household, as_of=as_of, known_at=known_before), household)


@dataclass(frozen=True, slots=True)
class Origin:
    """A household that another one came from. ``formed_by``: id of the fact that formed the other one, ``formed_on`` its
    day."""

    household: UUID
    formed_by: str
    formed_on: date


def origins(facts: Iterable[Recorded], household: UUID, known_before: datetime) -> list[Origin]:
    """Whom the household came from, its parent first, then the parent's parent and so on, as known then."""
    line = timeline((r for r in facts if r.log == REGISTRY), of=household, known_at=known_before)
    found: list[Origin] = []
    for r in reversed(line):
        parent = parent_of(r)
        if parent is not None and is_about(r, found[-1].household if found else household):
            found.append(Origin(parent, r.id, r.fact.effective_on))
    return found


def digest(entries: Iterable[HistoryEntry]) -> str:
    """SHA-256, in hexadecimal, of ids, stored payloads and what annuls them, in this order."""
    found = hashlib.sha256()
    for each in entries:
        payload = hashlib.sha256(each.recorded.payload).hexdigest()
        found.update(f"{each.recorded.id} {payload} {each.annulled_by or ''}\n".encode())
    return found.hexdigest()


def masked_fields(fact: Fact) -> dict[str, Any]:
    """The fields of the fact's own type, in JSON's types. Personal fields are masked: audit never unseals them."""
    fields: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=_mask)
    return {name: value for name, value in fields.items() if name not in COMMON_FIELDS and name != "household_id"}


def _mask(value: object) -> str:
    if isinstance(value, Personal):
        return value.masked
    raise TypeError(f"no printed form for {type(value).__name__}")


def _chronological(entry: HistoryEntry) -> tuple[date, bool, int, datetime, str, int]:
    r = entry.recorded
    # Of one day the register's facts come in the order of its timeline. Others follow from them and come behind, as they
    # were recorded: positions of different logs cannot be compared.
    elsewhere = r.log != REGISTRY
    return r.fact.effective_on, elsewhere, 0 if elsewhere else r.fact.rank, r.recorded_at, r.log, r.position
