"""A programme with a quota: who has a place, who waits, in what order, and who moves up when somebody leaves. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.assistance.entitlements import rules
from services.chassis.ground.refusals import Refused

NATION = "CN"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open application. ``priority``: place of its group, from 0; ``applied_at``: when it was recorded."""

    case_id: UUID
    unit_id: UUID
    division: str
    applied_on: date
    applied_at: datetime
    priority: int


@dataclass(frozen=True, slots=True)
class Queue:
    """``places``: of the programme; ``taken``: units that have one; ``waiting``: in order."""

    places: int
    taken: int
    waiting: tuple[Waiting, ...]

    @classmethod
    def of(cls, places: int, having: Collection[UUID], waiting: Iterable[Waiting]) -> "Queue":
        """By priority, then by the day of the application, then as it was recorded."""
        in_order = sorted(waiting, key=lambda w: (w.priority, w.applied_on, w.applied_at))
        return cls(places, len(having), tuple(in_order))

    @property
    def free(self) -> int:
        return max(self.places - self.taken, 0)

    def ahead_of(self, case_id: UUID) -> int:
        """How many come before it; of a case that does not wait, all."""
        return next((n for n, w in enumerate(self.waiting) if w.case_id == case_id), len(self.waiting))

    def require_place(self, case_id: UUID) -> None:
        """Raises ``Refused``."""
        if not self.free:
            raise Refused(rules.QUOTA_FULL, places=self.places)
        ahead = self.ahead_of(case_id)
        if ahead >= self.free:
            raise Refused(rules.QUOTA_OTHERS_FIRST, ahead=ahead, free=self.free)


def stream_of(programme: str, jurisdiction: str) -> str:
    return f"programme-places-{programme}-{jurisdiction}"


def prefix_of(jurisdiction: str) -> str:
    """Of the divisions that it holds in."""
    return "" if jurisdiction == NATION else jurisdiction
