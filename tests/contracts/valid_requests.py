"""A sound request: who may make it, about what, and saying what. The fuzzer bends it from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.contracts.seeded_county import World
from tests.support.running import Person


@dataclass(frozen=True)
class Sound:
    """``body`` is ``None`` where the operation takes none."""

    who: Person
    path: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    media_type: str = "application/json"


Make = Callable[[World], Sound]


def at(who: str, **path: Callable[[World], Any]) -> Make:
    """A read of something that is there."""
    return lambda w: Sound(getattr(w, who), {name: find(w) for name, find in path.items()})


def reading(who: str = "auditor", /, **query: Any) -> Make:
    """A read that needs no id."""
    return lambda w: Sound(getattr(w, who), query=query)


def stepping(service: str) -> Make:
    """The clock goes on by a minute."""
    return lambda w: Sound(w.operator, body={"to": (w.clock(service) + timedelta(minutes=1)).isoformat()})


def shared(service: str) -> dict[str, Make]:
    """What every service has."""
    return {
        "read_log_head": reading(),
        "read_log_page": lambda w: Sound(w.auditor, {"page": 0}),
        "read_clock": reading(),
        "step_clock": stepping(service),
        **dict.fromkeys(("metrics", "live", "ready"), reading()),
    }


AUDIT: Mapping[str, Make] = {
    **shared("audit"),
    "read_history": at("auditor", household_id=lambda w: w.registered[0]),
    "read_statement": reading(**{"from": 2014, "to": 2014}),
    "list_movements": reading(period=2014, column="identified"),
    "list_stock": reading(as_of="2014-06-10"),
}
