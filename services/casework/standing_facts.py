"""The facts of one stream that stand, for whoever wants to know what an answer rests on, or to annul one of them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from contracts.facts import Recorded


class StandingFactAnswer(BaseModel):
    """A fact that stands: since when it is true, and when it was learned."""

    id: str
    type: str
    effective_on: date
    recorded_at: datetime
    entered_by: str

    @classmethod
    def of_all(cls, facts: Iterable[Recorded]) -> list[Self]:
        """In their order."""
        return [
            cls(
                id=r.id,
                type=r.fact.type_name,
                effective_on=r.fact.effective_on,
                recorded_at=r.recorded_at,
                entered_by=r.fact.entered_by,
            )
            for r in facts
        ]
