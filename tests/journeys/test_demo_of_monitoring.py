"""``lika demo --monitoring``: what the sample's officials do in 2023, on a copy of what they did until 2018."""

import json
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from services.audit.printing import statement_table
from services.audit.statements.domain import StockOf
from services.chassis.security.tokens import SIGNING_KEY
from tests.support.eventually import eventually
from tests.support.sample import ToldSample, start_house


@pytest.fixture(scope="module")
def year(told: ToldSample) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="lika-demo-") as made:
        Path(made).chmod(0o711)  # the database's own account passes through
        folder = Path(made) / "data"
        told.copy_to(folder)
        url, _, house = start_house(folder, Path(made) / "house.log")
        try:
            command = [sys.executable, "-m", "lika.demo", "monitoring", url, str(folder / "keys" / SIGNING_KEY)]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
        finally:
            house.terminate()
            eventually(lambda: house.poll() is not None, within=60)
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer


def figures(row: dict[str, Any], *columns: str) -> list[tuple[int, int]]:
    return [(row[column]["households"], row[column]["persons"]) for column in columns]


def test_one_is_monitored_from_the_decision_on_until_its_risk_is_eliminated(year: dict[str, Any]) -> None:
    rows = [statement["rows"][0] for statement in year["statements"]]
    assert [figures(row, "started", "eliminated", "closing") for row in rows] == [
        [(0, 0), (0, 0), (0, 0)],
        [(1, 3), (0, 0), (1, 3)],
        [(1, 3), (1, 3), (0, 0)],
    ]
    assert all(figures(row, "difference") == [(0, 0)] for row in rows)


def test_its_status_of_poverty_is_what_it_was(year: dict[str, Any]) -> None:
    assert (year["household"]["status"], year["household"]["monitoring"]["status"]) == ("exited", "eliminated")


def test_a_road_is_built_from_the_vote_to_its_published_evaluation_with_one_inspection_that_failed(
    year: dict[str, Any],
) -> None:
    road = year["road"]
    assert road["stages"] == {
        "2023-10-09": "draft", "2023-10-25": "listed", "2023-11-01": "chartered", "2024-03-20": "evaluated",
        "2024-03-28": "closed",
    }  # fmt: skip
    assert [(each["hidden"], each["passed"]) for each in road["inspections"]] == [(True, False), (False, True)]
    assert (road["published"]["until"], road["evaluations"]) == ("2024-03-27", ["final"])
    fund = road["fund"]
    assert (fund["promised"], fund["spent"], fund["retained"], fund["available"]) == ("900000", "855000", "45000", "0")
    assert fund["debits"] == fund["credits"]


def test_the_statement_of_the_monitored_is_printed_with_its_own_lines(year: dict[str, Any]) -> None:
    console = Console(width=120, file=StringIO())
    console.print(statement_table(year["statements"][1], StockOf.MONITORING))
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    lines = {cells[1].strip(): cells[2].strip() for line in printed.splitlines() if len(cells := line.split("│")) > 2}
    assert lines["＋新纳入监测 taken in"] == "1 / 3"
    assert lines["－风险消除 risk eliminated"] == lines["－注销 household ended"] == "0 / 0"
