"""How many searches a person has on one day, under whatever accounts: those by digest, and those that open a village's values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from contracts.civil import civil_day, end_of_day
from contracts.facts import Recorded
from contracts.registry.searches import RegisterSearched
from services.chassis.ground.refusals import Refused
from services.chassis.ground.settings import Settings
from services.registry.searches.domain import BY_DIGEST, TOO_MANY_SEARCHES, Search


def stream_of(account: str, day: date) -> str:
    return f"searches-{day.isoformat()}-{account}"


@dataclass(frozen=True, slots=True)
class SearchQuota:
    """Of one day. ``comparing``: of the searches that open values."""

    by_digest: int
    comparing: int

    @classmethod
    def of(cls, settings: Settings) -> "SearchQuota":
        return cls(settings.searches_per_day, settings.village_searches_per_day)

    def require(self, search: Search, today: Iterable[Recorded], now: datetime) -> None:
        """``today``: what the streams of the day hold. Raises ``Refused`` with the seconds until the next day."""
        before = sum(
            (r.fact.kind in BY_DIGEST) == search.by_digest for r in today if isinstance(r.fact, RegisterSearched)
        )
        limit = self.by_digest if search.by_digest else self.comparing
        if before >= limit:
            left = end_of_day(civil_day(now)) - now
            raise Refused(TOO_MANY_SEARCHES, limit=limit, seconds=ceil(left.total_seconds()))
