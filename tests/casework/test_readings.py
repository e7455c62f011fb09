"""A reading is recorded once, although the answer of its commit may be lost."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date

import pytest

from contracts.facts import Fact
from contracts.registry.access import DryRunMade
from services.casework.readings import record_reading
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.registry.households.dry_runs import DryRuns
from tests.chassis.lost_commit_reply import LostReplyPipeline, lose_next_commit_reply


@pytest.fixture
def store(database: Callable[[str], str]) -> Iterator[Store]:
    with closing(Store("readings", database("chassis"), SystemClock())) as opened:
        yield opened


def made(day: date) -> Fact:
    return DryRunMade(effective_on=day, entered_by="cadre-1", operation="disclose", persons=1)


def test_a_reading_whose_commit_s_answer_was_lost_stands_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lose_next_commit_reply(store, monkeypatch)
    asyncio.run(record_reading(store, "cadre-1", "GET /households/{id}", made))
    assert not LostReplyPipeline.armed
    assert store.position() == 1
    asyncio.run(record_reading(store, "cadre-1", "GET /households/{id}", made))
    assert store.position() == 2


def test_a_dry_run_whose_commit_s_answer_was_lost_is_charged_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = DryRuns(store, per_day=2)
    lose_next_commit_reply(store, monkeypatch)
    runs.record_blocking("cadre-1", "record_household", 1)
    assert not LostReplyPipeline.armed
    assert store.position() == 1
    runs.record_blocking("cadre-1", "record_household", 1)
    assert store.position() == 2
