"""What is shown of a command before it is sent: what would follow from it in all services."""

from datetime import date
from typing import Protocol, Self
from uuid import UUID

import msgspec
from pydantic import BaseModel

from contracts.consequences import ConsequenceEffect, ConsequenceLine
from services.chassis.log.command_record import CommandRef
from services.chassis.log.dry_run import DryRun
from services.chassis.log.unit import Unit
from services.chassis.security.actor import Actor


class DetailAnswer(BaseModel):
    name: str
    value: str


class ConsequenceAnswer(BaseModel):
    """``what``: the type of the fact that would be recorded there, or the kind of thing that changes."""

    service: str
    effect: ConsequenceEffect
    what: str
    zh: str
    en: str
    on: date
    household_id: UUID | None
    person_id: UUID | None
    details: list[DetailAnswer]

    @classmethod
    def of(cls, line: ConsequenceLine) -> Self:
        return cls.model_validate(msgspec.to_builtins(line))


class ConsequencesShownAnswer(BaseModel):
    """``shown``: id of the fact that keeps this, for the command's header ``Lika-Shown``. ``away``: services that did not
    answer: where there is one, this is incomplete. ``elsewhere``: how many lines are about households outside the area."""

    shown: str
    sha256: str
    answered: list[str]
    away: list[str]
    elsewhere: int
    lines: list[ConsequenceAnswer]


class Previews(Protocol):
    """Collects what follows from a command, and keeps it with the command. ``actor``: who sends it."""

    async def show(self, actor: Actor, ref: CommandRef, found: DryRun) -> ConsequencesShownAnswer | None:
        """``None`` where it is about no household."""
        ...

    def keeping(self, actor: Actor, ref: CommandRef, unit: Unit, shown: str) -> Unit:
        """The unit of a command whose sender was shown this. Raises ``Refused``."""
        ...
