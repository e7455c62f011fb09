"""A household as an answer shows it, on any day as known at any instant: personal fields masked, codes with their labels."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.casework.code_lists.repository import CodeLists
from services.casework.documents.reading import Documents
from services.chassis.security.actor import Actor
from services.registry.households.answers import HouseholdAnswer
from services.registry.households.member_answers import SchoolingOf
from services.registry.households.queries import HouseholdQueries


@dataclass(frozen=True)
class HouseholdReader:
    """Blocking: to be called in a thread."""

    queries: HouseholdQueries
    documents: Documents
    schooling: SchoolingOf

    def answer(self, household_id: UUID, actor: Actor, day: date, known: datetime) -> HouseholdAnswer:
        """Raises ``NOT_FOUND`` as ``HouseholdQueries.household``."""
        state = self.queries.household(household_id, actor, day, known)
        lists = CodeLists(self.documents.known_at(known), day, state.division or None)
        return HouseholdAnswer.of(
            household_id, state, day, known, lists, self.schooling(state.members.keys(), day, known)
        )
