"""Response model of a school's pupil. A pupil is an id: no name is shown."""

from typing import Self
from uuid import UUID

from services.registry.households.member_answers import SchoolingAnswer
from services.registry.schools.pupils import Pupil


class PupilAnswer(SchoolingAnswer):
    """``division``: where the pupil's household is today; ``school_code``: that the pupil is at on the day asked about."""

    person_id: UUID
    household_id: UUID
    division: str

    @classmethod
    def of_pupil(cls, pupil: Pupil, schooling: SchoolingAnswer) -> Self:
        return cls(
            **schooling.model_dump(),
            person_id=pupil.person_id,
            household_id=pupil.household_id,
            division=pupil.division,
        )
