"""``lika doctor`` on the embedded house in a folder, which runs or does not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer
from typer.testing import CliRunner, Result

from lika.databases import databases
from lika.house import House, build
from lika.http_server import Server
from lika.operations.checks import machine
from lika.operations.doctor import doctor
from services.chassis.ground.settings import Settings
from tests.support.running import look_rarely

Findings = dict[str, dict[str, Any]]

app = typer.Typer()
app.command()(doctor)


@contextmanager
def running_house(folder: Path) -> Iterator[tuple[House, str]]:
    """The house of a folder and its address, made where there is none yet."""
    settings = Settings(data_dir=folder, database_url=None)
    with databases(settings) as conninfo:
        house = build(settings, conninfo, None)
        look_rarely(house.services)
        with Server(house, "127.0.0.1", 0) as url:
            yield house, url


def run_doctor(folder: Path, *options: str, **environment: str) -> Result:
    """Unless told otherwise it looks for a running house on a port that nobody listens on, whatever else this machine
    runs. How much room this machine has is no matter of the house."""
    variables: dict[str, str | None] = {
        "LIKA_DATA_DIR": str(folder),
        "LIKA_PORT": "1",
        "LIKA_URL": None,
        "DATABASE_URL": None,
        "KAFKA_BOOTSTRAP_SERVERS": None,
        "COLUMNS": "160",
    }
    with patch.object(machine, "LOW_SPACE", 0), patch.object(machine, "NO_SPACE", 0):
        return CliRunner().invoke(app, list(options), env={**variables, **environment}, catch_exceptions=False)


def findings_of(result: Result) -> Findings:
    """What ``lika doctor --json`` found, by name."""
    return {finding["name"]: finding for finding in json.loads(result.stdout)}


def not_ok(findings: Findings) -> dict[str, str]:
    """Warnings and failures, by name."""
    return {name: finding["state"] for name, finding in findings.items() if finding["state"] != "ok"}
