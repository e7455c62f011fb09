"""The table of what each account read on each day."""

from collections.abc import Iterable, Sequence
from datetime import date

from contracts.facts import Recorded
from contracts.registry.access import PersonalDataRead, ReadingsReviewed
from services.casework.purposes import ACCESS
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.disclosures.domain import day_of

READING_DAYS = Table(
    "reading_days",
    "stream",
    ("stream", "account", "day", "area", "requests", "households", "on_paper", "by_hour", "reviewed"),
)
TYPES = frozenset({PersonalDataRead.type_name, ReadingsReviewed.type_name})
DAY_DIGITS = 10


def readings_view() -> View[str]:
    """Keeps ``reading_days``."""
    return view_of_streams("reading_days", (READING_DAYS,), TYPES, ACCESS, str, _rows)


def _rows(stream: str, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    found = day_of(facts)
    if not found.requests:
        return ([],)
    row = (
        stream, found.account, date.fromisoformat(stream[:DAY_DIGITS]), found.area, found.requests,
        len(found.households), len(found.on_paper), found.by_hour, found.reviewed,
    )  # fmt: skip
    return ([row],)
