"""Disclosures and their reviews: what is read, on one snapshot; and what is recorded before it is answered, under the lock."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from uuid import UUID

from contracts.civil import civil_day, end_of_day
from contracts.facts import Recorded
from contracts.registry.access import (
    HouseholdRead,
    PersonalDataRead,
    Purpose,
    ReadingMatter,
    ReadingOrder,
    ReadingsReviewed,
)
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.reading import Documents
from services.casework.purposes import access_stream, require_purpose
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.disclosures.domain import day_of, quota_role, require_basis
from services.registry.disclosures.matters import OpenMatter, OpenMatters
from services.registry.disclosures.parameters import ENTRY_OPEN_FOR, households_per_day, number
from services.registry.disclosures.rules import ALLOW_MORE, ANOTHER_AUDITOR, OWN_READINGS, TOO_MANY_HOUSEHOLDS_READ
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.state import Household
from services.registry.households.store import household_in_area, relatives_in

Persons = Callable[[Tx, str], Collection[str]]
"""Every account of the person whose this one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``households``: each once."""

    actor: Actor
    purpose: Purpose
    households: Sequence[UUID]
    fields: tuple[str, ...]
    matters: tuple[ReadingMatter, ...]
    order: ReadingOrder | None


class Disclosures:
    def __init__(self, store: Store, documents: Documents, matters: OpenMatters, persons: Persons) -> None:
        self._store, self._documents, self._matters, self._persons = store, documents, matters, persons

    def may_name(self, actor: Actor, households: Sequence[UUID]) -> list[OpenMatter]:
        """What is open about these households; of those outside of the actor's area nothing. Blocking."""

        def look(tx: Tx) -> list[OpenMatter]:
            streams = {each: tx.load(household_stream(each)) for each in households}
            mine = {each: facts for each, facts in streams.items() if _is_in_area(tx, facts, actor)}
            days = number(self._documents.current(), ENTRY_OPEN_FOR, tx.today, actor.division)
            return list(self._matters.about(tx, mine, actor, timedelta(days=days)))

        with self._store.snapshot():
            return self._store.on_snapshot(look, *map(household_stream, households))

    def read(self, asked: Asked) -> Mapping[UUID, Household]:
        """The households, sealed, once it is clear that they may be opened. Blocking. Raises ``Refused``."""
        require_purpose(asked.purpose, asked.actor.roles)

        def look(tx: Tx) -> Mapping[UUID, Household]:
            streams = {each: tx.load(household_stream(each)) for each in asked.households}
            found = {each: household_in_area(facts, asked.actor, relatives_in(tx)) for each, facts in streams.items()}
            days = number(self._documents.current(), ENTRY_OPEN_FOR, tx.today, asked.actor.division)
            covered = self._matters.covered(tx, asked.matters, streams, asked.actor, timedelta(days=days))
            require_basis(asked.purpose, asked.order, asked.households, covered)
            return found

        with self._store.snapshot():
            return self._store.on_snapshot(look, *map(household_stream, asked.households))

    def handler(self, asked: Asked, found: Mapping[UUID, Household]) -> Callable[[Tx], Reply]:
        """Records the reading within the reader's quota of the day, in which all of their accounts count. Raises ``Refused``."""

        def work(tx: Tx) -> Reply:
            actor = asked.actor
            days = {each: access_stream(each, tx.today) for each in self._persons(tx, actor.subject)}
            read = set(asked.households).union(*(day_of(tx.load(day)).households for day in days.values()))
            limit = self._quota(tx, asked)
            if len(read) > limit:
                goes_on = end_of_day(tx.today)
                seconds, tomorrow = ceil((goes_on - tx.instant).total_seconds()), civil_day(goes_on)
                again = NextStep("disclose_personal_data", Office(roles=tuple(sorted(actor.roles))), first_day=tomorrow)
                raise Refused(TOO_MANY_HOUSEHOLDS_READ, limit=limit, seconds=seconds).advising(again, ALLOW_MORE)
            tx.append(
                days[actor.subject],
                PersonalDataRead(
                    effective_on=tx.today, entered_by=actor.subject, reader=actor.subject, area=actor.division,
                    purpose=asked.purpose, matters=asked.matters, order=asked.order, fields=asked.fields,
                    households=tuple(
                        HouseholdRead(household_id=each, person_ids=tuple(state.members))
                        for each, state in found.items()
                    ),
                ),
            )  # fmt: skip
            return Reply()

        return work

    def _quota(self, tx: Tx, asked: Asked) -> int:
        lookup, place = self._documents.in_unit(tx), asked.actor.division
        roles = quota_role(asked.purpose, asked.actor.roles)
        return max(number(lookup, households_per_day(role), tx.today, place) for role in roles)


def review_handler(actor: Actor, review: ReadingsReviewed, persons: Persons) -> Callable[[Tx], Reply]:
    """An auditor's conclusion about what somebody else read on a day. Raises ``Refused``."""

    def work(tx: Tx) -> Reply:
        stream = access_stream(review.reader, review.day)
        read = day_of(tx.load(stream))
        if not read.requests or not actor.covers(read.area):
            raise Refused(NOT_FOUND)
        if review.reader in persons(tx, actor.subject):
            raise Refused(OWN_READINGS).advising(ANOTHER_AUDITOR)
        tx.append(stream, review)
        return Reply()

    return work


EXTENDS = (DOCUMENTS,)
"""Streams whose versions are asked for with the lock."""


def _is_in_area(tx: Tx, facts: Sequence[Recorded], actor: Actor) -> bool:
    try:
        household_in_area(facts, actor, relatives_in(tx))
    except Refused:
        return False
    return True
