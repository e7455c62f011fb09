"""Authorisations in the log: the command handler, and what a household misses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import msgspec

from contracts.civil import civil_day, end_of_day
from contracts.facts import Recorded
from contracts.registry.authorisations import AuthorisationFact, QueryAuthorised
from contracts.registry.members import Member
from services.casework.documents.reading import Documents
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.authorisations.domain import (
    Authorisation,
    adults,
    authorisation_on,
    record,
    stream_of,
    turns_adult,
)
from services.registry.authorisations.parameters import ADULT_AGE, VALID_DAYS
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.queries import HouseholdQueries
from services.registry.households.rehydration import state_on
from services.registry.households.store import relatives_in, require_in_area

UNDATED = date.min
"""``valid_until`` of a form that names no last day."""


def record_handler(fact: AuthorisationFact, actor: Actor, documents: Documents) -> Callable[[Tx], Reply]:
    """Handles what an adult of a household in the actor's area answered."""

    def work(tx: Tx) -> Reply:
        known = tx.load(household_stream(fact.household_id))
        require_in_area(known, actor, relatives_in(tx))
        household, lookup, entered = (
            state_on(known, relatives_in(tx), as_of=fact.effective_on),
            documents.in_unit(tx),
            fact,
        )
        adult_age = lookup.at(ADULT_AGE, fact.effective_on, household.division or None).count
        if isinstance(entered, QueryAuthorised) and entered.valid_until == UNDATED:
            days = lookup.at(VALID_DAYS, fact.effective_on, household.division or None).count
            entered = msgspec.structs.replace(entered, valid_until=fact.effective_on + timedelta(days))
        entered = msgspec.structs.replace(entered, decided_from=lookup.basis(tx.log, tx.head))
        stream = stream_of(fact.person_id)
        tx.append(stream, *record(tx.load(stream), entered, household, tx.today, adult_age))
        return Reply(location=f"/registry/households/{fact.household_id}/authorisations")

    return work


def facts_of(tx: Tx, persons: Iterable[UUID]) -> Mapping[UUID, tuple[Recorded, ...]]:
    """Person → the facts of their authorisations, for ``missing_authorisations`` within a unit of work."""
    streams = {person: stream_of(person) for person in persons}
    loaded = tx.load_many(streams.values())
    return {person: tuple(loaded[stream]) for person, stream in streams.items()}


@dataclass(frozen=True, slots=True)
class AdultOf:
    """An adult of a household and what they have authorised. ``turns_adult``: in the year of that day."""

    member: Member
    authorisation: Authorisation
    turns_adult: bool


class AuthorisationQueries:
    """Blocking."""

    def __init__(self, store: Store, households: HouseholdQueries, documents: Documents) -> None:
        self._store, self._households, self._documents = store, households, documents

    def of_household(self, household_id: UUID, actor: Actor, day: date) -> list[AdultOf]:
        """Its adults on a day, as known now. Raises ``NOT_FOUND`` outside the actor's area."""
        with self._store.snapshot() as snapshot:
            household = self._households.household(household_id, actor, day, end_of_day(civil_day(snapshot.instant)))
            age = self._documents.current().at(ADULT_AGE, day, household.division or None).count
            return [
                AdultOf(m, authorisation_on(self._store.stream(stream_of(m.person_id)), day), turns_adult(m, day, age))
                for m in adults(household, day, age)
            ]
