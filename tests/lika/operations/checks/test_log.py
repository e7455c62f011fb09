"""A log: whole, and in order with the clock."""

import threading

import psycopg
import pytest

from lika.operations.checks import log, sampling
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.log.session import APPEND_LOCK
from tests.lika.operations.conftest import Alter, entries


def test_an_empty_log_is_sound(installation: Installation) -> None:
    assert [check(installation, "registry").state for check in (log.log_gapless, log.clock, log.closed_through)] == [
        State.OK
    ] * 3


def test_a_log_without_gaps_is_counted(installation: Installation, alter: Alter) -> None:
    alter("registry", entries(1, 1500))
    finding = log.log_gapless(installation, "registry")
    assert (finding.state, finding.en) == (State.OK, "1,500 entries, all counted, none missing")


@pytest.mark.parametrize(("parts", "missing"), [([(1, 3), (5, 9)], 1), ([(3, 9)], 2)])
def test_a_missing_position_is_broken(
    installation: Installation, alter: Alter, parts: list[tuple[int, int]], missing: int
) -> None:
    alter("registry", *(entries(first, last) for first, last in parts))
    finding = log.log_gapless(installation, "registry")
    assert finding.state is State.BROKEN
    assert finding.en.endswith(f"of 9 positions looked for, {missing} are missing")


def test_a_long_log_is_sampled_and_says_so(
    installation: Installation, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "FULL_COUNT_LIMIT", 1000)
    monkeypatch.setattr(sampling, "WINDOW_SIZE", 10)
    alter("registry", entries(1, 5000))
    finding = log.log_gapless(installation, "registry")
    assert (finding.state, finding.en.split(";")[0]) == (State.OK, "5,000 entries")
    assert "400 positions sampled" in finding.en
    installation.thorough = True
    assert log.log_gapless(installation, "registry").en == "5,000 entries, all counted, none missing"


def test_a_gap_at_the_end_of_a_long_log_is_always_seen(
    installation: Installation, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "FULL_COUNT_LIMIT", 1000)
    monkeypatch.setattr(sampling, "WINDOW_SIZE", 10)
    alter("registry", entries(1, 4995), entries(4997, 5000))
    assert log.log_gapless(installation, "registry").state is State.BROKEN


def test_one_gap_in_a_long_log_is_surely_seen_by_counting_all(
    installation: Installation, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "FULL_COUNT_LIMIT", 1000)
    alter("registry", entries(1, 2500), entries(2502, 5000))
    installation.thorough = True
    finding = log.log_gapless(installation, "registry")
    assert (finding.state, finding.en.rpartition(", ")[2]) == (State.BROKEN, "1 are missing")


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("- interval '1 hour'", State.OK),
        ("+ interval '30 seconds'", State.WARNING),
        ("+ interval '1 day'", State.BROKEN),
    ],
)
def test_a_clock_that_jumped_back_is_behind_its_log(
    installation: Installation, alter: Alter, at: str, state: State
) -> None:
    alter("registry", entries(1, 3, f"now() {at}"))
    assert log.clock(installation, "registry").state is state


def test_a_closed_instant_in_the_future_tells_the_same(installation: Installation, alter: Alter) -> None:
    alter("registry", "UPDATE closing SET closed_through = now() + interval '1 minute'")
    assert log.clock(installation, "registry").state is State.WARNING


def test_a_simulated_clock_may_stand_anywhere(running: Installation, alter: Alter) -> None:
    declared = entries(1, 1, "timestamptz '2030-01-01'").replace("HouseholdExited", "SimulatedClockDeclared")
    alter("registry", declared)
    assert "2030-01-01" in log.clock(running, "registry").en
    assert log.closed_through(running, "registry").state is State.OK


def test_a_closed_instant_that_stands_still_is_only_a_trouble_while_the_house_runs(
    installation: Installation, alter: Alter
) -> None:
    alter("registry", entries(1, 3), "UPDATE closing SET closed_through = now() - interval '20 minutes'")
    assert log.closed_through(installation, "registry").state is State.OK


def test_a_closed_instant_that_stands_still_in_a_running_house_warns(running: Installation, alter: Alter) -> None:
    alter("registry", entries(1, 3), "UPDATE closing SET closed_through = now() - interval '20 minutes'")
    finding = log.closed_through(running, "registry")
    assert (finding.state, "deadline thread" in finding.remedy_en) == (State.WARNING, True)
    alter("registry", "UPDATE closing SET closed_through = now()")
    assert log.closed_through(running, "registry").state is State.OK


def test_whoever_holds_the_append_lock_is_named(running: Installation, alter: Alter) -> None:
    alter("registry", "UPDATE closing SET closed_through = now() - interval '20 minutes'")
    assert running.conninfo is not None
    with psycopg.connect(running.conninfo("registry")) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
        finding = log.closed_through(running, "registry")
        assert f"backend {holder.info.backend_pid} " in finding.en


def test_what_moves_is_not_taken_for_standing_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "STALL_SECONDS", 0.2)
    looks = iter(range(1000))
    assert not sampling.is_stalled(lambda: next(looks))
    assert sampling.is_stalled(threading.active_count)
