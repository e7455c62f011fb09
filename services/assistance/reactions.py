"""Reactions to the registry's facts: whoever is concerned, in the households named and in those that split off from them, is
reconciled. What is learned late of a household before a split holds for the new one, too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.facts import Recorded
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.people.domain import FOLLOWED_TYPES
from services.casework.people.queries import (
    facts_about_households,
    facts_about_persons,
    households_affected_by,
    persons_of,
)
from services.chassis.log.unit import Tx

Reconcile = Callable[[Tx, UUID, Sequence[Recorded], Lookup], None]
"""Reconciles one subject's derived facts with all that the registry holds about it."""


@dataclass
class UnitReaction:
    """Reconciles the households concerned, and everybody who was ever named in them, as far as they have facts in a stream of this
    service."""

    name: str
    stream_of: Callable[[UUID], str]
    reconcile: Reconcile
    documents: Documents

    types = FOLLOWED_TYPES
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        households = households_affected_by(tx.cur, facts)
        persons = persons_of(tx.cur, households)
        streams = {self.stream_of(unit): unit for unit in (*persons, *households)}
        concerned = {streams[stream] for stream, own in tx.load_many(streams).items() if own}
        about = facts_about_persons(tx.cur, [person for person in persons if person in concerned])
        about |= facts_about_households(tx.cur, [household for household in households if household in concerned])
        for unit, known in about.items():
            self.reconcile(tx, unit, known, self.documents.in_unit(tx))


@dataclass
class HouseholdReaction:
    """Reconciles the households concerned."""

    name: str
    stream_of: Callable[[UUID], str]
    reconcile: Reconcile
    documents: Documents

    types = FOLLOWED_TYPES
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        households = households_affected_by(tx.cur, facts)
        about = facts_about_households(tx.cur, households)
        tx.load_many(map(self.stream_of, households))
        for household in households:
            self.reconcile(tx, household, about[household], self.documents.in_unit(tx))
