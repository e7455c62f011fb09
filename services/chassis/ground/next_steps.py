"""What to do next after a refusal, as data: which act, about what, by which office and from which day on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.registry.divisions import Level
from contracts.roles import Role


@dataclass(frozen=True, slots=True)
class Office:
    """Who may act: one of ``roles`` at one of ``levels``, at any where none is named. ``another_person``: nobody who has a
    part in the matter already; ``division``: which their area must cover, where that is not the caller's own matter."""

    roles: tuple[Role, ...]
    levels: tuple[Level, ...] = ()
    another_person: bool = False
    division: str | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """One alternative. ``act``: operation id of a published route of the same service, which gives the method and path;
    ``ids``: its parameters, as far as the refused request did not name them already; ``form``: fields of the body that are
    settled; ``first_day``: the first day that the act may take place or be dated on, ``None`` for any."""

    act: str
    office: Office
    ids: Mapping[str, object] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    first_day: date | None = None
