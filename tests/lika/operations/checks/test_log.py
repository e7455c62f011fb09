"""A log: whole, and in order with the clock."""

import threading

import psycopg
import pytest

from lika.operations.checks import log
from lika.operations.checks import sampling as looking
from lika.operations.finding import State
from lika.operations.installation import Premises
from services.chassis.log.session import APPEND_LOCK
from tests.lika.operations.conftest import Alter, entries


def test_an_empty_log_is_sound(house: Premises) -> None:
    assert [check(house, "registry").state for check in (log.gapless, log.clock, log.closed)] == [State.OK] * 3


def test_a_log_without_gaps_is_counted(house: Premises, alter: Alter) -> None:
    alter("registry", entries(1, 1500))
    finding = log.gapless(house, "registry")
    assert (finding.state, finding.en) == (State.OK, "1,500 entries, all counted, none missing")


@pytest.mark.parametrize(("parts", "missing"), [([(1, 3), (5, 9)], 1), ([(3, 9)], 2)])
def test_a_missing_position_is_broken(
    house: Premises, alter: Alter, parts: list[tuple[int, int]], missing: int
) -> None:
    alter("registry", *(entries(first, last) for first, last in parts))
    finding = log.gapless(house, "registry")
    assert finding.state is State.BROKEN
    assert finding.en.endswith(f"of 9 positions looked for, {missing} are missing")


def test_a_long_log_is_sampled_and_says_so(house: Premises, alter: Alter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "COUNTED_WHOLE", 1000)
    monkeypatch.setattr(looking, "WINDOW", 10)
    alter("registry", entries(1, 5000))
    finding = log.gapless(house, "registry")
    assert (finding.state, finding.en.split(";")[0]) == (State.OK, "5,000 entries")
    assert "400 positions sampled" in finding.en
    house.thorough = True
    assert log.gapless(house, "registry").en == "5,000 entries, all counted, none missing"


def test_a_gap_at_the_end_of_a_long_log_is_always_seen(
    house: Premises, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "COUNTED_WHOLE", 1000)
    monkeypatch.setattr(looking, "WINDOW", 10)
    alter("registry", entries(1, 4995), entries(4997, 5000))
    assert log.gapless(house, "registry").state is State.BROKEN


def test_one_gap_in_a_long_log_is_surely_seen_by_counting_all(
    house: Premises, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "COUNTED_WHOLE", 1000)
    alter("registry", entries(1, 2500), entries(2502, 5000))
    house.thorough = True
    finding = log.gapless(house, "registry")
    assert (finding.state, finding.en.rpartition(", ")[2]) == (State.BROKEN, "1 are missing")


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("- interval '1 hour'", State.OK),
        ("+ interval '30 seconds'", State.WARNING),
        ("+ interval '1 day'", State.BROKEN),
    ],
)
def test_a_clock_that_jumped_back_is_behind_its_log(house: Premises, alter: Alter, at: str, state: State) -> None:
    alter("registry", entries(1, 3, f"now() {at}"))
    assert log.clock(house, "registry").state is state


def test_a_closed_instant_in_the_future_tells_the_same(house: Premises, alter: Alter) -> None:
    alter("registry", "UPDATE closing SET closed_through = now() + interval '1 minute'")
    assert log.clock(house, "registry").state is State.WARNING


def test_a_simulated_clock_may_stand_anywhere(running: Premises, alter: Alter) -> None:
    declared = entries(1, 1, "timestamptz '2030-01-01'").replace("HouseholdExited", "SimulatedClockDeclared")
    alter("registry", declared)
    assert "2030-01-01" in log.clock(running, "registry").en
    assert log.closed(running, "registry").state is State.OK


def test_a_closed_instant_that_stands_still_is_only_a_trouble_while_the_house_runs(
    house: Premises, alter: Alter
) -> None:
    alter("registry", entries(1, 3), "UPDATE closing SET closed_through = now() - interval '20 minutes'")
    assert log.closed(house, "registry").state is State.OK


def test_a_closed_instant_that_stands_still_in_a_running_house_warns(running: Premises, alter: Alter) -> None:
    alter("registry", entries(1, 3), "UPDATE closing SET closed_through = now() - interval '20 minutes'")
    finding = log.closed(running, "registry")
    assert (finding.state, "deadline thread" in finding.remedy_en) == (State.WARNING, True)
    alter("registry", "UPDATE closing SET closed_through = now()")
    assert log.closed(running, "registry").state is State.OK


def test_whoever_holds_the_append_lock_is_named(running: Premises, alter: Alter) -> None:
    alter("registry", "UPDATE closing SET closed_through = now() - interval '20 minutes'")
    assert running.conninfo is not None
    with psycopg.connect(running.conninfo("registry")) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
        finding = log.closed(running, "registry")
        assert f"backend {holder.info.backend_pid} " in finding.en


def test_what_moves_is_not_taken_for_standing_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.2)
    looks = iter(range(1000))
    assert not looking.stands_still(lambda: next(looks))
    assert looking.stands_still(threading.active_count)
