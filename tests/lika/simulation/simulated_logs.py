"""A small province's whole life, as its logs would hold it: told once for all tests that look at it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from uuid import UUID

from contracts.civil import SHANGHAI
from contracts.facts import Recorded
from lika.simulation.event_buffer import LOGS
from lika.simulation.months import months
from lika.simulation.plan import Plan
from lika.simulation.regulations import Law

PLAN = Plan(households=150, first=2014, last=2026, seed=7)
ENTERED_AT = dict(zip(LOGS, (time(18), time(19), time(20)), strict=True))
"""On the last day of the month, the register before those who read it."""


@cache
def law() -> Law:
    return Law.of_this_installation()


@dataclass(frozen=True, eq=False)
class Story:
    """Every log's facts in order. Personal values are plain, so payloads are empty."""

    logs: Mapping[str, list[Recorded]]

    @cache  # noqa: B019 - as long as the test session
    def streams(self, log: str) -> dict[str, list[Recorded]]:
        """Stream → its facts."""
        found: defaultdict[str, list[Recorded]] = defaultdict(list)
        for recorded in self.logs[log]:
            found[recorded.stream].append(recorded)
        return dict(found)

    def entered(self, facts: list[Recorded]) -> Iterator[tuple[list[Recorded], list[Recorded]]]:
        """What was known before each month's entries, and these."""
        by_month: defaultdict[datetime, list[Recorded]] = defaultdict(list)
        for recorded in facts:
            by_month[recorded.recorded_at].append(recorded)
        before: list[Recorded] = []
        for new in by_month.values():
            yield before, new
            before = [*before, *new]


@cache
def story(plan: Plan = PLAN) -> Story:
    logs: dict[str, list[Recorded]] = {log: [] for log in LOGS}
    for month in months(plan, law()):
        for act in month.acts:
            at = datetime.combine(month.recorded_on, ENTERED_AT[act.log], SHANGHAI).astimezone(UTC)
            for number, fact in enumerate(act.facts, start=1):
                logs[act.log].append(
                    Recorded(
                        act.log, act.position + number, act.stream, act.before + number, at, UUID(int=0),
                        fact.entered_by, fact, b"",
                    )
                )  # fmt: skip
    return Story(logs)
