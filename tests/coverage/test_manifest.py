"""The manifest names every mechanism, standard and rule once, owners that there are, and tests that exist, ran and passed."""

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from tests.coverage.manifest import IDS, SLICES, Row, exists, named_tests, read_manifest
from tests.coverage.outcomes import Outcomes, WholeRun, figures, formatted_figures

ROWS = read_manifest()


def test_every_mechanism_standard_and_rule_has_its_row() -> None:
    assert tuple(ROWS) == IDS


def test_every_row_is_owned_by_a_slice() -> None:
    slices = {f"{service}/{name}" for service, names in SLICES.items() for name in names}
    assert {row.slice for row in ROWS.values()} <= slices


def test_every_named_test_exists() -> None:
    assert not [test for test in named_tests(ROWS.values()) if not exists(test)]
    assert not exists("tests/coverage/test_manifest.py::test_nobody_wrote")
    assert not exists("nowhere.py::test_every_named_test_exists")


@pytest.mark.parametrize(
    "row",
    [
        {"tests": "planned", "shown": "already in some way"},
        {"tests": ["a.py::test_b"]},
        {"tests": "soon"},
        {"tests": "planned", "owner": "somebody"},
    ],
)
def test_a_row_is_planned_or_says_how_it_is_shown(row: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"zh": "机制", "en": "mechanism", "slice": "registry/cases", **row}, Row)


@dataclass
class Report:
    """As pytest reports a phase of a test."""

    nodeid: str
    when: str = "call"
    passed: bool = True


def outcomes(*reports: Report) -> Outcomes:
    found = Outcomes()
    for report in reports:
        found.pytest_runtest_logreport(report)  # type: ignore[arg-type]
    return found


SHOWN = "a.py::test_a"
ROW = Row(zh="机制", en="mechanism", slice="registry/cases", shown="as a case with its steps", tests=(SHOWN,))


@pytest.mark.parametrize(
    ("reports", "works"),
    [
        ([Report(SHOWN, "setup"), Report(SHOWN), Report(SHOWN, "teardown")], True),
        ([Report(f"{SHOWN}[one]"), Report(f"{SHOWN}[two]")], True),
        ([Report(f"{SHOWN}[one]"), Report(f"{SHOWN}[two]", passed=False)], False),
        ([Report(f"{SHOWN}[one]", passed=False), Report(f"{SHOWN}[two]")], False),
        ([Report(SHOWN, "setup", passed=False)], False),  # skipped, or its fixture failed
        ([Report(SHOWN), Report(SHOWN, "teardown", passed=False)], False),
        ([Report(SHOWN, "setup")], False),
        ([], False),
    ],
)
def test_a_row_works_when_all_its_tests_ran_and_passed(reports: list[Report], works: bool) -> None:
    found = figures(
        {"M001": ROW, "M002": msgspec.structs.replace(ROW, shown=None, tests="planned")}, outcomes(*reports)
    )
    assert found == {"M": (int(works), 2)}
    assert formatted_figures(found) == f"M {int(works)}/2"


@dataclass
class Session:
    """As pytest ends one."""

    exitstatus: int = pytest.ExitCode.OK


def test_a_whole_run_without_a_named_test_fails() -> None:
    whole, first, second = WholeRun(), Session(), Session()
    whole.pytest_sessionfinish(first)  # type: ignore[arg-type]
    for test in named_tests(ROWS.values()):
        whole.pytest_runtest_logreport(Report(test))  # type: ignore[arg-type]
    whole.pytest_sessionfinish(second)  # type: ignore[arg-type]
    assert (first.exitstatus, second.exitstatus) == (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.OK)
