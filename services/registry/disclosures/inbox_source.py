"""What of the readings of personal data is unusual, as entries of an auditor's inbox: many households, one after the other, a few
every day, for nothing that is open about them, or by night. Which figure is unusual, parameters of the place say."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from contracts.roles import Role
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.purposes import access_stream
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.web.areas import code_range
from services.registry.disclosures.domain import DayFigures, Thresholds, unusual_figures
from services.registry.disclosures.parameters import CLOSES, OPENS, number, unusual
from services.registry.disclosures.rules import OWN_READINGS
from services.registry.messages import say

MONTH = timedelta(days=30)
READ = """
SELECT account, day, area, households, on_paper, requests, by_hour,
    CASE WHEN day = max(day) OVER (PARTITION BY account) THEN month ELSE 0 END
FROM (
    SELECT *, sum(households) OVER (PARTITION BY account) AS month FROM reading_days
    WHERE area >= %(low)s AND area < %(high)s AND day > %(from)s AND NOT reviewed
) unreviewed ORDER BY day, account
"""


class UnusualReadings:
    """Implements ``InboxSource``."""

    def __init__(self, service: str, documents: Documents) -> None:
        self._service, self._documents = service, documents

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        if asked.kind not in (None, EntryKind.DUE):
            return []
        found = [entry for entry in self._all(asked) if (entry.since, entry.id) > after]
        return sorted(found, key=lambda entry: (entry.since, entry.id))[:limit]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        return {EntryKind.DUE: len(self._all(asked))}

    def _all(self, asked: Asked) -> list[InboxEntry]:
        """For auditors alone; of those parts of the caller's area in which somebody who read has an office."""
        if not asked.actor.has(Role.AUDITOR):
            return []
        low, high = code_range(asked.division)
        with self._documents.store.reading() as conn:
            rows = conn.execute(READ, {"low": low, "high": high, "from": asked.today - MONTH}).fetchall()
        lookup = self._documents.current()
        thresholds = cache(lambda place: _thresholds(lookup, asked.today, place))
        found = []
        for account, day, area, households, on_paper, requests, by_hour, month in rows:
            figures = DayFigures(
                account=account, day=day, area=area, households_per_day=households, households_per_month=month,
                households_on_paper=on_paper, requests_per_day=requests, by_hour=by_hour,
            )  # fmt: skip
            if reasons := unusual_figures(figures, thresholds(area)):
                found.append(self._entry(figures, reasons, asked))
        return found

    def _entry(self, figures: DayFigures, reasons: Mapping[str, tuple[int, int]], asked: Asked) -> InboxEntry:
        stream = access_stream(figures.account, figures.day)
        said = [_reason(name, count, limit) for name, (count, limit) in reasons.items()]
        path = f"/{self._service}/readings/{figures.day}/{figures.account}/reviews"
        return InboxEntry(
            id=stream, kind=EntryKind.DUE, since=figures.day, due_by=None, division=figures.area,
            subject=uuid5(NAMESPACE_URL, stream), household_id=None,
            why=say("unusual_readings", account=figures.account, day=figures.day, reasons=said),
            act=Act("review_readings", "POST", path),
            refused=Refused(OWN_READINGS) if figures.account == asked.actor.subject else None,
            details={"reader": figures.account, "day": figures.day, **{name: count for name, (count, _) in reasons.items()}},
        )  # fmt: skip


def _thresholds(lookup: Lookup, day: date, place: str) -> Thresholds:
    names = [name for name in Thresholds.__dataclass_fields__ if name not in ("opens", "closes")]
    return Thresholds(
        **{name: number(lookup, unusual(name), day, place) for name in names},
        opens=number(lookup, OPENS, day, place), closes=number(lookup, CLOSES, day, place),
    )  # fmt: skip


def _reason(name: str, count: int, limit: int) -> Message:
    figures: dict[str, Any] = {"count": count, "limit": limit}
    match name:
        case "households_per_day":
            return say("unusual_households_per_day", **figures)
        case "requests_per_day":
            return say("unusual_requests_per_day", **figures)
        case "households_per_month":
            return say("unusual_households_per_month", **figures)
        case "households_on_paper":
            return say("unusual_households_on_paper", **figures)
        case _:
            return say("unusual_households_outside_hours", **figures)
