"""What a service does with facts."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from contracts.facts import Recorded
from services.chassis.log.entries import topic_of
from services.chassis.log.unit import Tx


class Reaction(Protocol):
    """What a service does with facts: moves views, or appends facts of its own (``appends``).
    ``types`` empty means every fact. ``name``: never changed, for the command ids of what it appends are made of it; each
    of those facts names its cause."""

    name: str
    types: frozenset[str]
    appends: bool

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """React to facts in order, inside the transaction that moves the cursor."""
        ...


def react(tx: Tx, reactions: Sequence[Reaction], facts: Sequence[Recorded]) -> None:
    """Let every reaction have its facts. What they append is recorded after its causes, whatever the clocks say."""
    if facts:
        tx.after(max(f.recorded_at for f in facts))
        tx.beginnings = beginnings(facts) if facts[0].log == tx.log else {}
    for reaction in reactions:
        mine = [f for f in facts if not reaction.types or f.fact.type_name in reaction.types]
        if mine:
            tx.reaction = reaction.name
            reaction.apply(tx, mine)
    tx.reaction = None


def beginnings(facts: Iterable[Recorded]) -> dict[str, list[tuple[Any, ...]]]:
    """The streams that begin among these facts, as far as they go on without a gap: rows as they stand in the log, each with its fact
    behind it."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for r in facts:
        rows = found.setdefault(r.stream, []) if r.version == 1 else found.get(r.stream)
        if rows is None:
            continue
        if r.version != len(rows) + 1:
            del found[r.stream]
            continue
        rows.append(
            (r.position, r.stream, r.version, topic_of(r.fact), r.payload, r.recorded_at, r.command_id, r.actor, r)
        )
    return found
