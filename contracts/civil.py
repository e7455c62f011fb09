"""Civil days. A day in Lika is a day in Asia/Shanghai; an instant is always UTC."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def civil_day(instant: datetime) -> date:
    """The Shanghai day in which an aware instant falls."""
    return instant.astimezone(SHANGHAI).date()


@lru_cache(maxsize=10_000)
def start_of_day(day: date) -> datetime:
    """00:00 in Shanghai of that day, as a UTC instant."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant after that day: "known on day T" means recorded before this instant."""
    return start_of_day(day + timedelta(days=1))
