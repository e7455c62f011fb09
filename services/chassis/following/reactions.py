"""What a service does with facts."""

from collections.abc import Sequence
from typing import Protocol

from contracts.facts import Recorded
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
    for reaction in reactions:
        mine = [f for f in facts if not reaction.types or f.fact.type_name in reaction.types]
        if mine:
            tx.reaction = reaction.name
            reaction.apply(tx, mine)
    tx.reaction = None
