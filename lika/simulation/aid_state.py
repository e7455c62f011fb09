"""The state of a pupil's education aid, as far as later events depend on it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.registry.codes import SchoolStage
from lika.simulation.event_buffer import ASSISTANCE
from services.assistance.programmes.document import Cadence


class PupilStream:
    """One pupil's stream in assistance's log. ``version``: facts in it; ``township``: code of the one where aid was applied for
    first, which nobody leaves."""

    __slots__ = ("name", "township", "version")

    def __init__(self, person: UUID, township: str) -> None:
        self.name, self.township, self.version = f"entitlements-{person}", township, 0

    def fact_id(self, version: int) -> str:
        return f"{ASSISTANCE}/{self.name}/{version}"


class AidRecord:
    """One application and what came of it. ``ended_on``: the first day without aid; ``consequences``: (effective day,
    id) of the facts that followed from the register and stand, which a look-back may annul."""

    __slots__ = (
        "amount",
        "case_id",
        "component",
        "consequences",
        "ended_on",
        "granted_on",
        "open",
        "period",
        "person",
        "stage",
        "stream",
    )

    def __init__(self, person: UUID, stream: PupilStream, case_id: UUID, stage: SchoolStage) -> None:
        self.person, self.stream, self.case_id, self.stage = person, stream, case_id, stage
        self.open = True
        self.granted_on: date | None = None
        self.amount, self.component, self.period = Decimal(0), "", Cadence.SCHOOL_YEAR
        self.ended_on: date | None = None
        self.consequences: list[tuple[date, str]] = []

    def is_active_on(self, day: date) -> bool:
        return self.granted_on is not None and self.granted_on <= day and (self.ended_on is None or day < self.ended_on)
