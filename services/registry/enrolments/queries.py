"""What education says of the members of a household. Blocking."""

from uuid import UUID

from contracts.facts import Recorded
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.registry.households.lineage import persons_named
from services.registry.households.queries import HouseholdQueries
from services.registry.households.store import require_in_area
from services.registry.schooling.domain import stream_of
from services.registry.schools.pupils import PupilQueries, SchoolingPeriod


class EnrolmentQueries:
    def __init__(self, store: Store, households: HouseholdQueries, pupils: PupilQueries) -> None:
        self._store, self._households, self.pupils = store, households, pupils

    def facts(self, household_id: UUID, person_id: UUID, actor: Actor) -> tuple[Recorded, ...]:
        """What was entered of a member. Raises ``NOT_FOUND`` outside the actor's area, and for who was never a member."""
        if person_id not in self._persons(household_id, actor):
            raise Refused(NOT_FOUND)
        return self._store.stream(stream_of(person_id))

    def periods(self, household_id: UUID, actor: Actor) -> list[SchoolingPeriod]:
        """By person, day of learning and day of truth. Raises ``NOT_FOUND`` outside the actor's area."""
        return [
            period
            for person in self._persons(household_id, actor)
            for period in self.pupils.periods(person, self._store.stream(stream_of(person)))
        ]

    def _persons(self, household_id: UUID, actor: Actor) -> list[UUID]:
        """Of a household that is in the actor's area today: to the area that it left, education says nothing more."""
        facts = self._households.facts(household_id)
        require_in_area(facts, actor, self._households.facts)
        return persons_named(facts)
