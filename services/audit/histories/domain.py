"""The history of a household: its facts from all services, in the order in which they are true, void ones included."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from contracts.facts import Fact, Recorded
from contracts.personal import MASK, SHREDDED, Personal
from contracts.selection import known, timeline
from services.audit.statements.state import REGISTRY, HouseholdState, fold

COMMON = frozenset(Fact.__struct_fields__)
"""Fields that every fact has; what is left is what the fact itself says."""


class Basis(StrEnum):
    """On what word it stands when something was learned."""

    PROVED = "proved"  # our own log says so: recorded_at was assigned under the append lock
    ASSERTED = "asserted"  # an old system says so: source_recorded_on came with migrated history


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as known at that time. ``annulled_by``: the fact that makes it void, when one does."""

    recorded: Recorded
    annulled_by: str | None

    @property
    def basis(self) -> Basis:
        return Basis.PROVED if self.recorded.fact.source_recorded_on is None else Basis.ASSERTED


def history(facts: Iterable[Recorded], as_of: date | None, known_before: datetime) -> list[Told]:
    """Facts true by ``as_of`` (all, when ``None``), learned before ``known_before``."""
    learned = known(facts, known_before)
    annullers = annulments(learned)
    told = [Told(r, annullers.get(r.id)) for r in learned if as_of is None or r.fact.effective_on <= as_of]
    return sorted(told, key=_when)


def annulments(facts: Sequence[Recorded]) -> dict[str, str]:
    """Which facts are void, and by which one. A log annuls its own facts only; who is void annuls nobody."""
    void: dict[str, str] = {}
    for r in sorted(facts, key=lambda r: (r.recorded_at, r.position), reverse=True):
        if r.id not in void:
            void.update({fact: r.id for fact in r.fact.annuls if fact.startswith(f"{r.log}/")})
    return void


def state(facts: Iterable[Recorded], as_of: date | None, known_before: datetime | None) -> HouseholdState:
    """The household's state on a day; only the register's own facts decide it."""
    return fold(timeline((r for r in facts if r.log == REGISTRY), as_of=as_of, known_at=known_before))


def said(fact: Fact) -> dict[str, Any]:
    """What the fact itself says, in JSON's types. Personal fields are masked: audit never opens a box."""
    fields: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=_masked)
    return {name: value for name, value in fields.items() if name not in COMMON and name != "household_id"}


def _masked(value: object) -> str:
    if isinstance(value, Personal):
        return SHREDDED if value.is_shredded else MASK
    raise TypeError(f"no printed form for {type(value).__name__}")


def _when(told: Told) -> tuple[date, datetime, str, int]:
    r = told.recorded
    # Positions of different logs cannot be compared; what was learned first comes first, so causes precede effects.
    return r.fact.effective_on, r.recorded_at, r.log, r.position
