"""The two days that a question has, as parameters."""

from datetime import date, datetime
from typing import Annotated

import anyio
from fastapi import Query

from contracts.civil import civil_day, end_of_day
from services.chassis.log.store import Store
from services.chassis.web.payloads import Day

AsOf = Annotated[Day | None, Query(description="截至该日，缺省为今天 / through that day, today by default")]
KnownAt = Annotated[
    Day | None, Query(description="按该日所知，缺省为现在 / as it was known at the end of that day, now by default")
]


def answered_days(as_of: date | None, known_at: date | None, now: datetime) -> tuple[date, datetime]:
    """The day asked about, and the instant before which something must have been recorded: nothing is known later than today, to
    whose end what was just recorded counts."""
    today = civil_day(now)
    return as_of or today, end_of_day(min(known_at or today, today))


async def days_asked(store: Store, as_of: date | None, known_at: date | None) -> tuple[date, datetime]:
    """``answered_days`` of a question put to a service now."""
    return answered_days(as_of, known_at, await anyio.to_thread.run_sync(store.now))


def recorded_before(known_at: date | None) -> datetime | None:
    """The instant before which something must have been recorded to count; ``None``: whatever is recorded now counts."""
    return None if known_at is None else end_of_day(known_at)
