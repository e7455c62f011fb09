"""``lika vault rewrap``: what it says, and what it refuses."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from lika.operations import vault as command
from services.chassis.ground.settings import Settings
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from services.registry.vault.rewrapping import RewrapRefused

OLD, NEW = b"1" * 32, b"2" * 32
BOTH = ",".join(f"{number}:{base64.b64encode(key).decode()}" for number, key in ((1, OLD), (2, NEW)))


@pytest.fixture
def conninfo(database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> str:
    made = database("vault")

    @contextmanager
    def databases(_: Settings) -> Iterator[Callable[[str], str]]:
        yield lambda _: made

    monkeypatch.setattr(command, "databases", databases)
    return made


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    def rewrap(*options: str) -> Result:
        environment = {"LIKA_DATA_DIR": str(tmp_path), "LIKA_KEK": BOTH, "LIKA_KEK_FILE": None, "DATABASE_URL": None}
        return CliRunner().invoke(command.app, ["rewrap", *options], env=environment)

    return rewrap


def test_it_wraps_every_key_anew_says_how_many_and_has_nothing_to_do_the_next_time(
    conninfo: str, run: Callable[..., Result]
) -> None:
    before = Vault.connect(conninfo, LocalKek({1: OLD}))
    persons = [uuid4() for _ in range(5)]
    made = before.keys_for(persons)
    before.close()
    told = run("--json")
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"kek": 2, "rewrapped": 5, "unusable": 0, "left": 0})
    assert json.loads(run("--json").stdout)["rewrapped"] == 0
    assert "0 data keys were wrapped anew under key-encryption key 2" in " ".join(run().stderr.split())
    after = Vault.connect(conninfo, LocalKek({2: NEW}))
    assert after.keys_for(persons) == made
    after.close()


def test_a_running_house_without_the_newest_key_is_named_as_the_reason_why_nothing_is_done(
    conninfo: str, run: Callable[..., Result]
) -> None:
    running = Vault.connect(conninfo, LocalKek({1: OLD}))
    running.keys_for([uuid4()])
    refused = run()
    assert isinstance(refused.exception, RewrapRefused)
    assert refused.exception.message.code == "kek_not_held_everywhere"
    running.close()
