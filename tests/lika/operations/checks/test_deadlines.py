"""Deadlines that are due."""

import threading

import pytest

from lika.operations.checks import sampling
from lika.operations.checks.deadlines import deadlines
from lika.operations.finding import State
from lika.operations.installation import Installation
from tests.lika.operations.conftest import Alter, entries


@pytest.fixture(autouse=True)
def short_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "STALL_SECONDS", 0.3)


def due(at: str) -> str:
    return f"INSERT INTO timers VALUES (gen_random_uuid(), 'notice_ends', 'case-1', {at}, 'registry/case-1/1')"


def test_deadlines_to_come_are_sound(running: Installation, alter: Alter) -> None:
    alter("registry", due("now() + interval '1 hour'"))
    assert deadlines(running, "registry").state is State.OK


def test_deadlines_wait_for_a_house_at_rest(installation: Installation, alter: Alter) -> None:
    alter("registry", due("timestamptz '2014-07-01'"))
    finding = deadlines(installation, "registry")
    assert (finding.state, "1 of notice_ends, the first of 2014-07-01" in finding.en) == (State.OK, True)


def test_a_deadline_that_a_running_house_does_not_fire_warns(running: Installation, alter: Alter) -> None:
    alter("registry", due("timestamptz '2014-07-01'"), due("timestamptz '2014-08-01'"))
    finding = deadlines(running, "registry")
    assert finding.state is State.WARNING
    assert finding.en == "overdue and not fired: 2 of notice_ends, the first of 2014-07-01"
    assert "case-1" not in str(finding)


def test_deadlines_that_are_firing_are_sound(
    running: Installation, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "STALL_SECONDS", 15.0)
    alter("registry", *(due("timestamptz '2014-07-01'") for _ in range(3)))
    firing = threading.Timer(0.2, alter, ("registry", "UPDATE timers SET done_at = now()"))
    firing.start()
    try:
        assert deadlines(running, "registry").en.startswith("firing: 3 of notice_ends")
    finally:
        firing.join()


def test_a_simulated_log_has_its_own_day(running: Installation, alter: Alter) -> None:
    declared = entries(1, 1, "timestamptz '2014-06-01'").replace("HouseholdExited", "SimulatedClockDeclared")
    alter("registry", declared, due("timestamptz '2014-07-01'"))
    assert deadlines(running, "registry").en == "no deadline is overdue"
