"""The logs of a small simulated province, computed once for all tests that read them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from uuid import UUID

from contracts.civil import SHANGHAI
from contracts.facts import Recorded
from lika.simulation.event_buffer import LOGS, REGISTRY, EventBatch
from lika.simulation.months import Month, simulated_months
from lika.simulation.plan import Plan
from lika.simulation.regulations import Regulations
from services.chassis.log.periods import Period

PLAN = Plan(households=150, first=2014, last=2022, seed=7)
ENTRY_TIMES = dict(zip(LOGS, (time(18), time(19), time(20)), strict=True))
"""On the last day of the month, the register before those who read it."""


@cache
def regulations() -> Regulations:
    return Regulations.of_this_installation()


@cache
def _batches(plan: Plan) -> Sequence[tuple[date, Sequence[EventBatch]]]:
    return [(month.recorded_on, list(month.batches)) for month in simulated_months(plan, regulations())]


def months_of(plan: Plan) -> Iterator[Month]:
    """Simulated once for all who read or write this plan: nothing in a batch is changed by whoever does."""
    for recorded_on, batches in _batches(plan):
        yield Month(recorded_on, iter(batches))


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
    for month in months_of(plan):
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
