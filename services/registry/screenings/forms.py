"""Forms and response models of village groups and their screenings."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.registry.screenings import GroupKind, NotReachedReason
from services.chassis.web.payloads import Body
from services.chassis.web.text_fields import TypedDay
from services.registry.households.place_names import VillageGroup
from services.registry.screenings.progress import Progress, ScreenedGroup

Count = Annotated[int, Field(ge=0, le=1_000_000)]


class GroupForm(Body):
    """``effective_on``: since when the village has it."""

    division: str = Field(pattern=r"^[0-9]{12}$", examples=["990001101201"])
    name: VillageGroup
    kind: GroupKind
    effective_on: TypedDay


class DelistingForm(Body):
    """``effective_on``: the first day without the group."""

    effective_on: TypedDay


class NotReachedForm(Body):
    reason: NotReachedReason
    households: Count
    persons: Count


class ScreeningForm(Body):
    """``on``: the last day of it; ``households``, ``persons``: that were screened; ``clues``: ids of what was raised."""

    on: TypedDay
    households: Count
    persons: Count
    not_reached: tuple[NotReachedForm, ...] = Field(default=(), max_length=len(NotReachedReason))
    clues: tuple[UUID, ...] = Field(default=(), max_length=2000)


class GroupActsForm(Body):
    """``facts``: ids of what was wrong."""

    facts: tuple[str, ...] = Field(min_length=1, max_length=20)


class ScreenedGroupAnswer(BaseModel):
    """``screened_on``: in the round of the day asked for, null while it is not; the figures are of that screening."""

    group_id: UUID
    division: str
    name: str
    kind: GroupKind
    since: date
    screened_on: date | None
    screening: str | None
    households: int
    persons: int
    missed_households: int
    missed_persons: int
    clues_found: int

    @classmethod
    def of(cls, found: ScreenedGroup) -> Self:
        return cls.model_validate(found, from_attributes=True)


class AreaProgressAnswer(BaseModel):
    """Of the groups of one division: how many are screened, and what that came to."""

    division: str
    groups: int
    groups_screened: int
    households: int
    persons: int
    missed_households: int
    missed_persons: int
    clues_found: int


class ScreeningProgressAnswer(BaseModel):
    """``first`` and ``last``: days of the round; ``total``: of the area, ``areas``: of each division of the level below."""

    division: str
    as_of: date
    first: date
    last: date
    total: AreaProgressAnswer
    areas: list[AreaProgressAnswer]

    @classmethod
    def of(cls, division: str, as_of: date, found: Progress) -> Self:
        total, *areas = (
            AreaProgressAnswer.model_validate(a, from_attributes=True) for a in (found.total, *found.areas)
        )
        return cls(
            division=division, as_of=as_of, first=found.round.start, last=found.round.end, total=total, areas=areas
        )
