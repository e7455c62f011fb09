"""Consumers of a house that runs, and of one at rest."""

import threading
from uuid import uuid4

import pytest

from lika.operations.checks import consumers, sampling
from lika.operations.finding import State
from lika.operations.installation import Installation
from tests.lika.operations.conftest import Alter, entries


@pytest.fixture(autouse=True)
def short_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "STALL_SECONDS", 0.3)


def at(consumer: str, log: str, position: int) -> str:
    return (
        f"INSERT INTO cursors VALUES ('{consumer}', '{log}', {position})"
        f" ON CONFLICT (consumer, log) DO UPDATE SET position = {position}"
    )


def copied(log: str, first: int, last: int) -> str:
    return (
        "INSERT INTO copies (log, notification_id, originator_id, originator_version, topic, state, recorded_at,"
        f" command_id, actor) SELECT '{log}', n, 's', n, 'HouseholdExited/1', '{{}}', now(), gen_random_uuid(), 'cadre-1'"
        f" FROM generate_series({first}, {last}) AS n"
    )


def test_consumers_at_the_end_of_their_logs_are_sound(installation: Installation, alter: Alter) -> None:
    alter("registry", entries(1, 5), at("registry", "registry", 5))
    alter("assistance", at("assistance", "registry", 5))
    assert [consumers.consumers(installation, n).state for n in ("registry", "assistance")] == [State.OK] * 2


def test_a_house_at_rest_may_be_behind(installation: Installation, alter: Alter) -> None:
    alter("registry", entries(1, 5))
    finding = consumers.consumers(installation, "registry")
    assert (finding.state, finding.en) == (State.OK, "5 behind registry (not running; goes on when started)")


def test_a_consumer_that_stands_still_while_the_house_runs_is_broken(running: Installation, alter: Alter) -> None:
    alter("registry", entries(1, 5))
    alter("audit", at("audit", "registry", 2))
    finding = consumers.consumers(running, "audit")
    assert finding.state is State.BROKEN
    assert finding.en == "3 behind registry; stopped before entry 3 of registry (HouseholdExited/1)"


def test_a_consumer_that_moves_is_catching_up(
    running: Installation, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "STALL_SECONDS", 15.0)
    alter("registry", entries(1, 5))
    alter("audit", at("audit", "registry", 0))
    done = threading.Event()

    def consume() -> None:
        position = 0
        while not done.wait(0.01):
            position = (position + 1) % 5
            alter("audit", at("audit", "registry", position))

    consuming = threading.Thread(target=consume)
    consuming.start()
    try:
        assert consumers.consumers(running, "audit").en.endswith("catching up")
    finally:
        done.set()
        consuming.join()


def test_a_cursor_beyond_its_log_tells_of_an_older_backup(installation: Installation, alter: Alter) -> None:
    alter("registry", entries(1, 5))
    alter("monitoring", at("monitoring", "registry", 6))
    finding = consumers.consumers(installation, "monitoring")
    assert finding.state is State.BROKEN
    assert finding.en == "has read registry up to 6, but that log ends at 5"


def test_no_parked_household_is_sound(installation: Installation) -> None:
    assert consumers.parked(installation, "assistance").state is State.OK


def test_parked_households_are_counted_and_not_named(installation: Installation, alter: Alter) -> None:
    one, other = uuid4(), uuid4()
    for position, (subject, error) in enumerate(
        [(one, "KeyError"), (one, "behind a parked entry"), (other, "ValueError")], start=7
    ):
        alter(
            "assistance",
            f"INSERT INTO parked VALUES ('assistance', 'registry', {position}, '{subject}', '{error}', now())",
        )
    finding = consumers.parked(installation, "assistance")
    assert finding.state is State.WARNING
    assert finding.en.endswith("registry: 2 households, 3 entries from 7 (KeyError, ValueError)")
    assert str(one) not in str(finding)
    assert "lika parked release assistance" in finding.remedy_en


def test_a_whole_copy_is_sound(installation: Installation, alter: Alter) -> None:
    alter("audit", at("audit", "registry", 5), copied("registry", 1, 5), copied("assistance", 1, 3))
    finding = consumers.copies(installation, "audit")
    assert (finding.state, finding.en) == (State.OK, "the copies are whole (5 looked for)")


def test_a_copy_with_a_gap_is_broken(installation: Installation, alter: Alter) -> None:
    alter("audit", at("audit", "registry", 5), copied("registry", 1, 2), copied("registry", 4, 6))
    finding = consumers.copies(installation, "audit")
    assert finding.state is State.BROKEN
    assert finding.en.endswith("of 5 positions looked for, 1 are missing")
