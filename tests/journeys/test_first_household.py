"""What the README shows a newcomer works as it stands there, from an empty house to the first visit of the first household; and
a house that a script put in the background stops when it is asked to."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
SECTION = "### The first household, by hand"
LIKA = f"{sys.executable} -m lika.cli"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, for sockets; whoever the database runs as must be able to pass through."""
    made = Path(tempfile.mkdtemp(prefix="lika-first-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def commands_of_the_readme() -> str:
    section = README.read_text(encoding="utf-8").partition(SECTION)[2].partition("\nAnother county")[0]
    return "\n".join(re.findall(r"^    (.*)$", section, re.MULTILINE))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_first_household_is_recorded_by_hand_as_the_readme_shows(folder: Path) -> None:
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    up, _, commands = commands_of_the_readme().replace(".venv/bin/lika", LIKA).replace("8001", port).partition("\n")
    assert f"{LIKA} up" in up
    assert commands.count(LIKA) == 20
    script = f"""
set -euo pipefail
{up} > up.log 2>&1 &
HOUSE=$!
trap 'kill -9 $HOUSE 2> /dev/null || true' EXIT
curl -sf --retry 120 --retry-delay 1 --retry-all-errors {url}/registry/health/ready > /dev/null
{commands}
{LIKA} doctor --url {url} --json > doctor.json || cat doctor.json
kill -INT $HOUSE
wait $HOUSE
"""
    environment = {
        **os.environ, "XDG_CONFIG_HOME": str(folder / "config"), "PYTHONPATH": str(README.parent), "COLUMNS": "160",
        "LIKA_OPERATIONS_PORT": "0",
    }  # fmt: skip
    for name in ("DATABASE_URL", "LIKA_DATA_DIR", "LIKA_URL", "LIKA_TOKEN", "KAFKA_BOOTSTRAP_SERVERS"):
        environment.pop(name, None)
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{(folder / 'up.log').read_text()}"
    said_by_it = (folder / "up.log").read_text()
    assert "[warning" not in said_by_it, said_by_it  # above all not that the database went before the services
    for said in (
        "已登记 990001101301 新村",
        "户编号 X990001101301001",
        "候选 / candidate",
        "下一步：入户核查 visits（村 经办干部）",
        "下一步：村民代表会议民主评议 appraisals（村 经办干部）",
        "下一步：核对证件原件并上传 visits（村 经办干部）",
        '"type": "MoveProposed"',
        "民主评议 AppraisalHeld",
        "农户采集 HouseholdRecorded",
        "入户核实 VisitMade",
    ):
        assert said in done.stdout, f"{said}\n{done.stdout}"
    findings = json.loads((folder / "doctor.json").read_text())
    parts = {each["name"]: each["state"] for each in findings if "." in each["name"]}  # without what the machine has
    assert {name: state for name, state in parts.items() if state != "ok"} == {}
    assert "registry.index_keys" in parts
