"""``lika simulate`` on databases of its own: it prints what it wrote, resumes, and refuses another plan."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lika.house import BUILDS
from services.chassis.following.sources import LocalSource
from services.chassis.rebuild_service import rebuild, views_of
from services.chassis.views.worker_pool import WorkerPool
from tests.support.doctor import findings_of, not_ok, run_doctor, running_house
from tests.support.eventually import eventually

ASKED = ("--households", "25", "--from", "2014", "--to", "2015", "--seed", "4")
RUN = "import typer; from lika.simulation.cli import simulate; typer.run(simulate)"


def lika_simulate(folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LIKA_DATA_DIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-c", RUN, *asked], capture_output=True, text=True, check=False, env=environment
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lika-test-simulate-") as made:
        # The database's own account must be able to pass through; what is private inside has modes of its own.
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture(scope="module")
def written(folder: Path) -> dict[str, Any]:
    ran = lika_simulate(folder, *ASKED, "--json")
    assert ran.returncode == 0, ran.stderr[-4000:]
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


@pytest.mark.long_run
def test_its_answer_counts_what_it_wrote_by_log_and_type(written: dict[str, Any]) -> None:
    assert written["households"] >= 25
    assert written["persons"] > written["households"]
    assert set(written["logs"]) == {"registry", "assistance", "monitoring"}
    assert written["events"] == sum(written["logs"].values())
    assert all(sum(kinds.values()) == written["logs"][log] for log, kinds in written["types"].items())
    assert written["resumed_from"] == 0


@pytest.mark.long_run
def test_the_same_command_again_says_that_it_goes_on_and_what_to_do_next(folder: Path, written: dict[str, Any]) -> None:
    ran = lika_simulate(folder, *ASKED)
    assert ran.returncode == 0, ran.stderr[-4000:]
    # Beside the facts counted, four logs declare and step their clocks.
    assert f"接着写：已有 {written['events'] + 8:,} 条" in ran.stderr
    assert "lika rebuild assistance --all --yes" in ran.stderr
    assert "lika up" in ran.stderr


@pytest.mark.long_run
def test_another_plan_on_the_same_databases_is_refused_in_both_languages(folder: Path, written: dict[str, Any]) -> None:
    ran = lika_simulate(folder, *ASKED[:-1], "5")
    assert ran.returncode == 1
    assert "已有其他内容" in ran.stderr
    assert "holds something else" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.long_run
def test_years_without_a_procedure_of_identification_are_refused(folder: Path) -> None:
    assert lika_simulate(folder, "--households", "5", "--from", "2013").returncode == 2
    assert lika_simulate(folder, "--households", "5", "--from", "2016", "--to", "2015").returncode == 2


@pytest.mark.long_run
def test_the_doctor_finds_nothing_wrong_with_what_it_wrote(folder: Path, written: dict[str, Any]) -> None:
    findings = findings_of(run_doctor(folder, "--json"))
    assert not_ok(findings) == {}
    assert findings["registry.index_keys"]["code"] == "index_keys_complete"
    assert findings["registry.log_gapless"]["en"].startswith(f"{written['logs']['registry'] + 2:,} entries")


@pytest.mark.long_run
def test_the_doctor_finds_nothing_wrong_once_the_services_have_read_it(folder: Path, written: dict[str, Any]) -> None:
    """And every view is rebuilt, as the answer of the command says."""
    with running_house(folder) as (house, url):
        sources = {service.name: LocalSource(service.store) for service in house.services}
        with WorkerPool(1) as workers:
            for service in house.services:
                rebuild(service, [*views_of(service)], sources, workers, lambda *_: None, confirmed=True)
        heads = {service.name: service.store.position() for service in house.services}
        for consumer in (c for service in house.services for c in service.consumers.values()):
            eventually(lambda c=consumer: c.position >= heads[c.log], 60)  # type: ignore[misc]
        findings = findings_of(run_doctor(folder, "--json", "--url", url))
    assert not_ok(findings) == {}
    assert {findings[f"{name}.consumers"]["code"] for name in BUILDS} == {"consumers_current"}
