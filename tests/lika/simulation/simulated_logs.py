"""The logs of a small simulated province, computed once for all tests that read them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from uuid import UUID

from contracts.civil import SHANGHAI
from contracts.facts import Recorded
from lika.simulation.event_buffer import LOGS, REGISTRY
from lika.simulation.months import simulated_months
from lika.simulation.plan import Plan
from lika.simulation.regulations import Regulations
from services.chassis.log.periods import Period

PLAN = Plan(households=150, first=2014, last=2026, seed=7)
ENTRY_TIMES = dict(zip(LOGS, (time(18), time(19), time(20)), strict=True))
"""On the last day of the month, the register before those who read it."""


@cache
def regulations() -> Regulations:
    return Regulations.of_this_installation()


@dataclass(frozen=True, eq=False)
class SimulatedLogs:
    """Every log's facts in order. Personal values are plain, so payloads are empty. ``memberships``: (person, household)
    → periods, as they are written in the end."""

    logs: Mapping[str, list[Recorded]]
    memberships: Mapping[tuple[UUID, UUID], tuple[Period, ...]]

    @cache  # noqa: B019 - as long as the test session
    def streams(self, log: str) -> dict[str, list[Recorded]]:
        """Stream → its facts."""
        streams: defaultdict[str, list[Recorded]] = defaultdict(list)
        for recorded in self.logs[log]:
            streams[recorded.stream].append(recorded)
        return dict(streams)

    def monthly_entries(self, facts: list[Recorded]) -> Iterator[tuple[list[Recorded], list[Recorded]]]:
        """Of each month, the facts entered before it and those entered in it."""
        by_month: defaultdict[datetime, list[Recorded]] = defaultdict(list)
        for recorded in facts:
            by_month[recorded.recorded_at].append(recorded)
        before: list[Recorded] = []
        for new in by_month.values():
            yield before, new
            before = [*before, *new]


@cache
def simulated_logs(plan: Plan = PLAN) -> SimulatedLogs:
    logs: dict[str, list[Recorded]] = {log: [] for log in LOGS}
    memberships: dict[tuple[UUID, UUID], tuple[Period, ...]] = {}
    for month in simulated_months(plan, regulations()):
        for batch in month.batches:
            at = datetime.combine(month.recorded_on, ENTRY_TIMES[batch.log], SHANGHAI).astimezone(UTC)
            if batch.log == REGISTRY:
                memberships.update({(change.subject, change.holder): change.periods for change in batch.memberships})
            for number, fact in enumerate(batch.facts, start=1):
                logs[batch.log].append(
                    Recorded(
                        batch.log, batch.head + number, batch.stream, batch.expected_version + number, at, batch.act,
                        fact.entered_by, fact, b"",
                    )
                )  # fmt: skip
    return SimulatedLogs(logs, memberships)
