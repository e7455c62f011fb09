"""What a pupil's aid stands at, as far as the years to come need it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.registry.households import SchoolStage


class PupilStream:
    """One pupil's stream in the log of assistance. ``version``: facts in it."""

    __slots__ = ("name", "version")

    def __init__(self, person: UUID) -> None:
        self.name, self.version = f"education-aid-{person}", 0


class Aid:
    """One application and what came of it. ``until``: first day without; ``standing``: (effective day, id) of what
    followed from the register, which a look-back may void."""

    __slots__ = ("amount", "granted_on", "number", "open", "person", "stage", "standing", "stream", "until")

    def __init__(self, person: UUID, stream: PupilStream, number: int, stage: SchoolStage) -> None:
        self.person, self.stream, self.number, self.stage = person, stream, number, stage
        self.open = True
        self.granted_on: date | None = None
        self.amount = Decimal(0)
        self.until: date | None = None
        self.standing: list[tuple[date, str]] = []

    def runs_on(self, day: date) -> bool:
        return self.granted_on is not None and self.granted_on <= day and (self.until is None or day < self.until)
