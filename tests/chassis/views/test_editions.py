"""Editions of views: what a former release folded otherwise is known until it is rebuilt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from contracts.accounts import SYSTEM_ACTOR
from contracts.clock import SimulatedClockDeclared
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from services.chassis.log.timers import CLOCK_STREAM
from services.chassis.views.editions import adopt
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import create_view_table, enrolled, record, view
from tests.chassis.views.rebuilding import catch_up


@pytest.fixture
def at(database: Callable[[str], str]) -> str:
    return database("chassis")


@pytest.fixture
def store(open_store: OpenStore, at: str) -> Store:
    opened = open_store("sample", at)
    create_view_table(opened)
    return opened


def outdated(store: Store, *views: View[Any]) -> list[str]:
    with store.reading() as conn:
        return adopt(conn, store.name, {store.name: views})


def told(store: Store) -> None:
    record(store, enrolled(uuid4(), date(2020, 1, 1)))
    catch_up(store)


def rebuild(at: str, folded: View[Any]) -> None:
    with WorkerPool(1) as workers:
        Rebuild(at, "sample", "sample", folded, workers, lambda *_: None).run(confirmed=True)


def test_a_view_that_was_there_before_anything_was_told_is_current(store: Store) -> None:
    assert outdated(store, view()) == []
    told(store)
    assert outdated(store, view()) == []


def test_a_view_met_first_when_something_was_told_waits_for_a_rebuild(store: Store, at: str) -> None:
    told(store)
    assert outdated(store, view()) == [view().name]
    rebuild(at, view())
    assert outdated(store, view()) == []


def test_a_later_edition_waits_for_a_rebuild_by_its_own_release(store: Store, at: str) -> None:
    former, later = view(), replace(view(), edition=2)
    outdated(store, former)
    told(store)
    assert outdated(store, later) == [later.name]
    # A replica of the former release that is still there, or a rebuild by it, makes nothing of the later one's.
    assert outdated(store, former) == [later.name]
    rebuild(at, former)
    assert outdated(store, former) == [later.name]
    rebuild(at, later)
    assert outdated(store, later) == []


def test_a_clock_that_is_declared_first_is_nothing_that_was_told(store: Store) -> None:
    starts = datetime(2014, 1, 1, tzinfo=UTC)
    declared = SimulatedClockDeclared(
        effective_on=starts.date(), entered_by=SYSTEM_ACTOR, starts_at=starts, reason="sample or simulation"
    )
    store.clock = SimulatedClock(starts)
    store.transact(lambda tx: tx.append(CLOCK_STREAM, declared))
    assert outdated(store, replace(view(), appended=True)) == []


def test_rows_that_commands_write_count_what_stands_in_the_log(store: Store) -> None:
    appended = replace(view(), appended=True)
    record(store, enrolled(uuid4(), date(2020, 1, 1)))
    assert outdated(store, view()) == []
    assert outdated(store, replace(appended, name="of_commands")) == ["of_commands"]


def test_a_view_that_is_kept_no_more_waits_for_no_rebuild(store: Store) -> None:
    told(store)
    assert outdated(store, view(), replace(view(), name="given_up")) == ["given_up", view().name]
    assert outdated(store, view()) == [view().name]
    # Nobody kept it meanwhile.
    assert outdated(store, view(), replace(view(), name="given_up")) == ["given_up", view().name]
