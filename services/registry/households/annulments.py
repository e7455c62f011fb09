"""Which facts are annulled by which."""

from collections.abc import Iterable, Sequence

from contracts.facts import Recorded
from contracts.selection import surviving


def annulled_by(facts: Sequence[Recorded]) -> dict[str, str]:
    """Id of a void fact → id of the fact that annuls it."""
    return {annulled: r.id for r in surviving(facts) for annulled in r.fact.annuls}


def with_annulled(void: Iterable[Recorded], among: Iterable[Recorded]) -> list[Recorded]:
    """These facts and, one behind the other, those that they annul: whoever annuls the first names the others too, lest
    they come back."""
    by_id, found = {r.id: r for r in among}, {r.id: r for r in void}
    behind = [*found.values()]
    for recorded in behind:
        new = {i: by_id[i] for i in recorded.fact.annuls if i in by_id and i not in found}
        found.update(new)
        behind += new.values()
    return behind
