"""The machine under the house."""

import re
import tomllib
from pathlib import Path

import pytest

from lika.operations.checks import machine
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.ground.settings import Settings

ROOT = Path(__file__).parents[4]


def test_this_python_and_its_libraries_are_sound(installation: Installation) -> None:
    assert machine.python(installation).state is State.OK
    assert machine.libraries(installation).state is State.OK


def test_an_old_python_is_broken(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "OLDEST_PYTHON", (99,))
    assert machine.python(installation).state is State.BROKEN


def test_every_library_that_is_required_is_imported() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert {re.split(r"[^A-Za-z0-9-]", line)[0] for line in required} == set(machine.LIBRARIES)


def test_a_library_that_cannot_be_imported_is_named(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "LIBRARIES", {**machine.LIBRARIES, "left-out": "left_out_of_the_installation"})
    finding = machine.libraries(installation)
    assert (finding.state, "left-out" in finding.en) == (State.BROKEN, True)


def test_a_data_folder_that_can_be_written_is_sound(installation: Installation) -> None:
    assert machine.data_folder(installation).state is State.OK


def test_a_missing_data_folder_is_not_made_and_says_how_to_start(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    finding = machine.data_folder(Installation(Settings(data_dir=folder)))
    assert (finding.state, "lika up" in finding.remedy_en) == (State.WARNING, True)
    assert machine.free_space(Installation(Settings(data_dir=folder))).name == "free_space"
    assert not folder.exists()


def test_a_file_in_the_place_of_the_data_folder_is_broken(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert machine.data_folder(Installation(Settings(data_dir=tmp_path / "data"))).state is State.BROKEN


@pytest.mark.parametrize(
    ("scarce", "full", "state"), [(0, 0, State.OK), (2**62, 0, State.WARNING), (2**62, 2**62, State.BROKEN)]
)
def test_little_room_warns_and_none_is_broken(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, scarce: int, full: int, state: State
) -> None:
    monkeypatch.setattr(machine, "LOW_SPACE", scarce)
    monkeypatch.setattr(machine, "NO_SPACE", full)
    assert machine.free_space(installation).state is state
