"""From a former release to a later one under load: replica after replica is replaced, every command is acknowledged once, no
error stays that a retry does not answer, and what the former release cannot read is written only when it is gone."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import next_release
from tests.faults.conftest import ReportFigures, declare_village
from tests.faults.lika_invariants import check_lika
from tests.faults.lika_process import PRESENT, Release
from tests.faults.replicas import Replicas, replicas
from tests.faults.retrying_clients import Workload

PIN = Path(__file__).parent / "former_release.txt"
"""The commit of the former release."""
CLIENTS = 12
COMMANDS_PER_SECOND = 100
SECONDS = 10.0
"""For which each stage of the upgrade is under load, at least."""
NEXT = Release(PRESENT.tree, PRESENT.python, next_release.__name__)

NOTED = "SELECT count(*) FROM log WHERE topic = 'TestTargetNoted/1'"


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The source tree of the pinned commit, with an environment of its own where that differs from the present one."""
    commit, tree = PIN.read_text().strip(), tmp_path_factory.mktemp("former") / "tree"
    if _git("cat-file", "-e", f"{commit}^{{commit}}").returncode != 0:
        pytest.fail(
            f"the history of this source tree does not hold {commit}, the former release that {PIN.name} names:"
            " fetch it (git fetch --unshallow), or run this test in a clone with the whole history"
        )
    _git("worktree", "add", "--detach", str(tree), commit).check_returncode()
    try:
        tree.chmod(0o755)
        python = PRESENT.python
        if (tree / "requirements.lock").read_bytes() != (PRESENT.tree / "requirements.lock").read_bytes():
            subprocess.run(["make", "-C", str(tree), "setup", f"PYTHON={python}"], check=True)
            python = str(tree / ".venv" / "bin" / "python")
        yield Release(tree, python)
    finally:
        _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["git", "-C", str(PRESENT.tree), *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def house(former: Release) -> Iterator[Replicas]:
    with replicas() as started:
        first = started.add(former)
        first.start()
        declare_village(first)
        started.add(former).start()
        yield started


def test_replicas_are_replaced_one_after_the_other_under_load(
    house: Replicas, former: Release, report: ReportFigures
) -> None:
    one, other = house.replicas
    with Workload(house, cadres=CLIENTS) as workload:
        began = time.monotonic()
        _under_load(workload)
        # The first of the later release migrates the databases, while the former one serves. A kill is no goodbye:
        # the former replica counts as living for some seconds more.
        one.kill()
        one.release = NEXT
        one.start()
        _under_load(workload)
        assert _noted(house) == 0, "a replica of the former release is left that cannot read it"
        other.terminate()
        other.release = NEXT
        other.start()
        _under_load(workload)
        seconds = time.monotonic() - began
    assert workload.unseen() == []
    assert workload.unavailable()["upgrade_under_way"] > 0, "nothing had to wait"
    assert workload.unavailable().keys() <= {
        "upgrade_under_way", "position_not_reached", "unavailable", "database_unavailable",
    }  # fmt: skip
    set_while_former = len(workload.planner.acknowledged) - _noted(house)
    assert set_while_former > 0, "the former release set none"
    assert _noted(house) > 0, "the later release recorded nothing of its own"
    too_late = house.add(former)
    assert too_late.refuses_to_start()
    assert "TestTargetNoted/1" in too_late.log()
    house.replicas.remove(too_late)
    rate = workload.acknowledged() / seconds
    report({**check_lika(house, workload), "commands a second": round(rate), "new facts": _noted(house)})
    assert rate >= COMMANDS_PER_SECOND, "too little load to show anything: run it on a machine that does nothing else"


def _under_load(workload: Workload) -> None:
    """Until the load has lasted for a while, and the planner was answered, too."""
    ends, targets = time.monotonic() + SECONDS, len(workload.planner.acknowledged)
    workload.wait_for(lambda: time.monotonic() > ends and len(workload.planner.acknowledged) > targets)


def _noted(house: Replicas) -> int:
    count: int = house.query("monitoring", NOTED)[0][0]
    return count
