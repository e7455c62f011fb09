"""The steps that a refusal names, as its JSON says them; read by the command line too, which needs no web framework."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.chassis.ground.next_steps import Office


class NextOfficeAnswer(BaseModel):
    """One of ``roles`` at one of ``levels``; none named: everybody signed in, any level. ``another_person``: nobody who has a
    part in the matter already; ``division``: which their area must cover."""

    roles: list[Role]
    levels: list[Level]
    another_person: bool
    division: str | None = None

    @classmethod
    def of(cls, office: Office) -> Self:
        return cls(
            roles=list(office.roles),
            levels=list(office.levels),
            another_person=office.another_person,
            division=office.division,
        )


class NextStepAnswer(BaseModel):
    """``act``: operation id; ``zh``, ``en``: what it is for; ``form``: fields of its body that are settled; ``first_day``: the
    first day that it may take place or be dated on."""

    act: str
    zh: str
    en: str
    method: str
    path: str
    form: dict[str, Any] = {}
    office: NextOfficeAnswer
    first_day: date | None = None
