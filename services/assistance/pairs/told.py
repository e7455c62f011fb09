"""What is told of pairs, whoever helps, as a unit of work sees it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from contracts.facts import Recorded
from services.assistance.pairs.streams import streams_of
from services.chassis.log.unit import Tx


def facts_of(tx: Tx, subjects: Iterable[UUID]) -> Mapping[UUID, list[Recorded]]:
    """All that is told of pairs and lists of each, whoever helps."""
    names = {subject: streams_of(subject) for subject in subjects}
    found = tx.load_many(name for of in names.values() for name in of)
    return {subject: [r for name in of for r in found[name]] for subject, of in names.items()}
